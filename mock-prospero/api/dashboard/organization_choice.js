// Choosing an organization, or naming a new one.
import { post } from './api.js';
import { field, h } from './dom.js';
import { loadOrganizations, state } from './state.js';

const fresh = '';
const storageKey = 'mock-prospero-organization';

/**
 * {element, id(): the chosen one or '', resolve(): makes it if it is new, refresh(), changed}: a select, and below it the
 * name of a new one.
 */
export function organizationChoice(options = {}) {
  const choice = h('select', {});
  const name = h('input', { maxlength: 200, value: 'Opera', autocomplete: 'off' });
  const nameField = field('Name of the new organization', name);
  const update = () => {
    nameField.hidden = choice.value !== fresh || !options.withNew;
    sessionStorage.setItem(storageKey, choice.value);
  };
  const refresh = () => {
    const wanted = choice.value || sessionStorage.getItem(storageKey);
    const known = [...state.organizations.values()].map((one) => h('option', { value: one.id }, one.name));
    choice.replaceChildren(...known, ...(options.withNew ? [h('option', { value: fresh }, 'new organization')] : []));
    choice.value = state.organizations.has(wanted) ? wanted : ([...state.organizations.keys()].at(-1) ?? fresh);
    nameField.hidden = choice.value !== fresh || !options.withNew;
  };
  choice.addEventListener('change', () => {
    update();
    options.changed?.();
  });
  const resolve = async () => {
    if (choice.value !== fresh) return choice.value;
    const made = await post('v1/organizations', { name: name.value });
    await loadOrganizations();
    choice.value = made.id;
    update();
    return made.id;
  };
  refresh();
  return { element: [field('Organization', choice, options.hint), nameField], id: () => choice.value, resolve, refresh };
}
