// The entities of one family in one organization: newest first, with what can be done to each.
import { get, post, remove, withQuery } from './api.js';
import { entityForm } from './entity_form.js';
import { titleOf } from './families.js';
import { h, status } from './dom.js';
import { shortId } from './format.js';
import { tell } from './state.js';
import { complain, guarded, say } from './toast.js';

const pageSize = 50;

function editDialog(base, family, entity, done) {
  const close = () => dialog.remove();
  const form = entityForm(base, family, entity, () => {
    close();
    done();
  });
  form.querySelector('.row').append(h('button', { type: 'button', onclick: close }, 'Cancel'));
  const dialog = h('dialog', { 'aria-labelledby': 'edit-title', class: 'wide' }, h('h2', { id: 'edit-title' }, `Change this ${family.one}`), form);
  dialog.addEventListener('close', close);
  document.body.append(dialog);
  dialog.showModal();
}

async function deleteEntity(base, family, entity, problem) {
  problem.textContent = '';
  try {
    await remove(`${base}/${entity.id}`);
  } catch (error) {
    const draftsOnly = error.status === 409 && family.path === 'invoices';
    problem.textContent = draftsOnly ? 'Only a draft can be deleted (E5). Change its status to “draft” first, then delete it.' : error.message;
    return;
  }
  const restore = h('button', { type: 'button', onclick: (event) => guarded(event.target, () => bringBack(base, family, entity)) }, 'Restore');
  say(`${family.one} deleted: ${family.event}.deleted fires. `, restore);
}

async function bringBack(base, family, entity) {
  await post(`${base}/${entity.id}/restore`);
  say(`${family.one} is back, with a later lastUpdatedAt (T6).`);
  tell('entities');
}

function entityItem(base, family, entity, reload) {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const isArchived = entity.sampleArchived === true;
  const act = (text, work, tone) => {
    const button = h('button', { type: 'button', class: tone, onclick: () => guarded(button, work) }, text);
    return button;
  };
  const setArchived = async (verb) => {
    await post(`${base}/${entity.id}/${verb}`);
    say(`Event ${verb}d: event.updated fires (E11).`);
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
  const state = entity[family.statusField];
  return h(
    'li',
    { class: 'entity', dataset: { entityId: entity.id } },
    h('div', { class: 'entity-main' }, h('b', {}, titleOf(entity) || `${family.one} ${shortId(entity.id)}`), state && status('', String(state)), isArchived && status('warn', 'archived')),
    h('div', { class: 'hint' }, h('a', { class: 'mono', href: `#/deliveries?entity=${entity.id}`, title: 'Its deliveries' }, shortId(entity.id)), ` changed ${entity.lastUpdatedAt}`),
    h('div', { class: 'row' }, buttons),
    problem,
  );
}

/** {element, reload()}: `base()` is the address of the family in the chosen organization, or null. */
export function entityList(base, family) {
  const list = h('ul', { class: 'entities' });
  const none = h('p', { class: 'empty' });
  const more = h('button', { type: 'button', hidden: true }, 'Show more');
  let cursor = null;
  const append = async () => {
    const page = await get(withQuery(base(), { order: 'newest', limit: pageSize, cursor }));
    cursor = page.next;
    list.append(...page.items.map((one) => entityItem(base(), family, one, reload)));
    more.hidden = cursor === null;
    none.textContent = `No ${family.one} yet. Create one above: each change fires a webhook event.`;
    none.hidden = list.children.length > 0;
  };
  const reload = async () => {
    cursor = null;
    list.replaceChildren();
    more.hidden = true;
    none.hidden = true;
    if (base()) await append().catch(complain);
  };
  more.addEventListener('click', () => guarded(more, append));
  return { element: h('div', {}, none, list, more), reload };
}
