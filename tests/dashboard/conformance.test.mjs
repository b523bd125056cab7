// Judging a registered webhook from the page: live progress, the words of the HTML report, past runs, stopping.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { closeBrowser, openView, withMockAndConsumer, withPage } from './stage.mjs';

after(closeBrowser);

const all = ['event', 'invoice', 'offer'].flatMap((family) => ['created', 'updated', 'deleted'].map((one) => `${family}.${one}`));

async function start(page, only) {
  await openView(page, 'Conformance');
  await page.getByText('Options').click();
  await page.getByLabel('Only').fill(only);
  await page.getByRole('button', { name: 'Run the suite' }).click();
  await page.getByRole('heading', { name: 'Conformance run' }).waitFor();
}

test('a run is followed live, told in the words of its HTML report, and found again', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    await mock.register(consumer.url, all);
    const { id: orgId } = (await mock.get('/v1/organizations')).items[0];
    const wrong = `${new URL(consumer.url).origin}/elsewhere`;
    await mock.post('/v1/webhooks', { orgId, url: wrong, events: all });
    await withPage(mock.url, async (page) => {
      await start(page, 'E D3'); // the newest webhook, whose path the consumer does not know
      await page.getByRole('heading', { name: 'does not conform' }).waitFor();
      const first = page.locator('details[data-case="D3-exactly-200"]');
      const words = await first.locator('dd').allTextContents();

      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download HTML report' }).click();
      const html = (await readFile(await (await waiting).path(), 'utf8')).replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
      assert.ok(words.length >= 4, words.join('\n'));
      for (const text of words) assert.ok(html.includes(text), text);
      assert.ok(html.includes('does not conform') && html.includes(await first.locator('.case-title').textContent()));

      await page.getByRole('button', { name: /^passed|^skipped/ }).first().click();
      await first.waitFor({ state: 'detached' });

      await openView(page, 'Conformance');
      await page.locator('.run-row').getByText('does not conform').waitFor();
      assert.equal(await page.locator('.run-row').count(), 1);
    });
  }),
);

test('a run that holds says so; one that is stopped keeps what it found', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    await mock.register(consumer.url, all);
    await withPage(mock.url, async (page) => {
      await start(page, 'D3-exactly-200, E1');
      await page.getByRole('heading', { name: 'every requirement that was tested holds' }).waitFor();
      await page.getByText('not a full verdict').waitFor();
      await start(page, '');
      await page.locator('[data-case="D1-post-taken"]').waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('heading', { name: 'interrupted' }).waitFor();
      await openView(page, 'Conformance');
      await page.locator('.run-row').getByText('stopped').waitFor();
      await page.getByText('Options').click();
      await page.getByLabel('Only').fill('no-such-case');
      await page.getByRole('button', { name: 'Run the suite' }).click();
      await page.getByRole('alert').getByText('no-such-case').waitFor();
    }, { expects: ['status of 4'] });
  }),
);
