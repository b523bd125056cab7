// The parts of the page that need no browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const page = '../../mock-prospero/api/dashboard';
const { asCurl, asPush } = await import(`${page}/commands.js`);
const { counted, duration, fromNow, maskedUrl, percent } = await import(`${page}/format.js`);
const { isolated, visible } = await import(`${page}/foreign.js`);
const { layOut } = await import(`${page}/json_text.js`);
const { explain, explainDelivery } = await import(`${page}/outcomes.js`);
const { mergePatch, takenApart, withMembers } = await import(`${page}/spelled.js`);
const { readHash } = await import(`${page}/router.js`);
const { splitEvents } = await import(`${page}/stream.js`);
const { spread, steps } = await import(`${page}/timeline.js`);
const { matches } = await import(`${page}/delivery_rows.js`);
const { byTrouble, inPlace } = await import(`${page}/trouble.js`);

const laidOut = (text) => layOut(text)?.map((one) => one.text).join('') ?? null;

test('durations have two units at most', () => {
  const rows = [
    [0, '0 ms'], [999, '999 ms'], [1000, '1 s'], [1250, '1.25 s'], [59_960, '60 s'], [60_000, '1 min'], [61_500, '1 min 1 s'],
    [3_600_000, '1 h'], [25_260_000, '7 h 1 min'], [90_000_000, '1 d 1 h'],
  ];
  for (const [ms, text] of rows) assert.equal(duration(ms), text);
});

test('other values are told as people read them', () => {
  assert.equal(fromNow('2026-11-24T12:01:00Z', '2026-11-24T12:00:00Z'), 'in 1 min');
  assert.equal(fromNow('2026-11-24T11:00:00Z', '2026-11-24T12:00:00Z'), '1 h ago');
  assert.equal(fromNow('2026-11-24T12:00:00.500Z', '2026-11-24T12:00:00Z'), 'now');
  assert.equal(counted(1, 'delivery', 'deliveries'), '1 delivery');
  assert.equal(counted(100_000, 'delivery', 'deliveries'), '100,000 deliveries');
  assert.equal(percent(199, 200), '99 %');
  assert.equal(maskedUrl('https://my.host:8443/hook/secret?x=1'), 'https://my.host:8443/***');
  assert.equal(maskedUrl('no url'), '***');
});

test('text that would turn its neighbours around is made harmless, other text is left alone', () => {
  const rows = [['Opera', 'Opera'], ['é 日本 🎭', 'é 日本 🎭'], ['a\u202eb\u2069\u200f', 'a⟨U+202E⟩b⟨U+2069⟩⟨U+200F⟩'], ['\u05d0', '\u2068\u05d0\u2069']];
  for (const [text, shown] of rows) assert.equal(isolated(text), shown);
  assert.equal(visible('\u05d0\u2066'), '\u05d0⟨U+2066⟩');
});

test('JSON is laid out without a changed token', () => {
  assert.equal(laidOut('{"a":1e400,"a":[],"b":[1,{"c":"\\u00e9 {,}"}],"d":{}}'), '{\n  "a": 1e400,\n  "a": [],\n  "b": [\n    1,\n    {\n      "c": "\\u00e9 {,}"\n    }\n  ],\n  "d": {}\n}');
  assert.equal(laidOut('"text"'), '"text"');
  for (const text of ['', '{', '{"a":}', 'text', '{"a":1}}', '\ufeff{}']) assert.equal(laidOut(text), null, text);
});

test('kinds of JSON tokens are told apart', () => {
  const kinds = layOut('{"k":"s","n":-1,"t":true}').filter((one) => one.kind).map((one) => one.kind);
  assert.deepEqual(kinds, ['key', 'string', 'key', 'number', 'key', 'word']);
});

test('events of the stream are split wherever the pieces end', () => {
  const stream = 'retry: 2000\n\nid: s-1\nevent: delivery\ndata: {"a":": "}\n\n: nothing new\n\nid: s-2\nevent: clock\ndata: {}\n\n';
  for (let cut = 0; cut <= stream.length; cut++) {
    const first = splitEvents(stream.slice(0, cut));
    const second = splitEvents(first.rest + stream.slice(cut));
    const all = [...first.events, ...second.events];
    assert.deepEqual(all.map((one) => [one.id, one.type, one.data]), [['s-1', 'delivery', '{"a":": "}'], ['s-2', 'clock', '{}']]);
    assert.equal(second.rest, '');
  }
});

