// The operator desk (S3): what Prospero's staff does on request. Register, enable again, delete by URL.
import { post, remove } from './api.js';
import { copyButton } from './clipboard.js';
import { confirmed } from './confirm.js';
import { field, h, oncePerFrame } from './dom.js';
import { fromNow, maskedUrl } from './format.js';
import { registerForm } from './register_form.js';
import { mockNow, organizationName, setWebhook, state, subscribe } from './state.js';
import { guarded, say } from './toast.js';
import { stateBadge } from './words.js';

async function enable(webhook) {
  setWebhook(await post(`v1/webhooks/${webhook.id}/enable`));
  say('Enabled again. The count starts at zero; nothing that was missed is sent (X4).');
}

async function deleteIt(webhook) {
  const detail = 'Its pending retries are dropped, its history stays (G2). The same URL can be registered again, as a new webhook.';
  if (!(await confirmed('Delete this webhook?', detail, 'Delete'))) return;
  setWebhook(await remove(`v1/webhooks/${webhook.id}`));
  say('Deleted.');
}

function urlCell(webhook) {
  const text = h('span', { class: 'mono' }, maskedUrl(webhook.url));
  const show = h('button', { type: 'button', class: 'plain', 'aria-pressed': 'false' }, 'Show');
  show.addEventListener('click', () => {
    const shown = show.getAttribute('aria-pressed') !== 'true';
    show.setAttribute('aria-pressed', String(shown));
    show.textContent = shown ? 'Hide' : 'Show';
    text.textContent = shown ? webhook.url : maskedUrl(webhook.url);
  });
  return [text, ' ', show, copyButton('Copy', 'The URL', () => webhook.url)];
}

function stateCell(webhook) {
  if (webhook.state !== 'disabled') return stateBadge(webhook.state);
  return [stateBadge('disabled'), webhook.disabledAt && h('span', { class: 'hint' }, ` ${fromNow(webhook.disabledAt, mockNow())}`)];
}

function actions(webhook) {
  if (webhook.state === 'deleted') return null;
  const enableButton = webhook.state === 'disabled' && h('button', { type: 'button', class: 'main', onclick: (event) => guarded(event.target, () => enable(webhook)) }, 'Enable again');
  const deleteButton = h('button', { type: 'button', class: 'danger', onclick: (event) => guarded(event.target, () => deleteIt(webhook)) }, 'Delete');
  return h('div', { class: 'row' }, enableButton, deleteButton);
}

const item = (webhook) =>
  h(
    'li',
    { class: 'desk-item', dataset: { webhookId: webhook.id } },
    h('div', { class: 'desk-url' }, urlCell(webhook)),
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
    list.replaceChildren(...shown.reverse().map(item));
    none.hidden = shown.length > 0;
  });
  withDeleted.addEventListener('change', draw);
  draw();
  const head = h('div', { class: 'panel-head' }, h('h2', {}, 'Webhooks'), h('div', { class: 'end' }, h('label', { class: 'check' }, withDeleted, 'Show deleted ones')));
  return { element: h('section', { class: 'panel' }, head, none, list), draw };
}

function deleteByUrl() {
  const url = h('input', { type: 'url', required: true, placeholder: 'https://', autocomplete: 'off', spellcheck: 'false' });
  const choice = h('select', {}, h('option', { value: '' }, 'the only one that has it'));
  const problem = h('p', { class: 'problem', role: 'alert' });
  const fill = () => choice.replaceChildren(choice.firstChild, ...[...state.organizations.values()].map((one) => h('option', { value: one.id }, one.name)));
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = '';
    try {
      setWebhook(await post('v1/webhooks/delete', { url: url.value.trim(), ...(choice.value ? { orgId: choice.value } : {}) }));
      url.value = '';
      say('Deleted.');
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  fill();
  const fields = h('div', { class: 'fields' }, field('URL', url), field('Organization', choice), h('button', { class: 'danger' }, 'Delete by URL'));
  const hint = h('p', { class: 'hint' }, 'How Prospero’s staff names a webhook (S3). Spellings of one URL are equal (G3).');
  return { element: h('section', { class: 'panel' }, h('h2', {}, 'Delete by URL'), h('form', { class: 'stack', onsubmit: submit }, fields, problem, hint)), fill };
}

export function showDesk(main) {
  const list = webhookList();
  const removal = deleteByUrl();
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
