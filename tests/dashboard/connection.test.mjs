// Losing and regaining the connection, a proxy with a path prefix, the token, a restart of the mock.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Proxy } from './proxy.mjs';
import { closeBrowser, Consumer, Mock, openView, withPage, withStage } from './stage.mjs';

after(closeBrowser);

const expects = ['Failed to load resource', 'net::ERR'];
const lost = (page) => page.locator('#banner').getByText('Trying again');
const live = (page) => page.locator('#connection[data-state="live"]');
const row = (page, id) => page.locator(`[data-delivery-id="${id}"]`);

async function behindProxy(work, flags = []) {
  await withStage(async ({ folder, started }) => {
    const consumer = new Consumer(folder);
    const proxy = new Proxy('/prospero');
    started.push(consumer, proxy);
    await Promise.all([consumer.start(), proxy.start()]);
    const common = ['--clock', 'virtual', '--allow-local', '--ca', consumer.ca, '--public-url', proxy.url];
    const mock = new Mock(folder, [...common, ...flags]);
    started.push(mock);
    await mock.start();
    proxy.target = mock.url;
    await work({ mock, proxy, consumer, folder });
  });
}

test('what happens while the connection is lost is seen when it is back, without loading anew', { timeout: 240_000 }, () =>
  behindProxy(async ({ mock, proxy, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    await withPage(proxy.url, async (page) => {
      await openView(page, 'Deliveries');
      await page.getByText('No delivery yet').waitFor();
      const first = (await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated' })).deliveries[0];
      await row(page, first).getByText('delivered').waitFor();

      proxy.cut();
      await lost(page).waitFor();
      const missed = (await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated' })).deliveries[0];
      await mock.get('/v1/idle');
      assert.equal(await row(page, missed).count(), 0);

      proxy.seen.length = 0;
      proxy.mend();
      await live(page).waitFor();
      await row(page, missed).getByText('delivered').waitFor();
      assert.equal(await lost(page).count(), 0);
      assert.deepEqual(proxy.seen.filter((path) => path.startsWith('/prospero/v1/deliveries?')), []);
    }, { expects });
  }),
);

test('the page works under a path prefix, also without its last slash', { timeout: 240_000 }, () =>
  behindProxy(async ({ proxy }) => {
    await withPage(proxy.url, async (page) => {
      await page.goto(proxy.url);
      await page.getByText('Test a webhook consumer in three steps').waitFor();
      assert.equal(page.url(), `${proxy.url}/`);
      const outside = proxy.seen.filter((path) => path !== '/prospero' && !path.startsWith('/prospero/'));
      assert.deepEqual(outside, []);
    });
  }),
);

test('the token is asked for once, and stays out of every address', { timeout: 240_000 }, () =>
  behindProxy(
    async ({ proxy }) => {
      await withPage(proxy.url, async (page) => {
        await page.getByRole('textbox', { name: 'Token' }).fill('not this one');
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByText('That token was refused.').waitFor();
        await page.getByRole('textbox', { name: 'Token' }).fill('open sesame');
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByText('Test a webhook consumer in three steps').waitFor();
        await live(page).waitFor();
        await page.reload();
        await page.getByText('Test a webhook consumer in three steps').waitFor();
        assert.equal(await page.getByRole('textbox', { name: 'Token' }).count(), 0);
        assert.deepEqual(proxy.seen.filter((path) => path.includes('sesame')), []);
      }, { expects });
    },
    ['--token', 'open sesame'],
  ),
);

test('after a restart of the mock everything is loaded anew', { timeout: 240_000 }, () =>
  withStage(async ({ folder, started }) => {
    const mock = new Mock(folder, ['--clock', 'virtual', '--store', join(folder, 'mock.db')]);
    started.push(mock);
    await mock.start();
    await withPage(mock.url, async (page) => {
      await page.getByText('Test a webhook consumer in three steps').waitFor();
      await mock.stop('SIGKILL');
      await lost(page).waitFor();
      await mock.start();
      await live(page).waitFor();
      await mock.register('https://consumer.example/hook/secret', ['offer.created']);
      await page.locator('article[data-webhook-id]').getByText('https://consumer.example/***').waitFor();
    }, { expects });
  }),
);

test('a mock that forgot everything is told to have begun anew', { timeout: 240_000 }, () =>
  withStage(async ({ folder, started }) => {
    const mock = new Mock(folder, ['--clock', 'virtual', '--allow-local']);
    started.push(mock);
    await mock.start();
    const { org } = await mock.register('https://localhost:1/hook', ['offer.created']);
    const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'offer.created' });
    await withPage(mock.url, async (page) => {
      await page.goto(`${mock.url}/#/deliveries/${deliveries[0]}`);
      await page.locator('.body-text').waitFor();
      await mock.stop('SIGKILL');
      await lost(page).waitFor();
      await mock.start();
      await page.locator('main').getByText('The mock was restarted or reset since this page was opened, and its state is new').waitFor();
      await page.locator('.toast').getByText('The mock was restarted or reset.').waitFor();
      await page.reload();
      await page.locator('main').getByText('If it was restarted or reset since').waitFor();
    }, { expects });
  }),
);
