// Choosing an organization, or naming a new one.
import { field, h } from './dom.js';
import { liveWebhooks, organizationName, state } from './state.js';

const fresh = '';
const storageKey = 'mock-prospero-organization';

/** The newest that has a webhook: there something can be seen. */
const usual = () => liveWebhooks().at(-1)?.orgId ?? [...state.organizations.keys()].at(-1) ?? fresh;

/**
 * {element, id(): the chosen one or '', name: the control of a new one's name, wish(): how a registration names it, choose(id), refresh()}: a select, and below
 * it the name of a new one.
 */
export function organizationChoice(options = {}) {
  const choice = h('select', {});
  const name = h('input', { maxlength: 200, value: 'Opera', autocomplete: 'off' });
  const nameField = field('Name of the new organization', name);
  const update = () => {
    nameField.hidden = choice.value !== fresh || !options.withNew;
    sessionStorage.setItem(storageKey, choice.value);
  };
  let isFilled = false;
  // What is chosen stays so, "new organization" as well, whatever others register meanwhile.
  const refresh = () => {
    const keepsNew = isFilled && options.withNew && choice.value === fresh;
    const wanted = choice.value || sessionStorage.getItem(storageKey);
    isFilled = true;
    const known = [...state.organizations.values()].map((one) => h('option', { value: one.id }, organizationName(one.id)));
    choice.replaceChildren(...known, ...(options.withNew ? [h('option', { value: fresh }, 'new organization')] : []));
    choice.value = keepsNew ? fresh : state.organizations.has(wanted) ? wanted : usual();
    nameField.hidden = choice.value !== fresh || !options.withNew;
  };
  choice.addEventListener('change', () => {
    update();
    options.changed?.();
  });
  const choose = (id) => {
    refresh();
    choice.value = id;
    update();
  };
  const wish = () => (choice.value === fresh ? { orgName: name.value } : { orgId: choice.value });
  refresh();
  return { element: [field('Organization', choice, options.hint), nameField], id: () => choice.value, name, wish, choose, refresh };
}