test('an address is read into its parts', () => {
  assert.deepEqual(readHash('#/').parts, []);
  assert.deepEqual(readHash('').parts, []);
  const { parts, query } = readHash('#/deliveries/a%2Fb?state=pending&event=x.y');
  assert.deepEqual(parts, ['deliveries', 'a/b']);
  assert.equal(query.get('state'), 'pending');
});

const at = (time) => `2026-11-24T${time}.000Z`;
const attempt = (number, time, outcome = 'timeout') => ({ number, startedAt: at(time), scheduledAt: at(time), endedAt: outcome && at(time), outcome, status: null, phases: {} });
const ladder = { retrySeconds: [60, 3600, 21600], delaysCountFrom: 'previous-failure' };

test('the ladder still to come counts from what is planned next', () => {
  const delivery = { state: 'pending', nextAttemptAt: at('13:01:05'), attempts: [attempt(1, '12:00:00'), attempt(2, '12:01:05')] };
  const all = steps(delivery, ladder);
  assert.deepEqual(all.map((one) => [one.number, one.planned, new Date(one.at).toISOString().slice(11, 19)]), [
    [1, false, '12:00:00'], [2, false, '12:01:05'], [3, true, '13:01:05'], [4, true, '19:01:05'],
  ]);
});

test('the ladder still to come may count from the first failure, and what is overdue comes at once', () => {
  const fromFirst = { ...ladder, delaysCountFrom: 'first-failure' };
  const planned = (delivery) => steps(delivery, fromFirst).filter((one) => one.planned).map((one) => [one.number, new Date(one.at).toISOString().slice(11, 19)]);
  const attempts = [attempt(1, '12:00:00', 'interrupted'), attempt(1, '12:00:10'), attempt(2, '12:01:10')];
  assert.deepEqual(planned({ state: 'pending', nextAttemptAt: at('13:00:10'), attempts }), [[3, '13:00:10'], [4, '18:00:10']]);
  assert.deepEqual(planned({ state: 'pending', nextAttemptAt: null, attempts: [attempt(1, '12:00:00', null)] }), [[2, '12:01:00'], [3, '13:00:00'], [4, '18:00:00']]);
  assert.deepEqual(planned({ state: 'pending', nextAttemptAt: null, attempts: [attempt(1, '12:00:00'), attempt(2, '20:00:00', null)] }), [[3, '20:00:00'], [4, '20:00:00']]);
});

test('an interrupted attempt is planned again under its own number', () => {
  const all = steps({ state: 'pending', nextAttemptAt: at('12:00:00'), attempts: [attempt(1, '12:00:00', 'interrupted')] }, ladder);
  assert.deepEqual(all.map((one) => one.number), [1, 1, 2, 3, 4]);
});

test('what surely was not sent is told from what nobody knows', () => {
  const told = (detail) => explain({ number: 1, outcome: 'interrupted', detail, status: null, phases: {} });
  assert.match(told('').fix, /may see a copy/);
  assert.match(told("not sent, for want of the sender's own: Too many open files").fix, /ulimit/);
});

test('nothing is to come after the end, and all of it at the start', () => {
  assert.equal(steps({ state: 'delivered', nextAttemptAt: null, attempts: [attempt(1, '12:00:00', 'ok')] }, ladder).length, 1);
  assert.equal(steps({ state: 'pending', nextAttemptAt: null, attempts: [attempt(1, '12:00:00', null)] }, ladder).length, 4);
  assert.equal(steps({ state: 'dropped', nextAttemptAt: null, attempts: [] }, ladder).length, 0);
  assert.equal(steps({ state: 'pending', nextAttemptAt: null, attempts: [attempt(1, '12:00:00', null)] }, ladder, true).length, 1);
});

test('the moment of a loss is the last step, also of what was never tried', () => {
  const last = (delivery) => { const one = steps(delivery, ladder).at(-1); return [one.lost, new Date(one.at).toISOString().slice(11, 19), one.planned]; };
  assert.deepEqual(last({ state: 'dropped', lostAt: at('12:00:30'), nextAttemptAt: null, attempts: [attempt(1, '12:00:00')] }), ['dropped', '12:00:30', false]);
  assert.deepEqual(last({ state: 'dropped', lostAt: at('12:00:30'), nextAttemptAt: null, attempts: [] }), ['dropped', '12:00:30', false]);
  assert.deepEqual(last({ state: 'abandoned', lostAt: at('19:01:05'), nextAttemptAt: null, attempts: [attempt(4, '19:01:00')] }), ['abandoned', '19:01:05', false]);
});

