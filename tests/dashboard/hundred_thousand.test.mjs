// A hundred thousand deliveries: the list stays fluid, reaches every one, and takes in more.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, Mock, openView, withPage, withStage } from './stage.mjs';

after(closeBrowser);

const total = 100_000;
const atOnce = 1000;

/** Made fast: a disabled webhook gets none of them, so each is born dropped. */
async function fill(mock) {
  const { org, hook } = await mock.register('https://localhost:1/hook', ['offer.created', 'event.created']);
  await mock.post(`/v1/organizations/${org}/trigger`, { event: 'offer.created' });
  await mock.get('/v1/idle');
  assert.equal((await mock.get(`/v1/webhooks/${hook}`)).state, 'disabled');
  const bulk = Array.from({ length: atOnce }, () => ({}));
  for (let made = 1; made < total; made += atOnce) {
    await mock.post(`/v1/organizations/${org}/events`, made + atOnce > total ? bulk.slice(0, total - made) : bulk);
  }
  return org;
}

/** The longest that the page stood still while `work` ran, in ms. */
async function longestStall(page, work) {
  await page.evaluate(() => {
    window.stall = 0;
    let last = performance.now();
    window.watch = setInterval(() => {
      const now = performance.now();
      window.stall = Math.max(window.stall, now - last);
      last = now;
    }, 5);
  });
  await work();
  return page.evaluate(() => {
    clearInterval(window.watch);
    return window.stall;
  });
}

test('a hundred thousand deliveries are listed, scrolled and added to without a stall', { timeout: 600_000 }, () =>
  withStage(async ({ folder, started }) => {
    const mock = new Mock(folder, ['--clock', 'virtual', '--allow-local', '--disable-after', '1']);
    started.push(mock);
    await mock.start();
    const org = await fill(mock);
    const oldest = (await mock.get('/v1/deliveries?limit=1')).items[0].id;
    await withPage(mock.url, async (page) => {
      await page.locator('article').getByText('100,000').waitFor();
      await openView(page, 'Deliveries');
      await page.getByText('100,000 deliveries').waitFor();
      assert.ok((await page.locator('.window [data-delivery-id]').count()) < 100, 'only what is seen is in the document');

      const stall = await longestStall(page, async () => {
        await page.getByRole('grid').focus();
        for (let i = 0; i < 30; i++) await page.keyboard.press('PageDown');
        await page.keyboard.press('End');
        await page.locator(`[data-delivery-id="${oldest}"]`).waitFor({ timeout: 240_000 }); // all of them were loaded by then
        await page.keyboard.press('Home');
      });
      console.log(`longest stall: ${Math.round(stall)} ms`);
      assert.ok(stall < 5000, `the page stood still for ${stall} ms`);

      await page.locator('.window').evaluate((list) => (list.scrollTop = 40_000 * 42));
      const seen = page.locator('.window [data-index="40003"]');
      const before = await seen.getAttribute('data-delivery-id');
      await mock.post(`/v1/organizations/${org}/events`, [{}, {}, {}]);
      await page.getByText('100,003 deliveries').waitFor();
      await page.locator(`.window [data-index="40006"][data-delivery-id="${before}"]`).waitFor(); // what one reads stays

      await mock.post(`/v1/organizations/${org}/events`, Array.from({ length: atOnce }, () => ({})));
      await page.getByText('101,003 deliveries').waitFor();
    });
  }),
);
