// One delivery: its body in every form, the commands (which are run), its attempts and their phases, resending.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { closeBrowser, Mock, withMockAndConsumer, withPage, withStage } from './stage.mjs';

after(closeBrowser);

const run = promisify(execFile);
const shell = (command) => run('bash', ['-c', command], { env: { ...process.env, PATH: `${process.env.PROGRAMS}:${process.env.PATH}` } });

const open = async (page, mock, id) => {
  await page.goto(`${mock.url}/#/deliveries/${id}`);
  await page.locator('.body-text').waitFor();
};

async function copied(page, button) {
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByText('copied.').last().waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

const body = `{"event":"invoice.updated", "data":{"id":"0f1e2d3c-0000-11f0-8000-000000000001","n":12345678901234567890.10,"quote":"it's \\u00e9","é":[ ]}}`;

test('the body is shown pretty and raw without a changed byte, and its commands send it', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated', body });
    await withPage(mock.url, async (page) => {
      await open(page, mock, deliveries[0]);
      const box = page.locator('.body-text');
      const pretty = await box.textContent();
      assert.ok(pretty.includes('\n    "n": 12345678901234567890.10,\n'), pretty);
      assert.ok(pretty.includes('"it\'s \\u00e9"'), pretty);
      await page.getByRole('button', { name: 'Raw' }).click();
      assert.equal(await box.textContent(), body);
      assert.equal(await copied(page, 'Copy'), body);

      const curl = await copied(page, 'Copy as curl');
      assert.match((await shell(curl)).stdout, /^HTTP\/1.1 200/);
      const push = await copied(page, 'Copy as push');
      assert.match((await shell(push)).stdout, /delivered/);
    });
  }),
);

test('each attempt says what failed, cites the clause and tells the fix; resending is a new delivery', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    const wrong = await mock.post('/v1/webhooks', { orgId: org, url: `${new URL(consumer.url).origin}/elsewhere`, events: ['offer.updated'] });
    const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'offer.updated' });
    await mock.post('/v1/clock/advance', { seconds: 60 });
    await withPage(mock.url, async (page) => {
      await open(page, mock, deliveries[0]);
      const attempts = page.locator('.attempt');
      assert.equal(await attempts.count(), 2);
      await attempts.first().getByText('wrong status (404)').waitFor();
      await attempts.first().getByText('it does not know this path').waitFor();
      await attempts.first().getByText('Compare the path of the registered URL').waitFor();
      const legend = await attempts.first().locator('.phase-legend').textContent();
      for (const phase of ['name look-up', 'connect', 'TLS', 'send', 'wait']) assert.ok(legend.includes(phase), legend);

      const ladder = page.locator('svg.timeline');
      assert.match(await ladder.getAttribute('aria-label'), /attempt 1 at .* wrong status \(404\); attempt 2 at .*; attempt 3 planned at .*; attempt 4 planned at /);
      const places = await page.locator('svg.timeline circle.spot').evaluateAll((all) => all.map((one) => Number(one.getAttribute('cx'))));
      const [first, second, third, fourth] = places;
      const perMinute = (fourth - first) / 421;
      assert.ok(Math.abs(second - first - perMinute) < 1.5 && Math.abs(third - second - 60 * perMinute) < 1.5, places.join());

      assert.ok(await page.getByRole('button', { name: 'Resend' }).isDisabled());
      await page.getByText('It is still under way').waitFor();
      await mock.call('DELETE', `/v1/webhooks/${wrong.id}`);
      await page.getByText('The webhook was deleted before this was delivered').waitFor();
      await page.getByText('The webhook is deleted').waitFor();

      await attempts.first().getByRole('link', { name: 'D3' }).click();
      await page.locator('#clause-D3.wanted').waitFor();
    });
  }),
);

test('the timeline ends at the moment in which the delivery was lost', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org, hook } = await mock.register(`${new URL(consumer.url).origin}/elsewhere`, ['offer.updated']);
    const [id] = (await mock.post(`/v1/organizations/${org}/trigger`, { event: 'offer.updated' })).deliveries;
    await mock.post('/v1/clock/advance', { seconds: 30 });
    await withPage(mock.url, async (page) => {
      await open(page, mock, id);
      const ladder = page.locator('svg.timeline');
      assert.equal(await ladder.locator('circle.spot.lost').count(), 0);
      await mock.call('DELETE', `/v1/webhooks/${hook}`);
      await page.getByText('×: dropped at').waitFor();
      const { lostAt, attempts } = await mock.get(`/v1/deliveries/${id}`);
      assert.match(await ladder.getAttribute('aria-label'), new RegExp(`; dropped at .*${lostAt.slice(11, 19)}\\.$`));
      const [tried, lost] = await ladder.locator('circle.spot').evaluateAll((all) => all.map((one) => Number(one.getAttribute('cx'))));
      const shown = ((lost - tried) / Number(await ladder.locator('.axis').getAttribute('x2'))) * 60_000; // a minute is the least that is drawn
      assert.ok(Math.abs(shown - (Date.parse(lostAt) - Date.parse(attempts[0].startedAt))) < 200, `${shown} ms`);
    });
  }),
);

/** A consumer that answers 503, but only when `answer()` is called: to the push that has waited longest. */
async function slowConsumer() {
  const waiting = [];
  const server = http.createServer((request, response) => server.emit('push', waiting.push(response)));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    pushed: () => once(server, 'push'),
    answer: () => waiting.shift().writeHead(503).end(),
    stop: () => new Promise((done) => server.close(done).closeAllConnections()),
  };
}

