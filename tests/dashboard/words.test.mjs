// What the page tells: reasons, clauses and the next step in words, where the reader looks for them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Proxy } from './proxy.mjs';
import { closeBrowser, Consumer, Mock, narrow, openView, withMock, withMockAndConsumer, withPage, withStage } from './stage.mjs';

after(closeBrowser);

const all = ['event', 'invoice', 'offer'].flatMap((family) => ['created', 'updated', 'deleted'].map((one) => `${family}.${one}`));
const expects = ['status of 4'];
const fire = async (mock, org, event) => (await mock.post(`/v1/organizations/${org}/trigger`, { event })).deliveries[0];
const toast = (page) => page.locator('.toast');

test('on a real clock the time to a retry is counted down in every list', { timeout: 240_000 }, () =>
  withMock(['--allow-local'], async (mock) => {
    const { org } = await mock.register('https://localhost:1/hook', ['invoice.updated']);
    await fire(mock, org, 'invoice.updated');
    await mock.get('/v1/deliveries');
    await withPage(mock.url, async (page) => {
      for (const view of ['Overview', 'Deliveries']) {
        await openView(page, view);
        const due = page.locator('.delivery-row [data-due]');
        const first = await due.textContent();
        await page.waitForFunction(
          (before) => ![before, undefined].includes(document.querySelector('.delivery-row [data-due]')?.textContent), // none while it is drawn anew
          first,
          { timeout: 10_000 },
        );
      }
      await openView(page, 'Overview');
      assert.equal(await page.locator('.clock-buttons').isVisible(), false);
    });
  }),
);

test('a proxy that hides the missing slash of the prefix still shows the whole page', { timeout: 240_000 }, () =>
  withStage(async ({ folder, started }) => {
    const proxy = new Proxy('/prospero', { strips: true });
    started.push(proxy);
    await proxy.start();
    const mock = new Mock(folder, ['--clock', 'virtual', '--public-url', proxy.url]);
    started.push(mock);
    await mock.start();
    proxy.target = mock.url;
    await withPage(proxy.url, async (page) => {
      await page.goto(proxy.url);
      await page.getByText('Test a webhook consumer in three steps').waitFor();
      assert.ok(page.url().startsWith(proxy.url) && !page.url().startsWith(`${proxy.url}/`), page.url());
      assert.deepEqual(proxy.seen.filter((path) => path !== '/prospero' && !path.startsWith('/prospero/')), []);
    });
  }),
);

test('skipped cases of a run tell their reason without being opened', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { hook } = await mock.register(consumer.url, all);
    const run = await mock.post(`/v1/webhooks/${hook}/conformance`, { only: ['D3', 'H'], seed: 7 });
    await withPage(mock.url, async (page) => {
      await page.goto(`${mock.url}/#/conformance/${run.id}`);
      await page.getByText(/^Of the skipped, \d+ needs? a level that was not given/).waitFor();
      const { report } = await mock.get(`/v1/conformance/${run.id}`);
      const skipped = report.cases.find((one) => one.status === 'skipped');
      const item = page.locator(`[data-case="${skipped.id}"]`);
      await item.locator('.case-reason').getByText(skipped.reason).waitFor();
      assert.equal(await item.getAttribute('open'), null);
      await page.getByText('by the real clock').waitFor();
    });
  }),
);

test('the end of a delivery cites its clause as a link, and so does an awkward push', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(`${new URL(consumer.url).origin}/elsewhere`, ['invoice.updated']);
    const id = await fire(mock, org, 'invoice.updated');
    await withPage(mock.url, async (page) => {
      await page.goto(`${mock.url}/#/deliveries/${id}`);
      await page.locator('.lede').getByRole('link', { name: 'R2' }).waitFor();
      for (const seconds of [60, 3600, 21600]) await mock.post('/v1/clock/advance', { seconds });
      await page.locator('.lede').getByRole('link', { name: 'R4' }).click();
      await page.locator('#clause-R4.wanted').waitFor();
      await openView(page, 'World');
      await page.locator('.awkward').getByRole('link', { name: 'H8' }).waitFor();
    });
  }),
);

test('at 400 pixels the outcome and the time of the retry are whole', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(`${new URL(consumer.url).origin}/elsewhere`, ['invoice.updated']);
    await fire(mock, org, 'invoice.updated');
    await mock.post('/v1/clock/advance', { seconds: 60 });
    await withPage(mock.url, async (page) => {
      for (const view of ['Overview', 'Deliveries']) {
        await openView(page, view);
        const result = page.locator('.delivery-row .cell-result').last();
        await result.getByText('wrong status (404), again in').waitFor();
        assert.ok(await result.evaluate((one) => one.scrollWidth <= one.clientWidth), view);
      }
    }, { viewport: narrow });
  }),
);

test('a refused registration leaves nothing behind, and the reason needs no name of a field', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual'], async (mock) => {
    await withPage(mock.url, async (page) => {
      await openView(page, 'Operator desk');
      const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Register' }) });
      await form.getByLabel('URL').fill('https://10.0.0.1/hook');
      await form.getByRole('button', { name: 'Register' }).click();
      const problem = form.getByRole('alert');
      await problem.getByText('--allow-net').waitFor();
      assert.doesNotMatch(await problem.textContent(), /'url'/);
      assert.deepEqual((await mock.get('/v1/organizations')).items, []);
      await page.getByRole('button', { name: 'Custom' }).click();
      await page.getByLabel('How much').fill('9999999');
      await page.getByRole('button', { name: 'Move' }).click();
      assert.ok(await page.getByLabel('How much').evaluate((one) => one.validity.rangeOverflow));
    }, { expects });
  }),
);

test('a trigger tells who else gets it, who missed it, and what to do when nobody listens', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual', '--allow-local', '--disable-after', '1'], async (mock) => {
    const { org, hook } = await mock.register('https://localhost:1/hook/one', ['offer.created']);
    await fire(mock, org, 'offer.created');
    await mock.get('/v1/idle');
    const second = await mock.post('/v1/webhooks', { orgId: org, url: 'https://localhost:1/hook/two', events: ['offer.created'] });
    await mock.register('https://localhost:1/hook/three', ['offer.created'], 'Ballet');
    await mock.post('/v1/organizations', { name: 'Without a webhook' });
    await withPage(mock.url, async (page) => {
      const card = page.locator(`[data-webhook-id="${hook}"]`);
      await card.getByText('fires for all of Opera: 1 other webhook too').waitFor();
      await card.getByText('https://localhost:1/*** #1').waitFor();
      await mock.call('DELETE', `/v1/webhooks/${second.id}`);
      await card.getByRole('button', { name: /^Trigger for/ }).click();
      await toast(page).getByText('nothing was sent').waitFor();
      await openView(page, 'World');
      assert.equal(await page.getByLabel('Organization').locator('option:checked').textContent(), 'Ballet');
      await page.getByLabel('Webhook event').fill('season.announced');
      await page.getByRole('button', { name: 'Trigger' }).click();
      await toast(page).getByRole('link', { name: 'operator desk' }).waitFor();
      assert.equal(await toast(page).count(), 1);
    });
  }),
);

test('an awkward pair says which went first, and leads to its deliveries alone', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, all);
    await fire(mock, org, 'offer.created');
    await withPage(mock.url, async (page) => {
      await openView(page, 'World');
      await page.getByRole('button', { name: 'Send: A reordered pair' }).click();
      await toast(page).getByText('“updated” went first').waitFor();
      await toast(page).getByRole('link', { name: 'See them' }).click();
      await page.locator('#delivery-count').getByText('2 deliveries', { exact: true }).waitFor();
    });
  }),
);
