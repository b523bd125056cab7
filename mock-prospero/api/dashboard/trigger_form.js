// Triggering any webhook event, also one that does not exist yet (E10).
import { ApiError, postText } from './api.js';
import { field, h } from './dom.js';
import { sayFired } from './fired.js';
import { refusal } from './refusal.js';
import { knownEvents } from './register_form.js';
import { checkedJson } from './spelled.js';

/** The body of the call, with the entity as it was typed (T4). */
function wish(event, data) {
  const name = `"event":${JSON.stringify(event)}`;
  return data.trim() ? `{${name},"data":${checkedJson(data, 'The entity')}}` : `{${name}}`;
}

/** `organization()` is the id of the chosen one. */
export function triggerForm(organization) {
  const event = h('input', { list: 'trigger-events', required: true, value: 'invoice.updated', autocomplete: 'off', spellcheck: 'false' });
  const data = h('textarea', { rows: 5, spellcheck: 'false', placeholder: '{"id": "…", "status": "paid"}' });
  const problem = refusal({ event, data });
  const names = h('datalist', { id: 'trigger-events' }, [...knownEvents, 'season.announced'].map((one) => h('option', { value: one })));
  const submit = async (submitted) => {
    submitted.preventDefault();
    problem.clear();
    try {
      sayFired(await postText(`v1/organizations/${organization()}/trigger`, wish(event.value.trim(), data.value)));
    } catch (error) {
      problem.tell(error, error instanceof ApiError ? null : data);
    }
  };
  const form = h(
    'form',
    { class: 'stack', onsubmit: submit },
    field('Webhook event', event, 'Any name of the form word.word. It fires for every webhook of the organization that listens to it (S1, S2).'),
    field('Entity', data, 'Passed on as it is. Left empty, a sample is made.'),
    names,
    problem.element,
    h('div', {}, h('button', { class: 'main' }, 'Trigger')),
  );
  return h('section', { class: 'panel' }, h('h2', {}, 'Trigger a webhook event'), form);
}