const ends = {
  deleted: (mock, hook) => mock.call('DELETE', `/v1/webhooks/${hook}`),
  disabled: (mock, hook, consumer) => consumer.answer(), // to the delivery before: one failure disables
};

for (const [change, end] of Object.entries(ends)) {
  test(`no retry is promised of an attempt that is under way when its webhook is ${change}`, { timeout: 240_000 }, () =>
    withStage(async ({ folder, started }) => {
      const consumer = await slowConsumer();
      const mock = new Mock(folder, ['--clock', 'real', '--allow-local', '--allow-http', '--disable-after', '1']);
      started.push(consumer, mock);
      await mock.start();
      const { org, hook } = await mock.register(consumer.url, ['offer.updated']);
      const fire = async () => {
        const pushed = consumer.pushed();
        const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'offer.updated' });
        await pushed;
        return deliveries[0];
      };
      await withPage(mock.url, async (page) => {
        if (change === 'disabled') await fire();
        await open(page, mock, await fire());
        await page.getByText('Still to come if it keeps failing').waitFor();
        await end(mock, hook, consumer);
        await page.getByText(`The webhook was ${change} while an attempt is under way.`).waitFor();
        assert.equal(await page.getByText('Still to come').count(), 0);
        assert.equal(await page.locator('svg.timeline circle.spot').count(), 1);
        consumer.answer();
        await page.getByText(`The webhook was ${change} before this was delivered`).waitFor();
        await page.getByText('×: dropped at').waitFor();
      });
    }),
  );
}

test('a delivery that was born dropped shows when', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(`${new URL(consumer.url).origin}/elsewhere`, ['offer.updated']);
    const fire = () => mock.post(`/v1/organizations/${org}/trigger`, { event: 'offer.updated' });
    await fire();
    await mock.post('/v1/clock/advance', { seconds: 0 });
    const { missed } = await fire();
    await withPage(mock.url, async (page) => {
      await open(page, mock, missed[0]);
      await page.getByText('None was made.').waitFor();
      await page.getByText('×: dropped at').waitFor();
      assert.match(await page.locator('svg.timeline').getAttribute('aria-label'), /^Timeline: dropped at [^;]*$/);
      await page.locator('.facts dt').getByText('Dropped').waitFor();
    });
  }, ['--disable-after', '1']),
);

test('a failed attempt shows how the consumer answered', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(`${new URL(consumer.url).origin}/elsewhere`, ['offer.updated']);
    const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'offer.updated' });
    await mock.post('/v1/clock/advance', { seconds: 0 });
    await withPage(mock.url, async (page) => {
      await open(page, mock, deliveries[0]);
      await page.locator('.attempt').getByText('The answer began: HTTP/1.1 404 Not Found').waitFor();
    });
  }),
);

test('resending opens the new delivery, which is marked as a copy', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated' });
    await mock.get('/v1/idle');
    await withPage(mock.url, async (page) => {
      await open(page, mock, deliveries[0]);
      await page.getByRole('button', { name: 'Resend' }).click();
      await page.getByText('Copy of').waitFor();
      await page.getByText('Delivered at the first attempt.').waitFor();
      assert.ok(!page.url().includes(deliveries[0]));
      const again = page.url().split('/').at(-1);
      await page.locator('.facts').getByRole('link', { name: deliveries[0] }).click();
      await page.getByText('Sent again as').waitFor();
      await page.reload();
      await page.locator('.facts').getByRole('link', { name: again }).waitFor();
    });
  }),
);

test('bytes that are no JSON are shown as they stand, and a huge body does not hold up the page', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    const broken = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated', body: '{"event":' });
    const huge = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated', data: { id: 'x', text: 'y'.repeat(4_000_000) } });
    await withPage(mock.url, async (page) => {
      await open(page, mock, broken.deliveries[0]);
      await page.getByText('This is no well-formed JSON.').waitFor();
      assert.equal(await page.locator('.body-text').textContent(), '{"event":');
      await open(page, mock, huge.deliveries[0]);
      await page.getByText('Only the first 200.0 kB are shown.').waitFor();
      const curl = await copied(page, 'Copy as curl');
      assert.ok(curl.endsWith('--data-binary @body.json'), curl.slice(-60));
    });
  }),
);

test('what is drawn again meanwhile keeps the focus of who goes through it with Tab', { timeout: 240_000 }, () =>
  withMockAndConsumer(async ({ mock, consumer }) => {
    const { org } = await mock.register(consumer.url, ['invoice.updated']);
    const { deliveries } = await mock.post(`/v1/organizations/${org}/trigger`, { event: 'invoice.updated' });
    await mock.get('/v1/idle');
    await withPage(mock.url, async (page) => {
      await open(page, mock, deliveries[0]);
      const focused = () => page.evaluate(() => `${document.activeElement.localName} ${document.activeElement.textContent}`);
      const links = page.locator('main').getByRole('link');
      await page.getByRole('link', { name: 'D3' }).first().waitFor();
      for (let i = 0; i < (await links.count()); i++) {
        await links.nth(i).focus();
        const held = await focused();
        const { now } = await mock.post('/v1/clock/advance', { seconds: 60 });
        await page.getByText(now.slice(11, 19)).first().waitFor();
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        assert.equal(await focused(), held);
      }
    });
  }),
);