test('webhooks in trouble come first, and none moves under a hand', () => {
  const hook = (id, state, consecutiveFailures) => ({ id, state, consecutiveFailures });
  const all = [hook('old', 'enabled', 0), hook('off', 'disabled', 3), hook('shaky', 'enabled', 2), hook('gone', 'disabled', 20), hook('new', 'enabled', 0)];
  const ids = (webhooks) => webhooks.map(({ id }) => id);
  assert.deepEqual(ids(byTrouble(all)), ['gone', 'off', 'shaky', 'new', 'old']);
  assert.deepEqual(ids(inPlace(byTrouble(all), ['new', 'shaky', 'left', 'old'])), ['new', 'shaky', 'old', 'gone', 'off']);
});

test('marks that would cover each other stand apart, in order and inside', () => {
  assert.deepEqual(spread([0, 2, 100, 300], 26, 300), [0, 26, 100, 300]);
  assert.deepEqual(spread([0, 295, 298, 300], 26, 300), [0, 248, 274, 300]);
  assert.deepEqual(spread([], 26, 300), []);
});

test('every outcome has a clause and, if it failed, a fix', () => {
  const none = { dnsMs: null, connectMs: null, tlsMs: null, sendMs: null, waitMs: null };
  const rows = [
    ['ok', 200, 'D3'], ['timeout', null, 'D4'], ['unreachable', null, 'D5'], ['not_http', null, 'D5'], ['tls_error', null, 'D7'],
    ['refused_address', null, 'D6'], ['interrupted', null, 'G5'], ...[101, 201, 301, 400, 401, 404, 405, 429, 500, 503, 600].map((status) => ['bad_status', status, 'D3']),
  ];
  for (const [outcome, status, clause] of rows) {
    const told = explain({ number: 1, outcome, status, phases: none, detail: '' });
    assert.equal(told.clause, clause, outcome);
    assert.ok(told.meaning.length > 20, outcome);
    assert.equal(told.fix.length > 10, outcome !== 'ok', `${outcome} ${status}`);
  }
});

test('a timeout tells the phase in which it came', () => {
  const phases = { dnsMs: 1, connectMs: 1, tlsMs: 1, sendMs: 1, waitMs: 4996 };
  const rows = [['waitMs', 'waiting'], ['sendMs', 'sending'], ['tlsMs', 'TLS'], ['connectMs', 'connecting'], ['dnsMs', 'looking up']];
  for (const [last, word] of rows) {
    assert.ok(explain({ number: 1, outcome: 'timeout', status: null, phases }).meaning.includes(word), last);
    phases[last] = null;
  }
});

test('what to fix fits the cause', () => {
  const rows = [
    ['unreachable', "name 'nowhere.example' not found", 'Check the host name'], ['unreachable', 'connection refused by 127.0.0.1:1', 'Is it running'],
    ['unreachable', 'connection closed inside the response body', 'Send the complete response'], ['unreachable', 'connection closed before any response', 'Look into its log'],
    ['unreachable', 'Network is unreachable: 10.0.0.1:443', 'firewall'],
    ['tls_error', 'TLS handshake failed: wrong version number; the port does not speak TLS', 'Serve TLS'], ['tls_error', 'connection closed during the TLS handshake', 'TLS 1.2'],
    ['tls_error', 'certificate has expired (notAfter 2020-01-01)', 'valid now'],
    ['timeout', 'not finished within 5 s: response body (status 200)', 'Send the answer at once and whole'], ['timeout', 'not finished within 5 s: waiting for the response', 'Answer first'],
    ['bad_status', '302 leads to https://my.host/hook/; only 200 is success', 'leads to: https://my.host/hook/.'], ['bad_status', '302; only 200 is success', 'leads to. Often'],
  ];
  const phases = { dnsMs: 1, connectMs: 1, tlsMs: 1, sendMs: 1, waitMs: 4996 };
  for (const [outcome, detail, words] of rows) {
    const { fix } = explain({ number: 1, outcome, detail, status: outcome === 'bad_status' ? 302 : null, phases });
    assert.ok(fix.includes(words), `${detail}: ${fix}`);
  }
});

test('the last attempt promises no retry', () => {
  for (const status of [503, 429, 400]) {
    const attempt = { number: 4, outcome: 'bad_status', status, phases: {}, detail: '' };
    assert.match(explain(attempt).meaning, /next retry|every retry/);
    assert.doesNotMatch(explain(attempt, true).meaning, /next retry|every retry/);
  }
});

