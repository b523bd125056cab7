// Characters that turn the direction of text around, in names and payloads: they are shown, and turn nothing of the page.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, openView, withMockAndConsumer, withPage } from './stage.mjs';

after(closeBrowser);

const override = '\u202e';
const turning = `Oper${override}a \u2067x\u2069\u200f \u05d0\u05d1`;

/** Text and attributes in which such a character could turn something, and that stand in no box of its own. */
const loose = (page) => page.evaluate(() => {
  const turns = /[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]/;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const texts = node.nodeType === Node.TEXT_NODE ? [node.data] : ['aria-label', 'title'].map((name) => node.getAttribute(name) ?? '');
    if (texts.some((one) => turns.test(one)) && !node.parentElement.closest('.control')) found.push(texts.join());
  }
  return found;
});

test('names and values of others turn nothing around in any view', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated', 'event.created'], turning);
    await mock.post('/v1/webhooks', { orgId: org, url: `${new URL(consumer.url).origin}/two`, events: ['invoice.updated'] });
    await mock.post(`/v1/organizations/${org}/events`, { sampleTitle: turning, sampleStatus: turning });
    const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated', data: { id: turning } });
    await mock.get('/v1/idle');
    const views = { '': 'article', deliveries: '.window [data-delivery-id]', [`deliveries/${deliveries[0]}`]: '.body-text', world: '.entity', desk: '.desk-item', conformance: 'main form' };
    await withPage(mock.url, async (page) => {
      for (const [path, there] of Object.entries(views)) {
        await page.goto(`${mock.url}/#/${path}`);
        await page.locator(there).first().waitFor();
        assert.deepEqual(await loose(page), [], path);
      }
      await openView(page, 'World');
      const title = page.locator('.entity .foreign');
      await title.locator('[data-code="U+202E"]').waitFor();
      assert.equal(await title.textContent(), turning);
      await page.getByLabel('Organization').locator('option').getByText('Oper⟨U+202E⟩a').waitFor({ state: 'attached' });
    });
  }),
);

test('the body shows such characters by their number, in their places, and gives the true text to copy', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    const body = `{"event":"invoice.updated","data":{"id":"a${override}b","after":"c"}}`;
    const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated', body });
    await withPage(mock.url, async (page) => {
      await page.goto(`${mock.url}/#/deliveries/${deliveries[0]}`);
      const box = page.locator('.body-text');
      for (const layout of ['Pretty', 'Raw']) {
        await page.getByRole('button', { name: layout }).click();
        const control = box.locator('.control');
        assert.equal(await control.evaluate((one) => getComputedStyle(one, '::before').content), '"U+202E"');
        const isInOrder = await control.evaluate((one) => {
          const edge = (node, at) => { const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + 1); return range.getBoundingClientRect().left; };
          const [before, after] = [one.previousSibling, one.nextSibling];
          return edge(before, before.length - 1) < one.getBoundingClientRect().left && one.getBoundingClientRect().left < edge(after, 0) && edge(after, 0) < edge(after, 1);
        });
        assert.ok(isInOrder, layout);
      }
      const selected = await box.evaluate((one) => {
        getSelection().selectAllChildren(one);
        return String(getSelection());
      });
      assert.equal(selected, body);
      await page.getByRole('button', { name: 'Copy', exact: true }).click();
      await page.getByText('The body copied.').waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), body);
    });
  }),
);
