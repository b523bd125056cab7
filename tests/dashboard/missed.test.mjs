// What a webhook missed, and that it is disabled: told where it happens, in numbers that lead to just these deliveries.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, Mock, openView, withMockAndConsumer, withPage, withStage } from './stage.mjs';

after(closeBrowser);

const toast = (page) => page.locator('.toast');
const card = (page, hook) => page.locator(`article[data-webhook-id="${hook}"]`);
const figure = (page, hook, label) => card(page, hook).locator('.figure').filter({ has: page.getByText(label, { exact: true }) });
const fire = async (mock, org, event = 'event.created') => (await mock.post(`/v1/organizations/${org}/trigger`, { event })).deliveries[0];
const entities = (page) => page.locator('section').filter({ has: page.getByRole('heading', { name: 'Entities' }) });

/** A mock whose webhook is disabled by the `after`-th failure: nobody is at its URL. */
function withDeafWebhook(after, work) {
  return withStage(async ({ folder, started }) => {
    const mock = new Mock(folder, ['--clock', 'virtual', '--allow-local', '--disable-after', String(after)]);
    started.push(mock);
    await mock.start();
    const { org, hook } = await mock.register('https://localhost:1/hook', ['event.created', 'event.updated', 'event.deleted']);
    await work({ mock, org, hook });
  });
}

async function disable(mock, org) {
  const id = await fire(mock, org);
  await mock.get('/v1/idle');
  return id;
}

test('the number of what was missed leads to exactly these deliveries', { timeout: 240_000 }, () =>
  withDeafWebhook(5, async ({ mock, org, hook }) => {
    await fire(mock, org);
    for (const seconds of [60, 3600, 21600]) await mock.post('/v1/clock/advance', { seconds });
    for (let i = 0; i < 3; i++) await disable(mock, org);
    await withPage(mock.url, async (page) => {
      await figure(page, hook, 'Missed').getByRole('link', { name: '4', exact: true }).click();
      await page.locator('#delivery-count').getByText('4 deliveries', { exact: true }).waitFor();
      const shown = await page.locator('.window [data-delivery-id] .status').allTextContents();
      assert.deepEqual(shown.sort(), ['abandoned', 'dropped', 'dropped', 'dropped']);
      await fire(mock, org);
      await page.locator('#delivery-count').getByText('5 deliveries', { exact: true }).waitFor();
    });
  }),
);

test('a change of an entity says what was sent, also nothing', { timeout: 240_000 }, () =>
  withDeafWebhook(1, async ({ mock, org }) => {
    await disable(mock, org);
    await withPage(mock.url, async (page) => {
      await openView(page, 'World');
      const item = page.locator('.entity').first();
      const happens = [
        [async () => { await entities(page).getByLabel('how many').fill('2'); await page.getByRole('button', { name: 'Create Event' }).click(); }, '2 Events created: '],
        [() => item.getByRole('button', { name: 'Archive' }).click(), 'Event archived'],
        [() => item.getByRole('button', { name: 'Delete' }).click(), 'Event deleted: '],
      ];
      for (const [work, words] of happens) {
        await work();
        await toast(page).filter({ hasText: words }).getByText('nothing was sent').waitFor();
        assert.doesNotMatch(await toast(page).textContent(), /one push each|fires/);
      }
      await page.getByRole('button', { name: 'Invoices' }).click();
      await page.getByRole('button', { name: 'Create Invoice' }).click();
      await toast(page).getByText('no webhook of this organization listens to it').waitFor();
    });
  }),
);

test('a change of an entity says how many webhooks get it and miss it', { timeout: 240_000 }, () =>
  withDeafWebhook(1, async ({ mock, org }) => {
    await disable(mock, org);
    for (const name of ['two', 'three']) await mock.post('/v1/webhooks', { orgId: org, url: `https://localhost:1/${name}`, events: ['event.created'] });
    await withPage(mock.url, async (page) => {
      await openView(page, 'World');
      await page.getByRole('button', { name: 'Create Event' }).click();
      await toast(page).getByText('event.created fires to each of 2 webhooks, and 1 disabled webhook missed it (X3).').waitFor();
    });
  }),
);

