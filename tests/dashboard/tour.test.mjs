// The way of a new user, with only the page open: register, trigger, look, break the consumer, move time, see the webhook
// disabled, enable it again.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, openView, withMockAndConsumer, withPage } from './stage.mjs';

after(closeBrowser);

const card = (page) => page.locator('article[data-webhook-id]');
const rows = (page) => page.locator('[data-delivery-id]');

async function register(page, url) {
  await page.getByRole('link', { name: 'Register a webhook' }).click();
  await page.getByLabel('Name of the new organization').fill('Grand Theatre');
  await page.getByLabel('URL', { exact: true }).first().fill(url);
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByText(/^Registered\. See it/).waitFor();
}

async function trigger(page, event) {
  await openView(page, 'Overview');
  await page.getByLabel(/^Webhook event for/).selectOption(event);
  await page.getByRole('button', { name: /^Trigger for/ }).click();
}

test('a new user goes from an empty page to a disabled webhook and back', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    await withPage(mock.url, async (page) => {
      await page.getByText('Test a webhook consumer in three steps').waitFor();
      await register(page, consumer.url);

      await trigger(page, 'invoice.updated');
      await rows(page).first().getByText('ok (200)').waitFor();
      await rows(page).first().click();
      await page.getByText('Delivered at the first attempt.').waitFor();
      await page.getByText('"event"').waitFor();

      await consumer.stop();
      await trigger(page, 'invoice.created');
      await rows(page).first().getByText('unreachable, again in 1 min').waitFor();
      await rows(page).first().click();
      await page.getByRole('heading', { name: 'First attempt' }).waitFor();
      await page.getByText('Is it running, on this host and port?').waitFor();
      for (const [button, heading] of [['+1 min', 'Retry 1'], ['+1 h', 'Retry 2'], ['Next due', 'Retry 3']]) {
        await page.getByRole('button', { name: button, exact: true }).click();
        await page.getByRole('heading', { name: heading }).waitFor();
      }
      await page.getByText('All four attempts failed.').waitFor();

      const [hook] = (await mock.get('/v1/webhooks')).items;
      await openView(page, 'Overview');
      await card(page).getByText('4 of 20').waitFor();
      for (let i = 0; i < 16; i++) await mock.post(`/v1/organizations/${hook.orgId}/trigger`, { event: 'offer.updated' });
      await card(page).getByText('disabled', { exact: true }).waitFor();
      await card(page).getByText('20 of 20').waitFor();

      await consumer.start();
      await page.getByRole('button', { name: 'Enable again' }).click();
      await card(page).getByText('enabled', { exact: true }).waitFor();
      await card(page).getByText('0 of 20').waitFor();
      await trigger(page, 'offer.created');
      await rows(page).first().getByText('ok (200)').waitFor();
      assert.equal((await mock.get(`/v1/webhooks/${hook.id}`)).state, 'enabled');
    });
  }),
);
