// The world: entities by form and by JSON, webhook events by hand, prepared awkward pushes.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, openView, withMockAndConsumer, withPage } from './stage.mjs';

after(closeBrowser);

const expects = ['status of 4'];
const all = ['event', 'invoice', 'offer'].flatMap((family) => ['created', 'updated', 'deleted'].map((one) => `${family}.${one}`));

const entities = (page) => page.locator('section').filter({ has: page.getByRole('heading', { name: 'Entities' }) });

/** Waits until the newest deliveries are these events, oldest first. */
async function fired(mock, ...events) {
  await mock.get('/v1/idle');
  const { items } = await mock.get(`/v1/deliveries?order=newest&limit=${events.length}`);
  assert.deepEqual(items.map((one) => one.event).reverse(), events);
  return items.reverse();
}

function inWorld(work, flags = []) {
  return withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, [...all, 'season.announced']);
    await withPage(mock.url, async (page) => {
      await openView(page, 'World');
      await page.getByRole('heading', { name: 'Entities' }).waitFor();
      await work(page, mock, org);
    }, { expects });
  }, flags);
}

test('an Invoice lives by form and by JSON, and only a draft can be deleted', { timeout: 240_000 }, () =>
  inWorld(async (page, mock) => {
    await page.getByRole('button', { name: 'Invoices' }).click();
    await entities(page).getByLabel('Title').fill('Hall rental');
    await entities(page).getByLabel('Status').selectOption('sent');
    await page.getByRole('button', { name: 'Create Invoice' }).click();
    const item = page.locator('.entity').filter({ hasText: 'Hall rental' });
    await item.getByText('sent').waitFor();
    await fired(mock, 'invoice.created');

    await item.getByRole('button', { name: 'Delete' }).click();
    await item.getByText('Only a draft can be deleted (E5).').waitFor();
    await item.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByLabel('Status').selectOption('draft');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await item.getByText('draft').waitFor();
    await fired(mock, 'invoice.created', 'invoice.updated');

    await item.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByRole('checkbox', { name: 'as JSON' }).check();
    await page.getByRole('dialog').getByLabel('Fields as JSON').fill('{"sampleTitle": "Hall rental, May", "status": "draft", "lines": [1, 2]}');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.locator('.entity').getByText('Hall rental, May').waitFor();
    await page.locator('.entity').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('with a later lastUpdatedAt (T6)').waitFor();
    await page.locator('.entity').getByText('Hall rental, May').waitFor();
    await fired(mock, 'invoice.created', 'invoice.updated', 'invoice.updated', 'invoice.deleted', 'invoice.created');
  }),
);

test('Events are made in bulk and archived; what is wrong with a JSON text is told', { timeout: 240_000 }, () =>
  inWorld(async (page, mock) => {
    await entities(page).getByLabel('how many').fill('3');
    await page.getByRole('button', { name: 'Create Event' }).click();
    await page.getByText('3 Events created: one push each (D9).').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.entity').length === 3);
    await fired(mock, 'event.created', 'event.created', 'event.created');
    await page.locator('.entity').first().getByRole('button', { name: 'Archive' }).click();
    await page.getByText('Event archived (E11): event.updated fires.').waitFor();
    await fired(mock, 'event.updated');
    await page.locator('.entity').getByText('archived', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Unarchive' }).click();
    await page.getByText('Event unarchived (E11): event.updated fires.').waitFor();
    await entities(page).getByRole('checkbox', { name: 'as JSON' }).check();
    await entities(page).getByLabel('Fields as JSON').fill('{"a": }');
    await page.getByRole('button', { name: 'Create Event' }).click();
    await entities(page).getByRole('alert').getByText('This is no well-formed JSON').waitFor();
    await entities(page).getByLabel('Fields as JSON').fill('{"id": "mine"}');
    await page.getByRole('button', { name: 'Create Event' }).click();
    await entities(page).getByRole('alert').getByText('id').waitFor();
  }),
);

test('what the mock leaves out or does not fire, the page does not promise', { timeout: 240_000 }, () =>
  inWorld(async (page, mock) => {
    await entities(page).getByLabel('Title').fill('Tosca');
    await page.getByRole('button', { name: 'Create Event' }).click();
    const item = page.locator('.entity').filter({ hasText: 'Tosca' });
    await item.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('Event archived. Nothing fires, as this mock was started (E11).').waitFor();
    await item.getByText('archived', { exact: true }).waitFor();
    assert.doesNotMatch(await item.textContent(), /undefined|changed/);
    await item.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Nothing differs, so nothing fires.').waitFor();
    await item.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Tosca, Act 1');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Event changed: event.updated fires.').waitFor();
    await fired(mock, 'event.created', 'event.updated');
  }, ['--archive-fires', 'none', '--without-fields', 'createdAt,lastUpdatedAt,orgId']),
);

test('any webhook event can be triggered, also one that does not exist yet', { timeout: 240_000 }, () =>
  inWorld(async (page, mock) => {
    await page.getByLabel('Webhook event').fill('season.announced');
    await page.getByLabel('Entity').fill('{"id": "s1", "of": 2027}');
    await page.getByRole('button', { name: 'Trigger' }).click();
    await page.getByText('season.announced fired.').waitFor();
    const [delivery] = await fired(mock, 'season.announced');
    assert.equal(delivery.entityId, 's1');
    await page.getByLabel('Webhook event').fill('nobody.listens');
    await page.getByRole('button', { name: 'Trigger' }).click();
    await page.getByText('no webhook of this organization listens to it').waitFor();
    await page.getByLabel('Webhook event').fill('noword');
    await page.getByRole('button', { name: 'Trigger' }).click();
    await page.getByText('must have the form word.word').waitFor();
  }),
);

test('each awkward push is what it says', { timeout: 240_000 }, () =>
  inWorld(async (page, mock) => {
    const send = async (name, ...events) => {
      await page.getByRole('button', { name: `Send: ${name}` }).click();
      await page.getByRole('button', { name: `Send: ${name}` }).and(page.locator(':not([aria-busy])')).waitFor();
      const deliveries = await fired(mock, ...events);
      return Promise.all(deliveries.map(async (one) => (await fetch(`${mock.url}/v1/deliveries/${one.id}/body`)).text()));
    };
    const copies = await send('A copy', 'invoice.updated', 'invoice.updated');
    assert.equal(copies[0], copies[1]);
    const [newer, older] = (await send('A stale one', 'invoice.updated', 'invoice.updated')).map((text) => JSON.parse(text).data);
    assert.equal(newer.id, older.id);
    assert.ok(newer.lastUpdatedAt > older.lastUpdatedAt);
    const [updated, created] = (await send('A reordered pair', 'invoice.updated', 'invoice.created')).map((text) => JSON.parse(text).data);
    assert.equal(updated.id, created.id);
    const [malformed] = await send('A malformed one', 'invoice.updated');
    assert.throws(() => JSON.parse(malformed), SyntaxError);
    const [huge] = await send('A huge one', 'invoice.updated');
    assert.ok(huge.length > 4_000_000);
    const [markup] = await send('Text like markup', 'invoice.updated');
    assert.ok(markup.includes('<script>'));
  }),
);
