// What there is little room for: nothing that is needed is cut, covered, or told apart by its place alone.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, narrow, openView, withMock, withMockAndConsumer, withPage } from './stage.mjs';

after(closeBrowser);

const expects = ['status of 4'];

const overlap = (one, other) => one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

test('the time of the next attempt is whole at any width, and what is cut is told in full', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(`${new URL(consumer.url).origin}/elsewhere`, ['invoice.updated']);
    await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated' });
    for (const seconds of [60, 1]) await mock.post('/v1/clock/advance', { seconds });
    for (const width of [400, 1000, 1280, 1600]) {
      await withPage(mock.url, async (page) => {
        for (const view of ['Overview', 'Deliveries']) {
          await openView(page, view);
          const result = page.locator('.delivery-row .cell-result:has([data-due])');
          await result.getByText('again in 59 min').waitFor();
          const isWhole = await result.evaluate((cell) => cell.querySelector('[data-due]').getBoundingClientRect().right <= cell.getBoundingClientRect().right);
          assert.ok(isWhole, `${view} at ${width}`);
          const title = await result.locator('[title^="wrong"]').getAttribute('title');
          assert.match(title, /^wrong status \(404\), again at \d\d:\d\d:\d\d UTC$/);
        }
      }, { viewport: { width, height: 900 } });
    }
  }),
);

test('at 400 pixels every view is in sight, and a run has the whole line for its URL and its time', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { hook } = await mock.register(consumer.url, ['invoice.updated'], 'The Grand Theatre of a City');
    const run = await mock.post(`/v1/webhooks/${hook}/conformance`, { only: ['D3'], seed: 7 });
    while ((await mock.get(`/v1/conformance/${run.id}`)).state === 'running') await new Promise((done) => setTimeout(done, 50));
    await withPage(mock.url, async (page) => {
      await openView(page, 'Conformance');
      for (const link of await page.locator('#views a').all()) {
        const { x, width } = await link.boundingBox();
        assert.ok(x >= 0 && x + width <= narrow.width, await link.textContent());
      }
      const row = page.locator('.run-row');
      const time = row.getByText('UTC,');
      await time.waitFor();
      assert.ok((await time.boundingBox()).height < 30);
      assert.ok((await row.locator('.mono').boundingBox()).width > 200);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    }, { viewport: narrow });
  }),
);

test('a flag is one word, and a real clock says what --clock virtual would do', { timeout: 240_000 }, () =>
  withMock([], async (mock) => {
    await withPage(mock.url, async (page) => {
      const mode = page.locator('.clock-mode');
      await mode.getByText('If you start the mock with --clock virtual, it can be moved from here.').waitFor();
      await openView(page, 'Operator desk');
      const flags = page.locator('main code').getByText('--allow-local');
      assert.equal(await flags.first().evaluate((one) => getComputedStyle(one).whiteSpace), 'nowrap');
      assert.equal(await mode.locator('code').textContent(), '--clock');
    });
  }),
);

test('the buttons of a URL name its webhook', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual'], async (mock) => {
    for (const name of ['Opera', 'Ballet']) await mock.register(`https://${name}.example/hook`, ['offer.created'], name);
    await withPage(mock.url, async (page) => {
      for (const view of ['Overview', 'Operator desk']) {
        await openView(page, view);
        for (const verb of ['Show', 'Copy']) await page.getByRole('button', { name: `${verb} the URL of https://ballet.example/***, Ballet`, exact: true }).waitFor();
      }
    });
  }),
);

test('a message covers nothing of a view, and is dismissed', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual'], async (mock) => {
    await withPage(mock.url, async (page) => {
      await page.getByRole('button', { name: '+6 h' }).click();
      const box = page.locator('.toast');
      await box.waitFor();
      for (const part of ['.column', '#views', '#connection']) assert.ok(!overlap(await box.boundingBox(), await page.locator(part).boundingBox()), part);
      await box.getByRole('button', { name: 'Dismiss' }).click();
      await box.waitFor({ state: 'detached' });
    }, { viewport: { width: 1280, height: 800 } });
  }),
);

