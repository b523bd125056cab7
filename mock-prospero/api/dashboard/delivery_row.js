// One delivery on one line: what the lists show of it.
import { h } from './dom.js';
import { clockTime, dayMonth, fromNow, maskedUrl, shortId } from './format.js';
import { mockNow, state } from './state.js';
import { outcomeWords, reasonWords, stateBadge } from './words.js';

function attemptDots(delivery) {
  const dots = delivery.attempts.map((one) => h('i', { class: `dot ${outcomeWords(one)[0]}` }));
  return h('span', { class: 'dots', 'aria-hidden': 'true' }, dots);
}

function resultText(delivery) {
  const last = delivery.attempts.at(-1);
  if (!last) return delivery.reason ? reasonWords(delivery.reason)[0] : 'not tried yet';
  const text = outcomeWords(last)[1];
  if (delivery.state === 'pending' && delivery.nextAttemptAt) {
    return `${text}, again ${fromNow(delivery.nextAttemptAt, mockNow())}`;
  }
  return text;
}

/** The cells of a row, each made by `cell(class, ...content)`. */
export function rowCells(delivery, cell) {
  const hook = state.webhooks.get(delivery.webhookId);
  return [
    cell('cell-state', stateBadge(delivery.state)),
    cell('cell-event', h('span', { class: 'mono' }, delivery.event)),
    cell('cell-entity mono', shortId(delivery.entityId) || '–'),
    cell('cell-result', attemptDots(delivery), resultText(delivery)),
    cell('cell-hook', hook ? maskedUrl(hook.url) : '–'),
    cell('cell-time', h('span', { class: 'day' }, `${dayMonth(delivery.createdAt)} `), clockTime(delivery.createdAt)),
  ];
}

export const columns = ['State', 'Webhook event', 'Entity', 'Attempts', 'Webhook', 'Created'];
