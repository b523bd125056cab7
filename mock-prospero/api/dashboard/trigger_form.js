// Triggering any webhook event, also one that does not exist yet (E10).
import { post } from './api.js';
import { field, h } from './dom.js';
import { sayFired } from './fired.js';
import { knownEvents } from './register_form.js';

function readData(text) {
  if (!text.trim()) return {};
  try {
    return { data: JSON.parse(text) };
  } catch (error) {
    throw new Error(`The entity is no well-formed JSON: ${error.message}`);
  }
}

/** `organization()` is the id of the chosen one. */
export function triggerForm(organization) {
  const event = h('input', { list: 'trigger-events', required: true, value: 'invoice.updated', autocomplete: 'off', spellcheck: 'false' });
  const data = h('textarea', { rows: 5, spellcheck: 'false', placeholder: '{"id": "…", "status": "paid"}' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const names = h('datalist', { id: 'trigger-events' }, [...knownEvents, 'season.announced'].map((one) => h('option', { value: one })));
  const submit = async (submitted) => {
    submitted.preventDefault();
    problem.textContent = '';
    try {
      sayFired(await post(`v1/organizations/${organization()}/trigger`, { event: event.value.trim(), ...readData(data.value) }));
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  const form = h(
    'form',
    { class: 'stack', onsubmit: submit },
    field('Webhook event', event, 'Any name of the form word.word.'),
    field('Entity', data, 'Passed on as it is. Left empty, a sample is made.'),
    names,
    problem,
    h('div', {}, h('button', { class: 'main' }, 'Trigger')),
  );
  return h('section', { class: 'panel' }, h('h2', {}, 'Trigger a webhook event'), form);
}
