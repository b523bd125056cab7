// The entities of one family in one organization: newest first, with what can be done to each.
import { get, getText, post, remove, withQuery } from './api.js';
import { cited } from './clauses.js';
import { entityForm } from './entity_form.js';
import { organizationOf, titleOf } from './families.js';
import { hearers } from './fired.js';
import { foreign, isolated } from './foreign.js';
import { closeDialog, h, keepingFocus, status } from './dom.js';
import { shortId } from './format.js';
import { loading } from './loading.js';
import { state } from './state.js';
import { guarded, say } from './toast.js';

const pageSize = 50;
const pageMax = 1000;

async function editDialog(base, family, entity, done) {
  const spelled = await getText(`${base}/${entity.id}`);
  const close = () => closeDialog(dialog);
  const form = entityForm(base, family, spelled, () => {
    close();
    done();
  });
  form.querySelector('.row').append(h('button', { type: 'button', onclick: close }, 'Cancel'));
  const dialog = h('dialog', { 'aria-labelledby': 'edit-title', class: 'wide' }, h('h2', { id: 'edit-title' }, `Change this ${family.one}`), form);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    close();
  });
  document.body.append(dialog);
  dialog.showModal();
}

async function deleteEntity(base, family, entity, problem) {
  problem.textContent = '';
  const tell = hearers(organizationOf(base), `${family.event}.deleted`);
  try {
    await remove(`${base}/${entity.id}`);
  } catch (error) {
    const draftsOnly = error.status === 409 && family.path === 'invoices';
    problem.textContent = draftsOnly ? 'Only a draft can be deleted (E5). Change its status to “draft” first, then delete it.' : error.message;
    return;
  }
  const restore = h('button', { type: 'button', onclick: (event) => guarded(event.target, () => bringBack(base, family, entity)) }, 'Restore');
  tell(`${family.one} deleted`, 1, restore);
}

async function bringBack(base, family, entity) {
  const tell = hearers(organizationOf(base), `${family.event}.created`);
  await post(`${base}/${entity.id}/restore`);
  tell(`${family.one} is back, with a later lastUpdatedAt (T6)`, 1);
}

function entityItem(base, family, entity, reload) {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const isArchived = entity.sampleArchived === true;
  const act = (text, work, tone) => {
    const button = h('button', { type: 'button', class: tone, dataset: { key: `${text} ${entity.id}` }, onclick: () => guarded(button, work) }, text);
    return button;
  };
  const setArchived = async (verb) => {
    const fires = state.contract.values.archiveFires;
    const tell = fires && hearers(organizationOf(base), fires);
    await post(`${base}/${entity.id}/${verb}`);
    if (tell) tell(`Event ${verb}d (E11)`, 1);
    else say(...cited(`Event ${verb}d. Nothing fires, as this mock was started (E11).`));
    reload();
  };
  const buttons = [
    act('Change', () => editDialog(base, family, entity, reload)),
    family.path === 'events' && act(isArchived ? 'Unarchive' : 'Archive', () => setArchived(isArchived ? 'unarchive' : 'archive')),
    act('Delete', async () => {
      await deleteEntity(base, family, entity, problem);
      if (!problem.textContent) reload();
    }, 'danger'),
  ];
  const entityStatus = entity[family.statusField];
  return h(
    'li',
    { class: 'entity', dataset: { entityId: entity.id } },
    h('div', { class: 'entity-main' }, h('b', { class: 'foreign' }, foreign(String(titleOf(entity) || `${family.one} ${shortId(entity.id)}`))), entityStatus && status('', isolated(String(entityStatus))), isArchived && status('warn', 'archived')),
    h('div', { class: 'hint' }, h('a', { class: 'mono', href: `#/deliveries?entity=${entity.id}`, title: 'Its deliveries' }, shortId(entity.id)), entity.lastUpdatedAt && ` changed ${entity.lastUpdatedAt}`),
    h('div', { class: 'row' }, buttons),
    problem,
  );
}

/** {element, run(), end()}: `base()` is the address of the family in the chosen organization, or null. */
export function entityList(base, family) {
  const list = h('ul', { class: 'entities' });
  const none = h('p', { class: 'empty', hidden: true }, `No ${family.one} yet. Create one above: each change fires a webhook event.`);
  const more = h('button', { type: 'button', hidden: true }, 'Show more');
  let cursor = null;
  let shownMax = pageSize;
  const item = (one) => entityItem(base(), family, one, () => loader.run());
  const fetchPage = async (limit, from) => {
    const page = await get(withQuery(base(), { order: 'newest', limit, cursor: from }));
    cursor = page.next;
    more.hidden = cursor === null;
    return page.items.map(item);
  };
  const loader = loading(async () => {
    const items = base() ? await fetchPage(shownMax, null) : [];
    keepingFocus(list, () => list.replaceChildren(...items));
    none.hidden = items.length > 0;
  });
  const append = async () => {
    list.append(...(await fetchPage(pageSize, cursor)));
    shownMax = Math.min(list.children.length, pageMax);
  };
  more.addEventListener('click', () => guarded(more, append));
  return { element: h('div', {}, loader.element, none, list, more), run: loader.run, end: loader.end };
}
