// The filters above the list of deliveries. They apply by themselves: a choice at once, a text shortly after the last key.
import { field, h, select } from './dom.js';
import { state } from './state.js';
import { webhookName } from './webhook_url.js';
import { deliveryStates, outcomeChoices } from './words.js';

const typingPause = 300;
const any = ['', 'all'];

const webhookOptions = () => [any, ...[...state.webhooks.values()].map((one) => [one.id, `${webhookName(one)}${one.state === 'deleted' ? ' (deleted)' : ''}`])];

// A webhook gets what it listens to and nothing else, so that these are all that there can be.
const eventOptions = () => [any, ...[...new Set([...state.webhooks.values()].flatMap((one) => one.events))].sort()];

function refill(control, options) {
  const chosen = control.value;
  control.replaceChildren(...select(options).children);
  control.value = chosen;
}

function makeControls(values) {
  return {
    webhook: select(webhookOptions(), { value: values.webhook }),
    event: select(eventOptions(), { value: values.event }),
    state: select([any, ...deliveryStates], { value: values.state }),
    outcome: select([any, ...outcomeChoices], { value: values.outcome }),
    entity: h('input', { placeholder: 'id or its start', value: values.entity, autocomplete: 'off', spellcheck: 'false' }),
    order: select(['newest', 'oldest'], { value: values.order || 'newest' }),
  };
}

const labels = { webhook: 'Webhook', event: 'Webhook event', state: 'State', outcome: 'Last outcome', entity: 'Entity', order: 'First' };

/** Returns {element, read() -> the values, refresh(): webhooks changed, end()}. What no choice has, is dropped. */
export function deliveryFilters(values, changed) {
  const controls = makeControls(values);
  controls.order.value ||= 'newest';
  const read = () => Object.fromEntries(Object.entries(controls).map(([name, one]) => [name, one.value.trim()]));
  let timer = null;
  let applied = JSON.stringify(read());
  const apply = () => {
    clearTimeout(timer);
    const now = read();
    if (JSON.stringify(now) === applied) return;
    applied = JSON.stringify(now);
    changed(now);
  };
  for (const one of Object.values(controls)) if (one.tagName === 'SELECT') one.addEventListener('change', apply);
  controls.entity.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(apply, typingPause);
  });
  const submit = (event) => {
    event.preventDefault();
    apply();
  };
  const clear = h('button', { type: 'button', class: 'plain', onclick: () => {
    for (const [name, one] of Object.entries(controls)) one.value = name === 'order' ? one.value : '';
    apply();
  } }, 'Clear');
  const fields = Object.entries(labels).map(([name, label]) => field(label, controls[name]));
  const element = h('form', { class: 'fields filters', onsubmit: submit, role: 'search', 'aria-label': 'Filter deliveries' }, fields, clear);
  const refresh = () => {
    refill(controls.webhook, webhookOptions());
    refill(controls.event, eventOptions());
  };
  return { element, read, refresh, end: () => clearTimeout(timer) };
}
