// The operator desk: registering with the reasons of a refusal, deleting by URL, enabling again.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, openView, withMock, withPage } from './stage.mjs';

after(closeBrowser);

const expects = ['status of 4'];

const registration = (page) => page.locator('form').filter({ has: page.getByRole('button', { name: 'Register' }) });
const removal = (page) => page.locator('form').filter({ has: page.getByRole('button', { name: 'Delete by URL' }) });

async function register(page, url) {
  await registration(page).getByLabel('URL').fill(url);
  await registration(page).getByRole('button', { name: 'Register' }).click();
}

test('a refused URL says why and what to do; an accepted one is there at once', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual'], async (mock) => {
    await withPage(mock.url, async (page) => {
      await openView(page, 'Operator desk');
      await page.getByText('No webhook is registered.').waitFor();
      const refusals = [
        ['http://consumer.example/hook', 'https'],
        ['https://10.0.0.1/hook', '--allow-net'],
        ['https://localhost/hook', '--allow-local'],
        ['no url', 'url'],
      ];
      for (const [url, reason] of refusals) {
        await register(page, url);
        await registration(page).getByRole('alert').getByText(reason).waitFor();
      }
      await registration(page).getByRole('button', { name: 'None' }).click();
      await register(page, 'https://consumer.example/hook');
      await registration(page).getByRole('alert').getByText('at least one webhook event').waitFor();
      await registration(page).getByLabel('offer.created').check();
      await registration(page).getByLabel('Others, also ones').fill('season.announced');
      await register(page, 'https://consumer.example/hook/5ecret');
      const item = page.locator('.desk-item');
      await item.getByText('https://consumer.example/***').waitFor();
      await item.getByText('offer.created, season.announced').waitFor();
      await item.getByRole('button', { name: 'Show' }).click();
      await item.getByText('https://consumer.example/hook/5ecret').waitFor();
      await register(page, 'https://CONSUMER.example:443/hook/5ecret');
      await registration(page).getByRole('alert').getByText('has that URL already').waitFor();
      assert.equal((await mock.get('/v1/organizations')).items.length, 1);
    }, { expects });
  }),
);

test('a new organization stays chosen while others register', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual'], async (mock) => {
    await withPage(mock.url, async (page) => {
      await openView(page, 'Operator desk');
      await page.getByLabel('Name of the new organization').fill('Mine');
      await mock.register('https://consumer.example/hook', ['offer.created'], 'Theirs');
      await page.locator('.desk-item').waitFor();
      await register(page, 'https://mine.example/hook');
      await page.locator('.desk-item').getByText('Mine', { exact: true }).waitFor();
    });
  }),
);

test('deleting by URL asks for the organization if several have it', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual'], async (mock) => {
    const url = 'https://consumer.example/hook';
    await mock.register(url, ['offer.created'], 'Opera');
    const second = await mock.register(url, ['offer.created'], 'Ballet');
    await withPage(mock.url, async (page) => {
      await openView(page, 'Operator desk');
      await removal(page).getByLabel('URL').fill(url);
      await removal(page).getByRole('button').click();
      await removal(page).getByRole('alert').getByText('Several organizations have that URL: Opera, Ballet. Choose one above.').waitFor();
      await removal(page).getByLabel('Organization').selectOption('Ballet');
      await removal(page).getByRole('button').click();
      await page.getByRole('dialog').getByText(`${url} of Ballet`).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.locator(`[data-webhook-id="${second.hook}"]`).waitFor({ state: 'detached' });
      await page.getByLabel('Show deleted ones').check();
      await page.locator(`[data-webhook-id="${second.hook}"]`).getByText('deleted').waitFor();

      await page.locator('.desk-item').filter({ hasText: 'Opera' }).getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      assert.equal((await mock.get('/v1/webhooks')).items[0].state, 'enabled');
      await page.locator('.desk-item').filter({ hasText: 'Opera' }).getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.locator('.desk-item').filter({ hasText: 'Opera' }).getByText('deleted').waitFor();
    }, { expects });
  }),
);

test('a URL that no webhook has is told before anything is asked', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual'], async (mock) => {
    await mock.register('https://consumer.example/hook', ['offer.created'], 'Opera');
    await withPage(mock.url, async (page) => {
      await openView(page, 'Operator desk');
      await removal(page).getByLabel('URL').fill('https://consumer.example/other');
      await removal(page).getByRole('button').click();
      await removal(page).getByRole('alert').getByText('No webhook has this URL: nothing was deleted.').waitFor();
      assert.equal(await page.getByRole('dialog').count(), 0);
      await removal(page).getByLabel('URL').fill('HTTPS://Consumer.example:443/hook');
      await removal(page).getByRole('button').click();
      await page.getByRole('dialog').getByText('of Opera').waitFor();
    });
  }),
);

test('a disabled webhook is enabled again, and the page says that nothing missed is sent', { timeout: 240_000 }, () =>
  withMock(['--clock', 'virtual', '--allow-local', '--disable-after', '1'], async (mock) => {
    const { org, hook } = await mock.register('https://localhost:1/hook', ['offer.created']);
    await mock.post(`/v1/organizations/${org}/trigger`, { event: 'offer.created' });
    await mock.get('/v1/idle');
    await withPage(mock.url, async (page) => {
      await page.locator('article').getByText('It gets nothing until an operator enables it').waitFor();
      await openView(page, 'Operator desk');
      await page.locator('.desk-item').getByRole('button', { name: 'Enable again' }).click();
      await page.getByText('nothing that was missed is sent (X4)').waitFor();
      await page.locator('.desk-item').getByText('enabled', { exact: true }).waitFor();
      assert.equal((await mock.get(`/v1/webhooks/${hook}`)).consecutiveFailures, 0);
    });
  }),
);
