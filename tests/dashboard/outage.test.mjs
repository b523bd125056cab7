// The mock away, slow, or driven by another browser as well: what the page says meanwhile, and what it shows afterwards.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Proxy } from './proxy.mjs';
import { closeBrowser, Consumer, Mock, openView, withMockAndConsumer, withPage, withStage } from './stage.mjs';

after(closeBrowser);

const expects = ['Failed to load resource', 'net::ERR'];
const clock = (page) => page.locator('[data-clock]');
const live = (page) => page.locator('#connection[data-state="live"]');
const trigger = async (mock, org) => (await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated' })).deliveries[0];

function behindProxy(work) {
  return withStage(async ({ folder, started }) => {
    const consumer = new Consumer(folder);
    const proxy = new Proxy('');
    started.push(consumer, proxy);
    await Promise.all([consumer.start(), proxy.start()]);
    const mock = new Mock(folder, ['--clock', 'virtual', '--allow-local', '--ca', consumer.ca, '--public-url', proxy.url]);
    started.push(mock);
    await mock.start();
    proxy.target = mock.url;
    await work({ mock, proxy, consumer });
  });
}

test('views that are opened during an outage say so, and load when it is over', { timeout: 240_000 }, () =>
  behindProxy(async ({ mock, proxy, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated', 'event.created']);
    await mock.post(`/v1/organizations/${org}/events`, { sampleTitle: 'Premiere' });
    const id = await trigger(mock, org);
    await mock.get('/v1/idle');
    for (const [path, there] of [[`deliveries/${id}`, 'Delivered at the first attempt.'], ['world', 'Premiere'], ['conformance', 'No run yet.']]) {
      await withPage(proxy.url, async (page) => {
        await live(page).waitFor();
        await page.locator('article').waitFor();
        proxy.cut();
        await page.getByText('Trying again').waitFor();
        await page.evaluate((to) => (location.hash = to), `#/${path}`);
        await page.getByText('The mock does not answer', { exact: true }).first().waitFor();
        proxy.mend();
        await page.getByText(there).first().waitFor();
        assert.equal(await page.getByText('The mock does not answer', { exact: true }).filter({ visible: true }).count(), 0);
        assert.equal(await page.locator('.toast.bad').count(), 0);
      }, { expects });
    }
  }),
);

test('a mock that answers nothing is seen to do so, and waited for', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    await mock.register(consumer.url, ['invoice.updated']);
    await withPage(mock.url, async (page) => {
      await page.locator('article').waitFor();
      mock.child.kill('SIGSTOP');
      try {
        await page.getByRole('button', { name: /^Trigger for/ }).click();
        await page.getByText('has not answered for some seconds').waitFor({ timeout: 15_000 });
        await page.getByText('Waiting for an answer').waitFor();
      } finally {
        mock.child.kill('SIGCONT');
      }
      await page.getByText('invoice.updated fired.').waitFor();
      await live(page).waitFor();
    });
  }),
);

test('an answer that comes late does not set the clock back, and only its own move is told', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    await mock.register(consumer.url, ['invoice.updated']);
    await withPage(mock.url, async (page) => {
      await page.locator('article').waitFor();
      await page.route('**/v1/clock/advance', async (route) => {
        const response = await route.fetch();
        const shown = await clock(page).textContent();
        await mock.post('/v1/clock/advance', { seconds: 3600 });
        const later = (await mock.get('/v1/clock')).now.slice(11, 16);
        await page.waitForFunction(([before, now]) => document.querySelector('[data-clock]').textContent !== before && document.querySelector('[data-clock]').textContent.startsWith(now), [shown, later]);
        await route.fulfill({ response });
      });
      await page.getByRole('button', { name: '+6 h' }).click();
      await page.getByText('6 h passed.').waitFor();
      const { now } = await mock.get('/v1/clock');
      assert.equal((await clock(page).textContent()).slice(0, 8), now.slice(11, 19));
    });
  }),
);

test('a press by keyboard keeps the focus on its button', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    await mock.register(consumer.url, ['invoice.updated']);
    await withPage(mock.url, async (page) => {
      await page.locator('article').waitFor();
      for (const [name, told] of [['+1 min', '1 min passed.'], ['Next due', 'Time stands where it was.'], [/^Trigger for/, 'invoice.updated fired.']]) {
        const button = page.getByRole('button', { name });
        await button.focus();
        await page.keyboard.press('Enter');
        await page.getByText(told).waitFor();
        assert.ok(await button.evaluate((one) => one === document.activeElement), String(name));
      }
      await openView(page, 'World');
      await page.getByRole('button', { name: 'Create Event' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('Event created').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Create Event');
      await page.getByRole('button', { name: 'Archive' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Unarchive' }).waitFor();
      assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY');
    });
  }),
);
