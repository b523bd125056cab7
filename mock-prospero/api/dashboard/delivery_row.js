// One delivery on one line: what the lists show of it.
import { countdown } from './countdown.js';
import { h } from './dom.js';
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
function resultText(delivery) {
  const last = delivery.attempts.at(-1);
  if (!last) return delivery.reason ? reasonWords(delivery.reason)[0] : 'not tried yet';
  const text = outcomeWords(last)[1];
  if (delivery.state === 'pending' && delivery.nextAttemptAt) {
    return [`${text}, again `, countdown(delivery.nextAttemptAt)];
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
    cell('cell-hook', hook ? webhookName(hook) : '–'),
    cell('cell-time', h('span', { class: 'day' }, `${dayMonth(delivery.createdAt)} `), clockTime(delivery.createdAt)),
  ];
}

export const columns = ['State', 'Webhook event', 'Entity', 'Attempts, a dot for each', 'Webhook', 'Created'];
