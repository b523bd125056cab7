// Deleting a webhook by its URL, as Prospero's staff names it (S3).
import { post } from './api.js';
import { cited } from './clauses.js';
import { field, h } from './dom.js';
import { withoutMember } from './format.js';
import { liveWebhooks, state } from './state.js';

/** The API knows which spellings are equal (G3), so that it is asked, and its answer told in names instead of ids. */
function inWords(error) {
  const several = [...state.organizations.values()].filter((one) => error.message.includes(one.id));
  if (error.status !== 409 || !several.length) return withoutMember(error.message);
  return `Several organizations have that URL: ${several.map((one) => one.name).join(', ')}. Choose one above.`;
}

// To say which it is before it happens. The API knows further spellings.
const spelling = (url) => (URL.canParse(url) ? new URL(url).href : url);

const findWebhooks = (url, orgId) => liveWebhooks().filter((one) => spelling(one.url) === spelling(url) && (!orgId || one.orgId === orgId));

/** `ask(webhook, work)` asks, and works; the webhook may be unknown. Returns {element, fill()}. */
export function deleteForm(ask) {
  const url = h('input', { type: 'url', required: true, placeholder: 'https://', autocomplete: 'off', spellcheck: 'false' });
  const choice = h('select', {}, h('option', { value: '' }, 'the only one that has it'));
  const problem = h('p', { class: 'problem', role: 'alert' });
  const fill = () => {
    const chosen = choice.value;
    choice.replaceChildren(choice.firstChild, ...[...state.organizations.values()].map((one) => h('option', { value: one.id }, one.name)));
    choice.value = chosen;
  };
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = '';
    const wish = { url: url.value.trim(), ...(choice.value ? { orgId: choice.value } : {}) };
    const work = async () => {
      const deleted = await post('v1/webhooks/delete', wish);
      url.value = '';
      return deleted;
    };
    try {
      const found = findWebhooks(wish.url, wish.orgId);
      await (found.length > 1 ? work() : ask(found[0], work)); // of several, the API takes none
    } catch (error) {
      problem.textContent = inWords(error);
    }
  };
  fill();
  const fields = h('div', { class: 'fields' }, field('URL', url), field('Organization', choice), h('button', { class: 'danger' }, 'Delete by URL'));
  const hint = h('p', { class: 'hint' }, cited('How Prospero’s staff names a webhook (S3). Spellings of one URL are equal (G3).'));
  return { element: h('section', { class: 'panel' }, h('h2', {}, 'Delete by URL'), h('form', { class: 'stack', onsubmit: submit }, fields, problem, hint)), fill };
}