test('webhooks in trouble come first, and stay in place under the pointer', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual', '--allow-local', '--disable-after', '2'], async (mock) => {
    const hooks = {};
    for (const name of ['Opera', 'Ballet', 'Circus']) hooks[name] = await mock.register('https://localhost:1/hook', ['offer.created'], name);
    const fail = async (name) => {
      await mock.post(`/v1/organizations/${hooks[name].org}/trigger`, { event: 'offer.created' });
      await mock.post('/v1/clock/advance', { seconds: 0 });
    };
    await withPage(mock.url, async (page) => {
      const order = (...names) => page.waitForFunction((wanted) => [...document.querySelectorAll('article')].map((one) => one.dataset.webhookId).join() === wanted, names.map((one) => hooks[one].hook).join());
      await order('Circus', 'Ballet', 'Opera');
      await fail('Ballet');
      await order('Ballet', 'Circus', 'Opera');
      await page.locator('article').last().hover();
      await fail('Opera');
      await fail('Opera');
      await page.locator('article').last().getByText('disabled').first().waitFor();
      await order('Ballet', 'Circus', 'Opera');
      hooks.Museum = await mock.register('https://localhost:1/hook', ['offer.created'], 'Museum');
      await order('Ballet', 'Circus', 'Opera', 'Museum');
      await page.getByRole('heading', { name: 'Latest deliveries' }).hover();
      await order('Opera', 'Ballet', 'Museum', 'Circus');
      const trigger = page.locator('article').nth(1).getByRole('button', { name: 'Trigger' });
      await trigger.focus();
      hooks.Theatre = await mock.register('https://localhost:1/hook', ['offer.created'], 'Theatre');
      await mock.call('DELETE', `/v1/webhooks/${hooks.Circus.hook}`);
      await order('Opera', 'Ballet', 'Museum', 'Theatre');
      assert.ok(await trigger.evaluate((one) => one === document.activeElement));
    });
  }),
);

test('the overview says how many webhooks it does not show, and those in trouble are shown', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual', '--allow-local', '--disable-after', '1'], async (mock) => {
    const { id: orgId } = await mock.post('/v1/organizations', { name: 'Opera' });
    const hooks = [];
    for (let i = 0; i < 31; i++) hooks.push((await mock.post('/v1/webhooks', { orgId, url: `https://localhost:1/${i}`, events: [i ? 'offer.created' : 'offer.updated'] })).id);
    await withPage(mock.url, async (page) => {
      const first = page.locator('article').first();
      const shown = () => page.locator('article').evaluateAll((all) => all.map((one) => one.dataset.webhookId));
      await page.getByText('30 of 31 webhooks are shown').waitFor();
      assert.deepEqual(await shown(), hooks.slice(1).reverse());
      await first.hover();
      await mock.post(`/v1/organizations/${orgId}/trigger`, { event: 'offer.updated' });
      await page.getByRole('navigation', { name: 'Views' }).getByText('1 disabled').waitFor();
      assert.deepEqual(await shown(), hooks.slice(1).reverse());
      await page.locator('h2').last().hover();
      await page.waitForFunction((wanted) => document.querySelector('article').dataset.webhookId === wanted, hooks[0]);
      await mock.call('DELETE', `/v1/webhooks/${hooks[0]}`);
      await page.getByText('30 of 31').waitFor({ state: 'hidden' });
      assert.equal((await shown()).length, 30);
    });
  }),
);

test('on a small screen a message does not lie over what is being worked on', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual'], async (mock) => {
    await mock.register('https://opera.example/hook', ['offer.created'], 'Opera');
    await withPage(mock.url, async (page) => {
      await openView(page, 'World');
      await page.getByRole('heading', { name: 'World' }).waitFor();
      const button = page.getByRole('button', { name: 'Trigger', exact: true });
      await button.evaluate((one) => {
        const { bottom } = one.getBoundingClientRect();
        window.scrollBy(0, bottom - window.innerHeight + 4); // the last that is in sight
      });
      await button.click();
      const box = page.locator('.toast');
      await box.waitFor();
      await page.waitForFunction(() => !document.querySelector('.toast').getAnimations().length);
      const covers = overlap(await box.boundingBox(), await button.boundingBox());
      assert.ok(!covers, JSON.stringify([await box.boundingBox(), await button.boundingBox()]));
      await page.evaluate(() => window.scrollTo(0, 0)); // from here on something else is looked at
      await box.evaluate((one) => (one.dataset.first = ''));
      await button.evaluate((one) => one.click());
      await page.locator('.toast:not([data-first])').waitFor();
      assert.equal(await page.evaluate(() => window.scrollY), 0);
      const covered = () => page.evaluate(() => document.documentElement.style.getPropertyValue('--covered'));
      assert.notEqual(await covered(), '');
      await box.getByRole('button', { name: 'Dismiss' }).click();
      await page.waitForFunction(() => !document.documentElement.style.getPropertyValue('--covered'));
    }, { viewport: narrow });
  }),
);

test('the field that was refused is marked until it is tried again', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual'], async (mock) => {
    await withPage(mock.url, async (page) => {
      await openView(page, 'Operator desk');
      const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Register' }) });
      const url = form.getByLabel('URL');
      await url.fill('https://10.0.0.1/hook');
      await form.getByRole('button', { name: 'Register' }).click();
      await form.getByRole('alert').getByText('--allow-net').waitFor();
      assert.equal(await url.getAttribute('aria-invalid'), 'true');
      await url.fill('https://consumer.example/hook');
      await form.getByRole('button', { name: 'Register' }).click();
      await page.locator('.desk-item').waitFor();
      assert.equal(await url.getAttribute('aria-invalid'), null);
      await openView(page, 'World');
      await page.getByLabel('Webhook event').fill('noword');
      await page.getByRole('button', { name: 'Trigger' }).click();
      await page.locator('[aria-invalid="true"][list]').waitFor();
    }, { expects });
  }),
);
