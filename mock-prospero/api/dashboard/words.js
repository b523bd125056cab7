// The words of the API in words for people, each with its colour.
import { status } from './dom.js';

const states = {
  pending: 'info',
  delivered: 'good',
  abandoned: 'bad',
  dropped: 'warn',
  enabled: 'good',
  disabled: 'bad',
  deleted: '',
};

const outcomes = {
  ok: ['good', 'ok'],
  bad_status: ['bad', 'wrong status'],
  timeout: ['bad', 'timeout'],
  unreachable: ['bad', 'unreachable'],
  not_http: ['bad', 'not HTTP'],
  tls_error: ['bad', 'TLS error'],
  refused_address: ['bad', 'refused address'],
  interrupted: ['warn', 'interrupted'],
};

export const deliveryStates = ['pending', 'delivered', 'abandoned', 'dropped', ['missed', 'missed: abandoned or dropped']];
export const outcomeChoices = Object.entries(outcomes).map(([name, [, text]]) => [name, text]);

export const stateBadge = (state) => status(states[state] ?? '', state);

/** [tone, text] of an attempt; one under way has no outcome yet. */
export function outcomeWords(attempt) {
  if (!attempt.outcome) return ['info', 'under way'];
  const [tone, text] = outcomes[attempt.outcome] ?? ['', attempt.outcome];
  return [tone, attempt.status ? `${text} (${attempt.status})` : text];
}

/** Why a delivery that ended without success did so: [short, sentence]. */
const reasons = {
  retries_exhausted: ['all attempts failed', 'All four attempts failed.'],
  disabled: ['dropped: disabled', 'The webhook was disabled before this was delivered: nothing more was sent (X3, G1).'],
  webhook_disabled_before: ['not sent: disabled', 'The webhook was disabled when this happened, so it was never queued (X3).'],
  deleted: ['webhook deleted', 'The webhook was deleted before this was delivered: nothing more was sent (G1, G2).'],
};

// The same of what still waited for its first attempt.
const untried = {
  disabled: ['not sent: disabled', 'It waited for its first attempt when the webhook was disabled. It was dropped (X3).'],
  deleted: ['not sent: webhook deleted', 'The webhook was deleted before the first attempt (G2).'],
};

export function reasonWords({ reason, attempts }) {
  return (!attempts.length && untried[reason]) || (reasons[reason] ?? [reason, '']);
}

/** [reason, what is said after a number]: 3 "whose four attempts failed". */
export const missedReasons = [
  ['retries_exhausted', 'after four failed attempts'],
  ['disabled', 'not yet delivered when it was disabled'],
  ['webhook_disabled_before', 'happened while it was disabled'],
  ['deleted', 'not yet delivered when it was deleted'],
];

const caseTones = { passed: 'good', failed: 'bad', advice: 'warn', error: 'odd', skipped: '' };

/** [status, text] of the cases of a conformance run. */
export const caseStatuses = [
  ['failed', 'failed'],
  ['advice', 'advice'],
  ['error', 'not judged'],
  ['passed', 'passed'],
  ['skipped', 'skipped'],
];

export const caseBadge = (name) => status(caseTones[name] ?? '', name);

export const summaryBadges = (summary) =>
  caseStatuses.filter(([name]) => summary[name]).map(([name, text]) => status(caseTones[name], `${summary[name]} ${text}`));

/** What a conformance run came to. */
export function runBadge(run) {
  if (run.state === 'running') return status('info', 'running');
  if (run.state !== 'finished') return status('warn', run.state);
  if (run.exitCode === 0) return status('good', run.full ? 'conforms' : 'holds');
  return run.exitCode === 1 ? status('bad', 'does not conform') : status('warn', 'not judged');
}
