// One attempt: what became of it and why, and where its time went, against the line of 5 s.
import { cited, clauseLink, withFlags } from './clauses.js';
import { h } from './dom.js';
import { foreign, visible } from './foreign.js';
import { dayMonth, duration, exactTime } from './format.js';
import { explain } from './outcomes.js';
import { tookMs } from './recent.js';
import { outcomeWords } from './words.js';

const phases = [
  ['dnsMs', 'name look-up'],
  ['connectMs', 'connect'],
  ['tlsMs', 'TLS'],
  ['sendMs', 'send'],
  ['waitMs', 'wait for the answer'],
];

// A bar that runs is as long as the page has seen the attempt run: real time, whatever the clock of the mock does.
const firstSeen = new Map(); // key of an attempt -> performance.now()

function runningBar(key, limitMs) {
  if (!firstSeen.has(key)) firstSeen.set(key, performance.now());
  const part = h('i', { class: 'phase running', style: { 'animation-duration': `${limitMs * 1.2}ms`, 'animation-delay': `${firstSeen.get(key) - performance.now()}ms` } });
  return h('div', { class: 'phases' }, h('div', { class: 'phase-head' }, h('span', { class: 'label' }, 'Time'), h('span', { class: 'muted' }, `at most ${duration(limitMs)}`)), h('div', { class: 'phase-bar', role: 'img', 'aria-label': `Running, against the limit of ${duration(limitMs)}` }, part, limitLine(limitMs)));
}

function limitLine(limitMs) {
  const place = `${100 / 1.2}%`;
  return [h('i', { class: 'phase-limit', style: { left: place } }), h('span', { class: 'phase-limit-label', 'aria-hidden': 'true', style: { left: place } }, `${duration(limitMs)} limit`)];
}

const reached = (attempt) => phases.filter(([key]) => attempt.phases[key] !== null);

/** The bar is 6 s long, so that what ran into the limit is seen to do so. */
function bar(attempt, limitMs) {
  const whole = limitMs * 1.2;
  const segments = reached(attempt).map(([key]) => {
    const part = h('i', { class: `phase ${key}` });
    part.style.setProperty('width', `${(100 * attempt.phases[key]) / whole}%`);
    return part;
  });
  const words = reached(attempt).map(([key, name]) => `${name} ${duration(attempt.phases[key])}`);
  return h('div', { class: 'phase-bar', role: 'img', 'aria-label': `Phases against the limit of ${duration(limitMs)}: ${words.join(', ')}` }, segments, limitLine(limitMs));
}

const legend = (attempt) =>
  h('ul', { class: 'phase-legend' }, reached(attempt).map(([key, name]) => h('li', {}, h('i', { class: `phase ${key}` }), `${name} `, h('b', {}, duration(attempt.phases[key])))));

function timing(attempt, limitMs) {
  if (!reached(attempt).length) return null;
  const took = tookMs(attempt);
  const text = `${duration(took)} of ${duration(limitMs)}`;
  return h('div', { class: 'phases' }, h('div', { class: 'phase-head' }, h('span', { class: 'label' }, 'Time'), h('span', { class: 'muted' }, text)), bar(attempt, limitMs), legend(attempt));
}

/** `again`: a newer attempt came to the same, and told how to mend it. */
function explanation(attempt, { again, isLast }) {
  if (!attempt.outcome) return h('p', { class: 'muted' }, 'Waiting for the consumer.');
  const { clause, meaning, fix } = explain(attempt, isLast);
  const detail = attempt.outcome !== 'ok' && attempt.detail;
  return [
    h('p', {}, cited(meaning), ' ', clauseLink(clause)),
    detail && h('p', { class: 'detail mono' }, foreign(attempt.detail)),
    attempt.answer && h('p', { class: 'detail mono' }, h('span', { class: 'label' }, 'The answer began: '), foreign(attempt.answer)),
    fix && !again && h('p', { class: 'fix' }, h('b', {}, 'To fix: '), withFlags(visible(fix))),
  ];
}

function times(attempt) {
  const late = Date.parse(attempt.startedAt) - Date.parse(attempt.scheduledAt);
  const started = `started ${dayMonth(attempt.startedAt)} ${exactTime(attempt.startedAt)}`;
  return late > 999 ? `${started}, ${duration(late)} after it was due` : started;
}

/** `options`: limitMs, again, isLast, and a key that no other attempt has. */
export function attemptView(attempt, options) {
  const [tone, text] = outcomeWords(attempt);
  return h(
    'li',
    { class: 'attempt', dataset: { attempt: attempt.number } },
    h('span', { class: `attempt-number ${tone}`, 'aria-hidden': 'true' }, attempt.number),
    h(
      'div',
      { class: 'attempt-body' },
      h(
        'div',
        { class: 'attempt-head' },
        h('h3', {}, attempt.number === 1 ? 'First attempt' : `Retry ${attempt.number - 1}`),
        h('span', { class: `status ${tone}` }, text),
        h('span', { class: 'muted' }, times(attempt)),
        attempt.uncertain && h('span', { class: 'status warn' }, 'may be a copy (G5)'),
      ),
      explanation(attempt, options),
      attempt.outcome ? timing(attempt, options.limitMs) : runningBar(options.key, options.limitMs),
    ),
  );
}
