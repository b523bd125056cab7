// One attempt: what became of it and why, and where its time went, against the line of 5 s.
import { h } from './dom.js';
import { dayMonth, duration, exactTime } from './format.js';
import { explain } from './outcomes.js';
import { tookMs } from './recent.js';
import { link } from './router.js';
import { outcomeWords } from './words.js';

const phases = [
  ['dnsMs', 'name look-up'],
  ['connectMs', 'connect'],
  ['tlsMs', 'TLS'],
  ['sendMs', 'send'],
  ['waitMs', 'wait for the answer'],
];

const reached = (attempt) => phases.filter(([key]) => attempt.phases[key] !== null);

/** The bar is 6 s long, so that what ran into the limit is seen to do so. */
function bar(attempt, limitMs) {
  const whole = limitMs * 1.2;
  const segments = reached(attempt).map(([key]) => {
    const part = h('i', { class: `phase ${key}` });
    part.style.setProperty('width', `${(100 * attempt.phases[key]) / whole}%`);
    return part;
  });
  const limit = h('i', { class: 'phase-limit' });
  limit.style.setProperty('left', `${(100 * limitMs) / whole}%`);
  const words = reached(attempt).map(([key, name]) => `${name} ${duration(attempt.phases[key])}`);
  return h('div', { class: 'phase-bar', role: 'img', 'aria-label': `Phases against the limit of ${duration(limitMs)}: ${words.join(', ')}` }, segments, limit);
}

const legend = (attempt) =>
  h('ul', { class: 'phase-legend' }, reached(attempt).map(([key, name]) => h('li', {}, h('i', { class: `phase ${key}` }), `${name} `, h('b', {}, duration(attempt.phases[key])))));

function timing(attempt, limitMs) {
  if (!reached(attempt).length) return null;
  const took = tookMs(attempt);
  const text = `${duration(took)} of ${duration(limitMs)}`;
  return h('div', { class: 'phases' }, h('div', { class: 'phase-head' }, h('span', { class: 'label' }, 'Time'), h('span', { class: 'muted' }, text)), bar(attempt, limitMs), legend(attempt));
}

export const clauseLink = (id) => h('a', { class: 'clause', href: link('contract', id), title: `Clause ${id} of the contract` }, id);

/** `again`: a newer attempt came to the same, and told how to mend it. */
function explanation(attempt, again) {
  if (!attempt.outcome) return h('p', { class: 'muted' }, 'Waiting for the consumer.');
  const { clause, meaning, fix } = explain(attempt);
  const detail = attempt.outcome !== 'ok' && attempt.detail;
  return [
    h('p', {}, meaning, ' ', clauseLink(clause)),
    detail && h('p', { class: 'detail mono' }, attempt.detail),
    fix && !again && h('p', { class: 'fix' }, h('b', {}, 'To fix: '), fix),
  ];
}

function times(attempt) {
  const late = Date.parse(attempt.startedAt) - Date.parse(attempt.scheduledAt);
  const started = `started ${dayMonth(attempt.startedAt)} ${exactTime(attempt.startedAt)}`;
  return late > 999 ? `${started}, ${duration(late)} after it was due` : started;
}

export function attemptView(attempt, limitMs, again) {
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
      explanation(attempt, again),
      timing(attempt, limitMs),
    ),
  );
}
