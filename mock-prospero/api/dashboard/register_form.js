// Registering a webhook: an organization, a URL, the webhook events it listens to (S1, S2).
import { post } from './api.js';
import { withFlags } from './clauses.js';
import { field, h, isBusy, setBusy } from './dom.js';
import { organizationChoice } from './organization_choice.js';
import { refusal } from './refusal.js';
import { loadOrganizations, setWebhook, state } from './state.js';
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
    h('button', { type: 'button', class: 'plain', onclick: () => set(true) }, 'All nine'),
    h('button', { type: 'button', class: 'plain', onclick: () => set(false) }, 'None'),
  );
  const grid = h('div', { class: 'event-grid' }, boxes.map((box) => h('label', { class: 'check' }, box, h('span', { class: 'mono' }, box.value))));
  const element = h('fieldset', {}, h('legend', { class: 'label' }, 'Webhook events'), quick, grid, field('Others, also ones that do not exist yet (E10)', more));
  return { element, chosen, more };
}

const exceptions = ({ allowLocal, allowHttp, allowNets }) =>
  [allowLocal && 'localhost, that is consumers on this machine', allowHttp && 'http without TLS', ...allowNets.map((net) => `addresses in ${net}`)].filter(Boolean);

function urlHint() {
  const lifted = exceptions(state.contract.values);
  if (lifted.length) return `Prospero wants a public https address (D6). This mock was started so that it takes more: ${lifted.join(', ')}.`;
  return 'A public https address (D6). For a consumer on this machine, start the mock with --allow-local.';
}

/** {element, refresh()} */
export function registerForm() {
  const organization = organizationChoice({ withNew: true, hint: 'A webhook fires for what happens in its organization only (S1).' });
  const url = h('input', { type: 'text', inputmode: 'url', required: true, placeholder: 'https://my.host/hook/secret', autocomplete: 'off', spellcheck: 'false' });
  const events = eventChoice();
  const problem = refusal({ url, events: events.more, orgName: organization.name });
  const button = h('button', { class: 'main' }, 'Register');
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy(button)) return;
    problem.clear();
    setBusy(button, true);
    try {
      const made = await post('v1/webhooks', { ...organization.wish(), url: url.value.trim(), events: events.chosen() });
      await loadOrganizations();
      setWebhook(made);
      organization.choose(made.orgId);
      url.value = '';
      say('Registered. ', h('a', { href: '#/' }, 'See it on the overview'), ' or ', h('a', { href: '#/world' }, 'make something happen'), '.');
    } catch (error) {
      problem.tell(error);
    }
    setBusy(button, false);
  };
  const form = h('form', { class: 'stack', onsubmit: submit }, organization.element, field('URL', url, withFlags(urlHint())), events.element, problem.element, h('div', {}, button));
  return { element: h('section', { class: 'panel' }, h('h2', {}, 'Register a webhook'), form), refresh: organization.refresh };
}
