// Payloads, names and URLs that attack the page, and what the server lets the page do.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, Mock, openView, withMockAndConsumer, withPage, withStage } from './stage.mjs';

after(closeBrowser);

const attack = '<img src=x onerror="window.hit=1"><script>window.hit=2</script></pre></span>"\'><svg onload=window.hit=3>';

async function unharmed(page) {
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.equal(await page.locator('main img, main script, main svg[onload], main iframe').count(), 0);
}

test('a payload full of HTML and script is shown as text', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated', 'invoice.created'], attack);
    const data = { id: attack, [attack]: attack, sampleTitle: attack };
    const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated', data });
    const raw = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated', body: attack });
    await mock.post(`/v1/organizations/${org}/invoices`, { sampleTitle: attack, status: attack });
    await withPage(mock.url, async (page) => {
      await page.getByText(attack).first().waitFor();
      await unharmed(page);
      for (const id of [deliveries[0], raw.deliveries[0]]) {
        await page.goto(`${mock.url}/#/deliveries/${id}`);
        await page.locator('.body-text').waitFor();
        const shown = await page.locator('.body-text').textContent();
        assert.ok(shown.includes(attack) || shown.includes(JSON.stringify(attack)), shown);
        await unharmed(page);
      }
      for (const view of ['Deliveries', 'World', 'Operator desk', 'Conformance']) {
        await openView(page, view);
        await page.getByRole('heading', { level: 1, name: view }).waitFor();
        await unharmed(page);
      }
      await openView(page, 'World');
      await page.getByRole('button', { name: 'Invoices' }).click();
      await page.locator('.entity').getByText(attack).first().waitFor();
      await unharmed(page);
      await page.goto(`${mock.url}/#/deliveries/${encodeURIComponent(attack)}`);
      await page.getByText('This delivery is not here').waitFor();
      await unharmed(page);
    }, { expects: ['status of 404'] });
  }),
);

test('the browser is told to run nothing but the page’s own files', { timeout: 240_000 }, () =>
  withStage(async ({ folder, started }) => {
    const mock = new Mock(folder, ['--token', 't']);
    started.push(mock);
    await mock.start();
    for (const path of ['/', '/dashboard/main.js', '/dashboard/look.css', '/dashboard/icon.svg']) {
      const response = await fetch(mock.url + path);
      assert.equal(response.status, 200, path);
      const policy = response.headers.get('content-security-policy');
      for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
        assert.ok(policy.includes(rule), `${path}: ${rule}`);
      }
      assert.ok(!/unsafe|data:|https?:/.test(policy), policy);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    }
    assert.equal((await fetch(`${mock.url}/v1/clock`)).status, 401);
  }),
);

test('markup cannot be made from text, even by a script of the page itself', { timeout: 240_000 }, () =>
  withStage(async ({ folder, started }) => {
    const mock = new Mock(folder);
    started.push(mock);
    await mock.start();
    await withPage(mock.url, async (page) => {
      await page.getByText('Test a webhook consumer in three steps').waitFor();
      const refused = await page.evaluate((text) => {
        try {
          document.querySelector('main').innerHTML = text;
          return '';
        } catch (error) {
          return error.name;
        }
      }, attack);
      assert.equal(refused, 'TypeError');
      await unharmed(page);
    }, { expects: ['TrustedHTML'] });
  }),
);
