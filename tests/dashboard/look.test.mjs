// How the page looks: pictures of every view, light and dark, at 400 and 1600 pixels, left in $SCREENSHOTS. Meanwhile axe
// looks for what hinders people, nothing may be wider than the window, and reduced motion is honoured.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { axeSource, closeBrowser, narrow, wide, withMockAndConsumer, withPage } from './stage.mjs';

after(closeBrowser);

const all = ['event', 'invoice', 'offer'].flatMap((family) => ['created', 'updated', 'deleted'].map((one) => `${family}.${one}`));

/** A world with some of everything; returns the addresses of the views. */
async function furnish(mock, consumer) {
  const silent = await mock.register('https://localhost:1/hook/secret', ['offer.updated'], 'City Ballet');
  const { org, hook } = await mock.register(consumer.url, all, 'Grand Theatre');
  const entities = `/v1/organizations/${org}`;
  for (const sampleTitle of ['Premiere', 'Matinee', 'Gala Evening']) await mock.post(`${entities}/events`, { sampleTitle, sampleStatus: 'confirmed' });
  for (const status of ['draft', 'sent', 'paid']) await mock.post(`${entities}/invoices`, { sampleTitle: 'Hall rental', status });
  for (let i = 0; i < 12; i++) await mock.post(`${entities}/trigger`, { event: all[i % all.length] });
  await mock.get('/v1/idle');
  const run = await mock.post(`/v1/webhooks/${hook}/conformance`, { only: ['D3', 'E'], seed: 7 });
  while ((await mock.get(`/v1/conformance/${run.id}`)).state === 'running') await new Promise((done) => setTimeout(done, 50));
  await consumer.stop();
  const failing = (await mock.post(`${entities}/trigger`, { event: 'invoice.updated' })).deliveries[0];
  for (const seconds of [60, 3600]) await mock.post('/v1/clock/advance', { seconds });
  await mock.post(`${entities}/trigger`, { event: 'offer.created' });
  await mock.get('/v1/idle');
  await consumer.start();
  await mock.post(`${entities}/trigger`, { event: 'event.updated' });
  for (let i = 0; i < 21; i++) await mock.post(`/v1/organizations/${silent.org}/trigger`, { event: 'offer.updated' });
  await mock.get('/v1/idle');
  assert.equal((await mock.get(`/v1/webhooks/${silent.hook}`)).state, 'disabled');
  await consumer.stop();
  await mock.post(`${entities}/trigger`, { event: 'invoice.created' });
  await mock.get('/v1/idle');
  return { overview: '', deliveries: 'deliveries', delivery: `deliveries/${failing}`, world: 'world', desk: 'desk', conformance: 'conformance', run: `conformance/${run.id}`, contract: 'contract/X2' };
}

const ready = {
  overview: '.figure.wide svg',
  deliveries: '.window [data-delivery-id]',
  delivery: '.body-text',
  world: '.entity',
  desk: '.desk-item',
  conformance: '.run-row',
  run: 'details[data-case]',
  contract: '.clause-row.wanted',
};

async function serious(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary}`).slice(0, 3).join(' | ')}`);
}

const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('every view is readable in light and dark, at 400 and 1600 pixels, with no serious hindrance', { timeout: 900_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const views = await furnish(mock, consumer);
    const found = [];
    for (const [size, viewport] of Object.entries({ wide, narrow })) {
      for (const colorScheme of ['light', 'dark']) {
        await withPage(mock.url, async (page) => {
          for (const [name, path] of Object.entries(views)) {
            await page.goto(`${mock.url}/#/${path}`);
            await page.locator(ready[name]).first().waitFor();
            await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}-${size}-${colorScheme}.png`), fullPage: !['deliveries', 'contract'].includes(name) });
            found.push(...(await serious(page)).map((one) => `${name} ${size} ${colorScheme}: ${one}`));
            const excess = await tooWide(page);
            if (excess > 0) found.push(`${name} ${size}: ${excess} px wider than the window`);
          }
        }, { viewport, colorScheme, bypassCSP: true });
      }
    }
    assert.deepEqual(found, []);
  }),
);

test('nothing moves for those who asked for less motion', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock }) => {
    await withPage(mock.url, async (page) => {
      await page.getByRole('heading', { name: 'Test a webhook consumer' }).waitFor();
      const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((one) => {
        const { transitionDuration, animationName } = getComputedStyle(one);
        return transitionDuration !== '0s' || animationName !== 'none';
      }).length);
      assert.equal(moving, 0);
      assert.deepEqual(await serious(page), []);
    }, { reducedMotion: 'reduce', bypassCSP: true });
  }),
);

test('the page can be used with keys alone', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    await withPage(mock.url, async (page) => {
      await page.getByRole('heading', { name: 'Test a webhook consumer' }).waitFor();
      const press = async (key, times = 1) => {
        for (let i = 0; i < times; i++) await page.keyboard.press(key);
      };
      const focused = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.placeholder);
      await press('Tab');
      assert.equal(await focused(), 'Skip to the content');
      await press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
      // What is loaded and told meanwhile must not take the focus away: no stop comes twice, and none is the page itself.
      const stops = new Set();
      while ((await focused()) !== 'Register a webhook') {
        await press('Tab');
        const stop = await page.evaluate(() => {
          const one = document.activeElement;
          one.dataset.stop ??= String(document.querySelectorAll('[data-stop]').length);
          return `${one.localName} ${one.dataset.stop}`;
        });
        assert.ok(!stop.startsWith('body') && !stops.has(stop), `the focus went to ${stop} after ${[...stops].join(', ')}`);
        stops.add(stop);
      }
      assert.equal(await focused(), 'Register a webhook');
      await press('Enter');
      await page.getByRole('heading', { name: 'Operator desk' }).waitFor();
      await page.getByLabel('Name of the new organization').focus();
      await press('Tab');
      await page.keyboard.type(consumer.url);
      await press('Enter');
      await page.getByText('Registered. See it').waitFor();
      assert.equal((await mock.get('/v1/webhooks')).items.length, 1);
    });
  }),
);
