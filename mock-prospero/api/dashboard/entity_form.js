// Creating and changing an entity: a few sample fields, or the JSON as it is.
import { patchText, postText } from './api.js';
import { field, h, isBusy, select, setBusy } from './dom.js';
import { organizationOf } from './families.js';
import { hearers } from './fired.js';
import { refusal } from './refusal.js';
import { checkedJson, indented, mergePatch, takenApart, withMembers, without } from './spelled.js';
import { say } from './toast.js';

const own = ['id', 'orgId', 'createdAt', 'lastUpdatedAt'];
const countMax = 1000;

const shownValue = (value) => (typeof value === 'string' ? value.replace(/:00Z$/, '') : (value ?? ''));

function fieldInputs(family, entity) {
  return family.fields.map((one) => {
    const value = shownValue(entity ? entity[one.name] : one.first);
    const control = one.choices ? select(one.choices, { value: value || one.choices[0] }) : h('input', { type: one.type, value });
    return { ...one, control };
  });
}

/** Only what was filled in; of a change, only what differs. */
function valuesOf(inputs, entity) {
  const values = {};
  for (const { name, control, toValue } of inputs) {
    if (control.value === '' || (entity && control.value === String(shownValue(entity[name])))) continue;
    values[name] = toValue ? toValue(control.value) : control.value;
  }
  return values;
}

const editable = (spelled) => without(takenApart(spelled), own);

const deliveriesOf = (id) => h('a', { href: `#/deliveries?entity=${id}` }, 'Its deliveries');

/** `text` is one object, as JSON. */
async function create(base, family, text, number) {
  const tell = hearers(organizationOf(base), `${family.event}.created`);
  const made = await postText(base, number === 1 ? text : `[${Array(number).fill(text).join(',')}]`);
  if (made.items) tell(`${made.items.length} ${family.many} created`, made.items.length, h('a', { href: `#/deliveries?event=${family.event}.created` }, 'Their deliveries'));
  else tell(`${family.one} created`, 1, deliveriesOf(made.id));
}

// The time tells, also of a value that is only spelled in another way; it may have been left out (T3).
const isSame = (one, other) => (one.lastUpdatedAt ? one.lastUpdatedAt === other.lastUpdatedAt : JSON.stringify(one) === JSON.stringify(other));

async function change(base, family, entity, patchJson) {
  const tell = hearers(organizationOf(base), `${family.event}.updated`);
  const changed = patchJson === '{}' ? entity : await patchText(`${base}/${entity.id}`, patchJson);
  if (isSame(changed, entity)) say('Nothing differs, so nothing fires.');
  else tell(`${family.one} changed`, 1, deliveriesOf(entity.id));
}

/** The patch that makes of the entity what was typed, every value as it is spelled (T4). */
function typedPatch(spelled, typed) {
  const wanted = takenApart(checkedJson(typed, 'This'));
  if (!wanted.members) throw new Error('This is no JSON object: { … }');
  return mergePatch(editable(spelled), wanted);
}

/** `carry()`: the JSON comes up, and is to hold what the form does. */
function modeSwitch(form, json, carry) {
  const box = h('input', { type: 'checkbox' });
  box.addEventListener('change', () => {
    if (box.checked) carry();
    form.hidden = box.checked;
    json.hidden = !box.checked;
  });
  return { element: h('label', { class: 'check' }, box, 'as JSON'), isJson: () => box.checked };
}

/** A form for a new entity, or for changing the one that `spelled` is the JSON of. `done()` after a success. */
export function entityForm(base, family, spelled, done) {
  const entity = spelled && JSON.parse(spelled);
  const inputs = fieldInputs(family, entity);
  const fields = h('div', { class: 'fields' }, inputs.map((one) => field(one.label, one.control)));
  const area = h('textarea', { rows: 8, spellcheck: 'false', value: spelled ? indented(editable(spelled).text) : '{}' });
  const json = h('div', { hidden: true }, field('Fields as JSON', area, `Sent as it is spelled. ${entity ? 'A member that is taken out, or null, is removed. ' : ''}id, orgId, createdAt and lastUpdatedAt are the mock’s.`));
  let carried = area.value;
  const mode = modeSwitch(fields, json, () => {
    if (area.value !== carried) return; // what was typed there stays
    const filled = withMembers(takenApart(entity ? editable(spelled).text : '{}'), valuesOf(inputs, entity));
    area.value = carried = indented(filled);
  });
  const number = h('input', { type: 'number', class: 'short', min: 1, max: countMax, value: '1' });
  const problem = refusal({ json: area });
  const button = h('button', { class: 'main' }, entity ? 'Save' : `Create ${family.one}`);
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy(button)) return;
    problem.clear();
    setBusy(button, true);
    try {
      const filled = () => JSON.stringify(valuesOf(inputs, entity));
      if (entity) await change(base, family, entity, mode.isJson() ? typedPatch(spelled, area.value) : filled());
      else await create(base, family, mode.isJson() ? checkedJson(area.value, 'This') : filled(), Number(number.value));
      done();
    } catch (error) {
      problem.tell(error, mode.isJson() && !error.isOutage ? area : null);
    }
    setBusy(button, false);
  };
  const buttons = h(
    'div',
    { class: 'row' },
    button,
    !entity && h('label', { class: 'check' }, 'how many', number),
    mode.element,
  );
  return h('form', { class: 'stack', onsubmit: submit }, fields, json, problem.element, buttons);
}
