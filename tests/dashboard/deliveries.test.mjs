// The live list of deliveries: filters, keys, what comes in while one reads.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, openView, withMockAndConsumer, withPage } from './stage.mjs';

after(closeBrowser);

const rows = (page) => page.locator('.window [data-delivery-id]');
const counted = (page, text) => page.locator('#delivery-count').getByText(text, { exact: true }).waitFor();

test('filters by webhook, event, state, outcome and entity, which the address keeps', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated', 'offer.created']);
    const origin = new URL(consumer.url).origin;
    await mock.post('/v1/webhooks', { orgId: org, url: `${origin}/elsewhere`, events: ['offer.created'] });
    for (const id of ['aa1', 'aa2', 'b1']) await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated', data: { id } });
    await mock.post(`/v1/organizations/${org}/trigger`, { event: 'offer.created', data: { id: 'o1' } });
    await mock.get('/v1/idle');
    await withPage(mock.url, async (page) => {
      await openView(page, 'Deliveries');
      await counted(page, '5 deliveries');
      await page.getByLabel('State').selectOption('pending');
      await counted(page, '1 delivery');
      await rows(page).getByText('wrong status (404)').waitFor();
      await page.reload();
      await counted(page, '1 delivery');
      assert.equal(await page.getByLabel('State').inputValue(), 'pending');
      await page.getByRole('button', { name: 'Clear' }).click();
      await counted(page, '5 deliveries');
      await page.getByLabel('Last outcome').selectOption('ok');
      await counted(page, '4 deliveries');
      await page.getByLabel('Entity').fill('aa');
      await counted(page, '2 deliveries');
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByLabel('Webhook event').selectOption('offer.created');
      await counted(page, '2 deliveries');
      await page.getByLabel('Webhook', { exact: true }).selectOption({ index: 1 });
      await counted(page, '1 delivery');
      await page.getByLabel('Entity').fill('none');
      await page.getByLabel('Entity').press('Enter');
      await page.getByText('No delivery fits these filters').waitFor();
    });
  }),
);

test('rows come in live, change in place, and leave a filter that they do not fit any more', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    await consumer.stop();
    const trigger = async () => (await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated' })).deliveries[0];
    const first = await trigger();
    await mock.get('/v1/idle');
    await withPage(`${mock.url}`, async (page) => {
      await page.goto(`${mock.url}/#/deliveries?state=pending`);
      await counted(page, '1 delivery');
      const second = await trigger();
      await counted(page, '2 deliveries');
      await page.locator(`.window [data-index="0"][data-delivery-id="${second}"]`).waitFor();
      await consumer.start();
      await page.getByRole('button', { name: '+1 min' }).click();
      await page.getByText('No delivery fits these filters').waitFor();
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.locator(`[data-delivery-id="${first}"]`).getByText('delivered').waitFor();
    });
  }),
);

test('keys move through the list and open a delivery; going back keeps the filter', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    const made = [];
    for (let i = 0; i < 60; i++) made.unshift((await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated' })).deliveries[0]);
    await mock.get('/v1/idle');
    await withPage(mock.url, async (page) => {
      await page.goto(`${mock.url}/#/deliveries?state=delivered`);
      await counted(page, '60 deliveries');
      await page.getByRole('grid').focus();
      const active = () => page.getByRole('grid').evaluate(async (grid) => {
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return document.getElementById(grid.getAttribute('aria-activedescendant'))?.dataset.deliveryId;
      });
      assert.equal(await active(), made[0]);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      assert.equal(await active(), made[2]);
      await page.keyboard.press('End');
      assert.equal(await active(), made[59]);
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await page.getByText('Delivered at the first attempt.').waitFor();
      assert.ok(page.url().endsWith(made[58]));
      await page.keyboard.press('Escape');
      await counted(page, '60 deliveries');
      await rows(page).first().waitFor();
      await page.waitForFunction(() => document.activeElement.getAttribute('role') === 'grid');
      assert.equal(await active(), made[58]);
      assert.ok(await page.locator('.window').evaluate((list) => list.scrollTop > 0));
      assert.ok(page.url().endsWith('?state=delivered'));
    });
  }),
);

test('a filter applies while one types, so that the next click opens a row; what is no state is no filter', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    for (const id of ['aa1', 'b1']) await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated', data: { id } });
    await mock.get('/v1/idle');
    await withPage(mock.url, async (page) => {
      await page.goto(`${mock.url}/#/deliveries?state=nonsense`);
      await counted(page, '2 deliveries');
      await page.getByLabel('Entity').pressSequentially('aa');
      await counted(page, '1 delivery');
      await rows(page).click();
      await page.getByText('Delivered at the first attempt.').waitFor();
      await page.goBack();
      await counted(page, '1 delivery');
      await page.getByLabel('Entity').fill('');
      await rows(page).first().click();
      await page.getByText('Delivered at the first attempt.').waitFor();
    });
  }),
);
