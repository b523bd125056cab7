// One delivery on one line: what the lists show of it.
import { countdown } from './countdown.js';
import { h } from './dom.js';
import { visible } from './foreign.js';
import { clockTime, dayMonth, shortId } from './format.js';
import { state } from './state.js';
import { webhookName } from './webhook_url.js';
import { outcomeWords, reasonWords, stateBadge } from './words.js';

function attemptDots(delivery) {
  if (!delivery.attempts.length) return null;
  const dots = delivery.attempts.map((one) => h('i', { class: `dot ${outcomeWords(one)[0]}` }));
  const title = `One dot for each attempt: ${delivery.attempts.length} of at most 4`;
  return h('span', { class: 'dots', 'aria-hidden': 'true', title }, dots);
}

/** The last attempt in words, or what came instead of it. */
function resultWords(delivery) {
  const last = delivery.attempts.at(-1);
  if (!last) return delivery.reason ? reasonWords(delivery)[0] : 'not tried yet';
  return outcomeWords(last)[1];
}

/** Where there is no room for all of it, the words are cut and never the time. */
function result(delivery) {
  const words = resultWords(delivery);
  const due = delivery.attempts.length > 0 && delivery.state === 'pending' && delivery.nextAttemptAt;
  const again = due && h('span', { class: 'again' }, ', again ', countdown(due));
  const title = due ? `${words}, again at ${clockTime(due)} UTC` : words;
  return h('span', { class: 'result', title }, h('span', { class: 'outcome' }, words), again);
}

/** What may be cut is told in full when it is pointed at. */
const whole = (text, name) => h('span', { class: name, title: text }, text);

/** The cells of a row, each made by `cell(class, ...content)`. */
export function rowCells(delivery, cell) {
  const hook = state.webhooks.get(delivery.webhookId);
  const entity = visible(delivery.entityId ?? '');
  return [
    cell('cell-state', stateBadge(delivery.state)),
    cell('cell-event', whole(delivery.event, 'mono')),
    cell('cell-entity', h('span', { class: 'mono', title: entity || null }, shortId(entity) || '–')),
    cell('cell-result', attemptDots(delivery), result(delivery)),
    cell('cell-hook', hook ? whole(webhookName(hook)) : '–'),
    cell('cell-time', h('span', { class: 'day' }, `${dayMonth(delivery.createdAt)} `), clockTime(delivery.createdAt)),
  ];
}

export const columns = ['State', 'Webhook event', 'Entity', 'Attempts, a dot for each', 'Webhook', 'Created'];