test('a patch keeps every value as it is spelled, and takes out what is gone', () => {
  const patch = (before, after) => mergePatch(takenApart(before), takenApart(after));
  const rows = [
    ['{"a":1.0,"b":[1, 2]}', '{ "a" : 1.0, "b": [1,2] }', '{}'], ['{"a":1.0}', '{"a":1.00}', '{"a":1.00}'], ['{"a":1,"b":{"c":1,"d":{}}}', '{"b":{"d":{}}}', '{"b":{"c":null},"a":null}'],
    ['{}', '{"\\u0061":[{"x":[]},"]"],"b":{}}', '{"\\u0061":[{"x":[]},"]"],"b":{}}'], ['{"a":{"b":1}}', '{"a":"text"}', '{"a":"text"}'],
  ];
  for (const [before, after, expected] of rows) assert.equal(patch(before, after), expected);
  assert.throws(() => patch('{}', '{"a":1,"\\u0061":2}'), /stands twice/);
});

test('what a form holds goes into an object, in the place of what is there', () => {
  assert.equal(withMembers(takenApart('{"\\u0061":1.0,"b":[1, 2]}'), { a: 'x', c: 'y' }), '{"\\u0061":"x","b":[1,2],"c":"y"}');
  assert.equal(withMembers(takenApart('{}'), { a: 'x' }), '{"a":"x"}');
});

test('each state of a delivery is told in a sentence', () => {
  const rows = [
    [{ state: 'delivered', attempts: [{}, {}] }, 'Delivered with attempt 2.'],
    [{ state: 'pending', attempts: [] }, 'about to be made'],
    [{ state: 'pending', attempts: [{ outcome: null }] }, 'under way'],
    [{ state: 'pending', attempts: [{ outcome: 'timeout' }] }, 'Attempt 1 of 4 failed.'],
    [{ state: 'abandoned', attempts: [{}] }, 'given reason'],
  ];
  const failed = { state: 'pending', attempts: [{ outcome: 'timeout' }] };
  assert.match(explainDelivery(failed, '', ladder), /the end of that one/);
  assert.match(explainDelivery(failed, '', { ...ladder, delaysCountFrom: 'first-failure' }), /the end of the first failed one/);
  for (const [delivery, words] of rows) assert.ok(explainDelivery(delivery, 'given reason', ladder).includes(words), words);
});

test('commands quote whatever the body holds', () => {
  const values = { contentType: 'application/json', userAgent: 'mock-prospero/1', caFiles: ["/tmp/it's/ca.pem"], allowLocal: true, allowHttp: false, allowNets: ['10.0.0.0/8'] };
  const bytes = new TextEncoder().encode("it's");
  assert.ok(asCurl('https://a/b', bytes, "it's", values).startsWith("printf %s 'it'\\''s' | curl "));
  assert.ok(asPush('https://a/b', 'x.y', new Uint8Array([0xff]), null, values).startsWith('printf %s /w== | base64 -d | mock-prospero push https://a/b --event x.y --body - --allow-local --allow-net 10.0.0.0/8 --ca '));
  const other = { ...values, contentType: 'a/b; c="d"', userAgent: "it's" };
  assert.ok(asCurl('https://a/b', bytes, "it's", other).includes(` -H 'Content-Type: a/b; c="d"' -A 'it'\\''s' `));
  assert.ok(asPush('https://a/b', 'x.y', bytes, "it's", other).endsWith(` --content-type 'a/b; c="d"' --user-agent 'it'\\''s'`));
  assert.doesNotMatch(asPush('https://a/b', 'x.y', bytes, "it's", values), /--content-type|--user-agent/);
  assert.ok(asPush('https://a/b', 'x.y', new Uint8Array(200_000), 'x', values).includes('--body body.json'));
});

test('filters fit those of the API', () => {
  const delivery = { webhookId: 'w', event: 'a.b', state: 'pending', entityId: 'e12', attempts: [{ outcome: 'timeout' }, { outcome: null }] };
  const rows = [[{}, true], [{ webhook: 'v' }, false], [{ event: 'a.b', state: 'pending' }, true], [{ outcome: 'timeout' }, true], [{ outcome: 'ok' }, false], [{ state: 'missed' }, false], [{ entity: 'e1' }, true], [{ entity: '12' }, false]];
  for (const [filter, expected] of rows) assert.equal(matches(delivery, filter), expected, JSON.stringify(filter));
  for (const state of ['abandoned', 'dropped']) assert.ok(matches({ ...delivery, state }, { state: 'missed' }), state);
});
