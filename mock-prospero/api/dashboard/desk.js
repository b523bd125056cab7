// The operator desk (S3): what Prospero's staff does on request. Register, enable again, delete by URL.
import { get, post, remove, withQuery } from './api.js';
import { cited } from './clauses.js';
import { confirmed } from './confirm.js';
import { deleteForm } from './delete_form.js';
import { h, keepingFocus, oncePerFrame } from './dom.js';
import { counted, fromNow } from './format.js';
import { registerForm } from './register_form.js';
import { mockNow, organizationName, setWebhook, state, subscribe } from './state.js';
import { guarded, say } from './toast.js';
import { webhookUrl } from './webhook_url.js';
import { stateBadge } from './words.js';

async function enable(webhook) {
  setWebhook(await post(`v1/webhooks/${webhook.id}/enable`));
  say(cited('Enabled again. The count starts at zero; nothing that was missed is sent (X4).'));
}

/** Asks first; `work` deletes and answers with the webhook. */
async function deleteAfterAsking(webhook, work) {
  const waiting = (await get(withQuery('v1/deliveries/count', { webhook: webhook.id, state: 'pending' }))).total;
  const dropped = waiting ? `${counted(waiting, 'pending delivery', 'pending deliveries')} will be dropped; its history stays (G2).` : 'Its history stays (G2).';
  const detail = [h('span', { class: 'mono' }, webhook.url), ` of ${organizationName(webhook.orgId)}. `, ...cited(dropped), ' The same URL can be registered again, as a new webhook.'];
  if (!(await confirmed('Delete this webhook?', detail, 'Delete'))) return;
  setWebhook(await work());
  say(waiting ? `Deleted. ${counted(waiting, 'pending delivery was', 'pending deliveries were')} dropped.` : 'Deleted.');
}

function stateCell(webhook) {
  if (webhook.state !== 'disabled') return stateBadge(webhook.state);
  return [stateBadge('disabled'), webhook.disabledAt && h('span', { class: 'hint' }, ` ${fromNow(webhook.disabledAt, mockNow())}`)];
}

function actions(webhook) {
  if (webhook.state === 'deleted') return null;
  const button = (text, tone, work) => {
    const made = h('button', { type: 'button', class: tone, dataset: { key: `${text} ${webhook.id}` }, onclick: () => guarded(made, work) }, text);
    return made;
  };
  return h(
    'div',
    { class: 'row' },
    webhook.state === 'disabled' && button('Enable again', 'main', () => enable(webhook)),
    button('Delete', 'danger', () => deleteAfterAsking(webhook, () => remove(`v1/webhooks/${webhook.id}`))),
  );
}

const item = (webhook) =>
  h(
    'li',
    { class: 'desk-item', dataset: { webhookId: webhook.id } },
    h('div', { class: 'desk-url' }, webhookUrl(webhook)),
    h('div', { class: 'row' }, stateCell(webhook), h('span', { class: 'muted' }, organizationName(webhook.orgId))),
    h('p', { class: 'hint mono' }, webhook.events.join(', ')),
    actions(webhook),
  );

function webhookList() {
  const list = h('ul', { class: 'desk-list' });
  const withDeleted = h('input', { type: 'checkbox' });
  const none = h('p', { class: 'empty' }, 'No webhook is registered.');
  const draw = oncePerFrame(() => {
    const shown = [...state.webhooks.values()].filter((one) => one.state !== 'deleted' || withDeleted.checked);
    keepingFocus(list, () => list.replaceChildren(...shown.reverse().map(item)));
    none.hidden = shown.length > 0;
  });
  withDeleted.addEventListener('change', draw);
  draw();
  const head = h('div', { class: 'panel-head' }, h('h2', {}, 'Webhooks'), h('div', { class: 'end' }, h('label', { class: 'check' }, withDeleted, 'Show deleted ones')));
  return { element: h('section', { class: 'panel' }, head, none, list), draw };
}

export function showDesk(main) {
  const list = webhookList();
  const removal = deleteForm(deleteAfterAsking);
  const form = registerForm();
  const update = () => {
    list.draw();
    removal.fill();
    form.refresh();
  };
  main.append(
    h('div', { class: 'title-row' }, h('h1', {}, 'Operator desk')),
    h('p', { class: 'lede' }, 'What Prospero’s staff does for you on request (S3). There is no self-service yet.'),
    h('div', { class: 'two-columns' }, h('div', { class: 'stack' }, form.element, removal.element), list.element),
  );
  return subscribe('webhooks', update);
}
