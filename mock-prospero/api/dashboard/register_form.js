// Registering a webhook: an organization, a URL, the webhook events it listens to (S1, S2).
import { post } from './api.js';
import { field, h } from './dom.js';
import { organizationChoice } from './organization_choice.js';
import { setWebhook, state } from './state.js';
import { say } from './toast.js';

const families = ['event', 'invoice', 'offer'];
const happenings = ['created', 'updated', 'deleted'];
export const knownEvents = families.flatMap((family) => happenings.map((one) => `${family}.${one}`));

function eventChoice() {
  const boxes = knownEvents.map((name) => h('input', { type: 'checkbox', name: 'event', value: name, checked: true }));
  const more = h('input', { placeholder: 'season.announced, …', autocomplete: 'off', spellcheck: 'false' });
  const set = (checked) => boxes.forEach((one) => (one.checked = checked));
  const chosen = () => [...boxes.filter((one) => one.checked).map((one) => one.value), ...more.value.split(/[\s,]+/).filter(Boolean)];
  const quick = h(
    'div',
    { class: 'row' },
    h('button', { type: 'button', class: 'plain', onclick: () => set(true) }, 'All'),
    h('button', { type: 'button', class: 'plain', onclick: () => set(false) }, 'None'),
  );
  const grid = h('div', { class: 'event-grid' }, boxes.map((box) => h('label', { class: 'check' }, box, h('span', { class: 'mono' }, box.value))));
  const element = h('fieldset', {}, h('legend', { class: 'label' }, 'Webhook events'), quick, grid, field('Others, also ones that do not exist yet (E10)', more));
  return { element, chosen };
}

const exceptions = ({ allowLocal, allowHttp, allowNets }) =>
  [allowLocal && 'this machine', allowHttp && 'plain http', ...allowNets].filter(Boolean);

function urlHint() {
  const lifted = exceptions(state.contract.values);
  if (lifted.length) return `Prospero wants a public https address. This mock also takes: ${lifted.join(', ')} (D6).`;
  return 'A public https address (D6). For a consumer on this machine, start the mock with --allow-local.';
}

/** {element, refresh()} */
export function registerForm() {
  const organization = organizationChoice({ withNew: true, hint: 'A webhook fires for what happens in its organization only (S1).' });
  const url = h('input', { type: 'text', inputmode: 'url', required: true, placeholder: 'https://my.host/hook/secret', autocomplete: 'off', spellcheck: 'false' });
  const events = eventChoice();
  const problem = h('p', { class: 'problem', role: 'alert' });
  const button = h('button', { class: 'main' }, 'Register');
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = '';
    button.disabled = true;
    try {
      const orgId = await organization.resolve();
      setWebhook(await post('v1/webhooks', { orgId, url: url.value.trim(), events: events.chosen() }));
      url.value = '';
      say('Registered. ', h('a', { href: '#/' }, 'See it on the overview'), ' or ', h('a', { href: '#/world' }, 'make something happen'), '.');
    } catch (error) {
      problem.textContent = error.message;
    }
    button.disabled = false;
  };
  const form = h('form', { class: 'stack', onsubmit: submit }, organization.element, field('URL', url, urlHint()), events.element, problem, h('div', {}, button));
  return { element: h('section', { class: 'panel' }, h('h2', {}, 'Register a webhook'), form), refresh: organization.refresh };
}
