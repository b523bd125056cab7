// Creating and changing an entity: a few sample fields, or the JSON as it is.
import { patch, post } from './api.js';
import { field, h, select } from './dom.js';
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

function editableJson(entity) {
  const body = Object.fromEntries(Object.entries(entity ?? {}).filter(([name]) => !own.includes(name)));
  return JSON.stringify(body, null, 2);
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no well-formed JSON: ${error.message}`);
  }
}

/** As a JSON Merge Patch, a member that was taken out is null. */
function withRemovals(wanted, entity) {
  const gone = Object.keys(entity).filter((name) => !own.includes(name) && !(name in wanted));
  return { ...wanted, ...Object.fromEntries(gone.map((name) => [name, null])) };
}

async function create(base, family, body, number) {
  const made = await post(base, number === 1 ? body : Array.from({ length: number }, () => body));
  say(number === 1 ? `${family.one} created: ${family.event}.created fires.` : `${made.items.length} ${family.many} created: one push each (D9).`);
}

async function change(base, family, entity, body) {
  const changed = await patch(`${base}/${entity.id}`, body);
  say(changed.lastUpdatedAt === entity.lastUpdatedAt ? 'Nothing differs, so nothing fires.' : `${family.one} changed: ${family.event}.updated fires.`);
}

function modeSwitch(form, json) {
  const box = h('input', { type: 'checkbox' });
  box.addEventListener('change', () => {
    form.hidden = box.checked;
    json.hidden = !box.checked;
  });
  return { element: h('label', { class: 'check' }, box, 'as JSON'), isJson: () => box.checked };
}

/** A form for a new entity, or for changing `entity`. `done()` after a success. */
export function entityForm(base, family, entity, done) {
  const inputs = fieldInputs(family, entity);
  const fields = h('div', { class: 'fields' }, inputs.map((one) => field(one.label, one.control)));
  const area = h('textarea', { rows: 8, spellcheck: 'false', value: editableJson(entity) });
  const json = h('div', { hidden: true }, field('Fields as JSON', area, 'id, orgId, createdAt and lastUpdatedAt are the mock’s.'));
  const mode = modeSwitch(fields, json);
  const number = h('input', { type: 'number', class: 'short', min: 1, max: countMax, value: '1' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = '';
    try {
      const body = mode.isJson() ? readJson(area.value) : valuesOf(inputs, entity);
      if (entity) await change(base, family, entity, mode.isJson() ? withRemovals(body, entity) : body);
      else await create(base, family, body, Number(number.value));
      done();
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  const buttons = h(
    'div',
    { class: 'row' },
    h('button', { class: 'main' }, entity ? 'Save' : `Create ${family.one}`),
    !entity && h('label', { class: 'check' }, 'how many', number),
    mode.element,
  );
  return h('form', { class: 'stack', onsubmit: submit }, fields, json, problem, buttons);
}
