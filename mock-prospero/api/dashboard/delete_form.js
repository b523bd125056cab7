// Deleting a webhook by its URL, as Prospero's staff names it (S3).
import { post } from './api.js';
import { cited } from './clauses.js';
import { field, h } from './dom.js';
import { refusal } from './refusal.js';
import { liveWebhooks, organizationName, state } from './state.js';

/** The API tells organizations by their ids. */
function inWords(error) {
  const several = [...state.organizations.values()].filter((one) => error.message.includes(one.id));
  if (error.status !== 409 || !several.length) return error;
  return new Error(`Several organizations have that URL: ${several.map((one) => organizationName(one.id)).join(', ')}. Choose one above.`);
}

// To say which it is before it happens. More spellings are one here than for the API (G3): it never finds what this does not.
const spelling = (url) => (URL.canParse(url) ? new URL(url).href : url);

const findWebhooks = (url, orgId) => liveWebhooks().filter((one) => spelling(one.url) === spelling(url) && (!orgId || one.orgId === orgId));

/** `ask(webhook, work)` asks, and works. Returns {element, fill()}. */
export function deleteForm(ask) {
  const url = h('input', { type: 'url', required: true, placeholder: 'https://', autocomplete: 'off', spellcheck: 'false' });
  const choice = h('select', {}, h('option', { value: '' }, 'the only one that has it'));
  const problem = refusal({ url });
  const fill = () => {
    const chosen = choice.value;
    choice.replaceChildren(choice.firstChild, ...[...state.organizations.values()].map((one) => h('option', { value: one.id }, organizationName(one.id))));
    choice.value = chosen;
  };
  const submit = async (event) => {
    event.preventDefault();
    problem.clear();
    const wish = { url: url.value.trim(), ...(choice.value ? { orgId: choice.value } : {}) };
    const work = async () => {
      const deleted = await post('v1/webhooks/delete', wish);
      url.value = '';
      return deleted;
    };
    try {
      const found = findWebhooks(wish.url, wish.orgId);
      if (!found.length) throw new Error(`No webhook${wish.orgId ? ` of ${organizationName(wish.orgId)}` : ''} has this URL: nothing was deleted.`);
      await (found.length > 1 ? work() : ask(found[0], work)); // of several, the API takes none
    } catch (error) {
      problem.tell(inWords(error), url);
    }
  };
  fill();
  const fields = h('div', { class: 'fields' }, field('URL', url), field('Organization', choice), h('button', { class: 'danger' }, 'Delete by URL'));
  const hint = h('p', { class: 'hint' }, cited('How Prospero’s staff names a webhook (S3). Spellings of one URL are equal (G3).'));
  return { element: h('section', { class: 'panel' }, h('h2', {}, 'Delete by URL'), h('form', { class: 'stack', onsubmit: submit }, fields, problem.element, hint)), fill };
}