test('how the last attempts went stays, however much was missed since', { timeout: 240_000 }, () =>
  withDeafWebhook(1, async ({ mock, org, hook }) => {
    await disable(mock, org);
    await withPage(mock.url, async (page) => {
      await figure(page, hook, 'Succeeded').getByText('0 of 1').waitFor();
      await mock.post(`/v1/organizations/${org}/events`, Array(70).fill({}));
      await figure(page, hook, 'Missed').getByText('71', { exact: true }).waitFor();
      await figure(page, hook, 'Succeeded').getByText('0 of 1').waitFor();
      await page.reload();
      await figure(page, hook, 'Succeeded').getByText('0 of 1').waitFor();
    });
  }),
);

test('what was dropped before its first attempt is told no retry', { timeout: 240_000 }, () =>
  withDeafWebhook(1, async ({ mock, org, hook }) => {
    await mock.post(`/v1/organizations/${org}/events`, Array(60).fill({}));
    await mock.get('/v1/idle');
    const { items } = await mock.get('/v1/deliveries?state=dropped&order=newest');
    const untried = items.find((one) => one.reason === 'disabled' && !one.attempts.length);
    await withPage(mock.url, async (page) => {
      await figure(page, hook, 'Missed').getByText('not yet delivered when it was disabled').waitFor();
      await page.goto(`${mock.url}/#/deliveries/${untried.id}`);
      await page.getByText('It waited for its first attempt when the webhook was disabled.').waitFor();
      await page.getByText('None was made.').waitFor();
      await page.goto(`${mock.url}/#/deliveries?state=dropped`);
      await page.locator(`[data-delivery-id="${untried.id}"]`).getByText('not sent: disabled').waitFor();
    });
  }),
);

test('that a webhook was disabled is told by the move of the clock, and stands in the navigation', { timeout: 240_000 }, () =>
  withDeafWebhook(2, async ({ mock, org, hook }) => {
    await disable(mock, org);
    await withPage(mock.url, async (page) => {
      await openView(page, 'Contract');
      const badge = page.getByRole('navigation', { name: 'Views' }).getByText('1 disabled');
      await page.getByRole('button', { name: '+1 min' }).click();
      await toast(page).getByText('1 attempt made. Webhook https://localhost:1/***, Opera was disabled (X1).').waitFor();
      await badge.waitFor();
      await page.getByRole('button', { name: '+1 h' }).click();
      await toast(page).getByText('1 h passed. No attempt was due.', { exact: true }).waitFor();
      await mock.post(`/v1/webhooks/${hook}/enable`);
      await badge.waitFor({ state: 'hidden' });
    });
  }),
);

test('what was abandoned, sent again and delivered is not called lost', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['event.created']);
    await consumer.stop();
    const id = await fire(mock, org);
    for (const seconds of [60, 3600, 21600]) await mock.post('/v1/clock/advance', { seconds });
    await withPage(mock.url, async (page) => {
      await page.goto(`${mock.url}/#/deliveries/${id}`);
      const opening = page.locator('.lede');
      await opening.getByText('This webhook event is lost').waitFor();
      const again = (await mock.post(`/v1/deliveries/${id}/resend`)).id;
      await opening.getByText('which is under way').waitFor();
      await consumer.start();
      await mock.post('/v1/clock/advance', { seconds: 60 });
      await opening.getByText('and delivered.').waitFor();
      assert.doesNotMatch(await opening.textContent(), /lost/);
      await page.reload();
      await opening.getByText('and delivered.').waitFor();
      await opening.getByRole('link', { name: again.slice(0, 8) }).click();
      await page.getByText('Delivered with attempt 2.').waitFor();
    });
  }),
);

test('the latest deliveries stay when all webhooks are deleted', { timeout: 240_000 }, () =>
  withDeafWebhook(5, async ({ mock, org, hook }) => {
    const id = await disable(mock, org);
    await mock.call('DELETE', `/v1/webhooks/${hook}`);
    await withPage(mock.url, async (page) => {
      await page.getByText('Test a webhook consumer in three steps').waitFor();
      await page.locator(`[data-delivery-id="${id}"]`).waitFor();
    });
  }),
);
