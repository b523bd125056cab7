// Prospero's world: the entities of an organization, and webhook events made by hand.
import { awkwardPanel } from './awkward.js';
import { cited } from './clauses.js';
import { entityForm } from './entity_form.js';
import { entityList } from './entity_list.js';
import { families } from './families.js';
import { h, throttled } from './dom.js';
import { organizationChoice } from './organization_choice.js';
import { state, subscribe } from './state.js';
import { triggerForm } from './trigger_form.js';

const familyKey = 'mock-prospero-family';
const lastFamily = () => Math.max(families.findIndex((one) => one.path === sessionStorage.getItem(familyKey)), 0);

function familyTabs(choose) {
  const tabs = families.map((family) => h('button', { type: 'button', 'aria-pressed': 'false' }, family.many));
  const pick = (index) => {
    tabs.forEach((one, place) => one.setAttribute('aria-pressed', String(place === index)));
    choose(families[index]);
  };
  tabs.forEach((one, index) => one.addEventListener('click', () => pick(index)));
  return { element: h('div', { class: 'segmented', role: 'group', 'aria-label': 'Family of entities' }, tabs), pick };
}

function entitiesPanel(organization) {
  const content = h('div', { class: 'stack' });
  let list = null;
  const tabs = familyTabs((family) => {
    sessionStorage.setItem(familyKey, family.path);
    list?.end();
    const base = () => (organization() ? `v1/organizations/${organization()}/${family.path}` : null);
    list = entityList(base, family);
    const make = () => entityForm(base(), family, null, () => {
      const hadFocus = form.contains(document.activeElement);
      form.replaceChildren(make());
      if (hadFocus) form.querySelector('button.main').focus();
      list.run();
    });
    const form = h('div', {}, make());
    content.replaceChildren(form, h('p', { class: 'hint' }, cited('Fields that start with “sample” are made up: Prospero’s own are not public (T4).')), list.element);
    list.run();
  });
  const head = h('div', { class: 'panel-head' }, h('h2', {}, 'Entities'), tabs.element);
  return { element: h('section', { class: 'panel' }, head, content), pick: tabs.pick, reload: () => list.run(), end: () => list.end() };
}

const nobody = () =>
  h('div', { class: 'panel empty' }, h('strong', {}, 'There is no organization yet'), 'Register a webhook first: ', h('a', { href: '#/desk' }, 'operator desk'), '.');

export function showWorld(main) {
  const content = h('div', {});
  main.append(h('div', { class: 'title-row' }, h('h1', {}, 'World')), h('p', { class: 'lede' }, 'What happens at Prospero, also what others change. Each change of an entity fires its webhook event for every webhook of the organization that listens.'), content);
  let ends = [];
  const build = () => {
    const choice = organizationChoice({ changed: () => panel.pick(lastFamily()) });
    const panel = entitiesPanel(choice.id);
    panel.pick(lastFamily());
    const again = throttled(500, () => panel.reload());
    const changed = ({ orgId, event }) => orgId === choice.id() && event.startsWith(`${families[lastFamily()].event}.`) && again();
    ends = [subscribe('webhooks', choice.refresh), subscribe('entity', changed), subscribe('loaded', again), panel.end];
    content.replaceChildren(
      h('div', { class: 'fields narrow' }, choice.element),
      h('div', { class: 'two-columns' }, panel.element, h('div', { class: 'stack' }, triggerForm(choice.id), awkwardPanel(choice.id))),
    );
  };
  const start = () => {
    if (state.organizations.size && !ends.length) build();
    else if (!state.organizations.size) content.replaceChildren(nobody());
  };
  const watch = subscribe('webhooks', start);
  start();
  return () => [watch, ...ends].forEach((end) => end());
}
