// JSON that is typed on the page arrives as it was spelled (T4): numbers of any size and form, also names that stand twice.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, openView, withMockAndConsumer, withPage } from './stage.mjs';

after(closeBrowser);

const bodyOf = async (mock, id) => (await fetch(`${mock.url}/v1/deliveries/${id}/body`)).text();

async function newestBody(mock) {
  await mock.get('/v1/idle');
  return bodyOf(mock, (await mock.get('/v1/deliveries?order=newest&limit=1')).items[0].id);
}

function inWorld(work) {
  return withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated', 'event.created', 'event.updated']);
    await withPage(mock.url, async (page) => {
      await openView(page, 'World');
      await page.getByRole('heading', { name: 'Entities' }).waitFor();
      await work(page, mock, org);
    });
  });
}

test('what is triggered goes out as it was typed', { timeout: 240_000 }, () =>
  inWorld(async (page, mock) => {
    const data = '{"id":"s1","n":12345678901234567890.10,"price":1.50,"a":1,"a":2}';
    await page.getByLabel('Entity').fill(data);
    await page.getByRole('button', { name: 'Trigger' }).click();
    await page.getByText('invoice.updated fired.').waitFor();
    assert.equal(await newestBody(mock), `{"event":"invoice.updated","data":${data}}`);
  }),
);

test('an entity is created and changed as it was typed, and what was not touched stays as it is', { timeout: 240_000 }, () =>
  inWorld(async (page, mock) => {
    await page.getByRole('checkbox', { name: 'as JSON' }).check();
    await page.getByLabel('Fields as JSON').fill('{"big": 12345678901234567890.10, "fine": 1.0000000000000001, "in": {"x": 1.50, "y": 2}}');
    await page.getByRole('button', { name: 'Create Event' }).click();
    await page.getByText('Event created').waitFor();
    const created = await newestBody(mock);
    for (const text of ['"big":12345678901234567890.10', '"fine":1.0000000000000001', '"x":1.50']) assert.ok(created.includes(text), created);

    await page.locator('.entity').getByRole('button', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: 'as JSON' }).check();
    const shown = await dialog.getByLabel('Fields as JSON').inputValue();
    assert.ok(shown.includes('"fine": 1.0000000000000001') && shown.includes('"x": 1.50'), shown);
    await dialog.getByLabel('Fields as JSON').fill(shown.replace(/,\s*"y": 2/, '').replace('"big": 12345678901234567890.10', '"big": 12345678901234567890.1'));
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Event changed').waitFor();
    const changed = await newestBody(mock);
    for (const text of ['"big":12345678901234567890.1,', '"fine":1.0000000000000001', '"in":{"x":1.50}']) assert.ok(changed.includes(text), changed);
  }),
);

test('“as JSON” goes on with what the form holds, and what was typed there stays', { timeout: 240_000 }, () =>
  inWorld(async (page, mock) => {
    const box = (scope) => scope.getByRole('checkbox', { name: 'as JSON' });
    const area = (scope) => scope.getByLabel('Fields as JSON');
    await page.getByLabel('Title').fill('Premiere');
    await page.getByLabel('Status').selectOption('confirmed');
    await box(page).check();
    assert.deepEqual(JSON.parse(await area(page).inputValue()), { sampleTitle: 'Premiere', sampleStatus: 'confirmed' });
    await area(page).fill('{"sampleTitle": "Premiere", "big": 1.50}');
    await box(page).uncheck();
    await box(page).check();
    assert.equal(await area(page).inputValue(), '{"sampleTitle": "Premiere", "big": 1.50}');
    await page.getByRole('button', { name: 'Create Event' }).click();

    await page.locator('.entity').getByRole('button', { name: 'Change' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Title').fill('Matinee');
    await box(dialog).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Event changed').waitFor();
    const changed = await newestBody(mock);
    for (const text of ['"sampleTitle":"Matinee"', '"big":1.50']) assert.ok(changed.includes(text), changed);
  }),
);

test('what others change is seen without loading anew, also where no webhook listens', { timeout: 240_000 }, () =>
  inWorld(async (page, mock, org) => {
    await page.getByText('No Event yet.').waitFor();
    const made = await mock.post(`/v1/organizations/${org}/events`, { sampleTitle: 'Made elsewhere' });
    const item = page.locator(`[data-entity-id="${made.id}"]`);
    await item.getByText('Made elsewhere').waitFor();
    await mock.call('PATCH', `/v1/organizations/${org}/events/${made.id}`, { sampleTitle: 'Changed elsewhere' });
    await item.getByText('Changed elsewhere').waitFor();
    await mock.call('DELETE', `/v1/organizations/${org}/events/${made.id}`);
    await page.getByText('No Event yet.').waitFor();
    await page.getByRole('button', { name: 'Invoices' }).click();
    await page.getByText('No Invoice yet.').waitFor();
    await mock.post(`/v1/organizations/${org}/invoices`, { sampleTitle: 'Hall' });
    await page.locator('.entity').getByText('Hall').waitFor();
  }),
);
