// The live list of deliveries, with its filters.
import { DeliveryRows } from './delivery_rows.js';
import { columns, rowCells } from './delivery_row.js';
import { field, h, oncePerFrame, select } from './dom.js';
import { counted, maskedUrl } from './format.js';
import { link, replaceQuery } from './router.js';
import { state, subscribe } from './state.js';
import { complain } from './toast.js';
import { WindowList } from './window_list.js';
import { deliveryStates, outcomeChoices } from './words.js';

const columnClasses = ['cell-state', 'cell-event', 'cell-entity', 'cell-result', 'cell-hook', 'cell-time'];
const filterNames = ['webhook', 'event', 'state', 'outcome', 'entity', 'order'];

const knownEvents = () => [...new Set([...state.webhooks.values()].flatMap((one) => one.events))].sort();

function makeFilters(values, changed) {
  const webhooks = [...state.webhooks.values()].map((one) => [one.id, `${maskedUrl(one.url)}${one.state === 'deleted' ? ' (deleted)' : ''}`]);
  const any = ['', 'all'];
  const controls = {
    webhook: select([any, ...webhooks], { value: values.webhook }),
    event: h('input', { list: 'event-names', placeholder: 'all', value: values.event, autocomplete: 'off' }),
    state: select([any, ...deliveryStates], { value: values.state }),
    outcome: select([any, ...outcomeChoices], { value: values.outcome }),
    entity: h('input', { placeholder: 'id, or how it starts', value: values.entity, autocomplete: 'off', spellcheck: 'false' }),
    order: select([['newest', 'newest first'], ['oldest', 'oldest first']], { value: values.order || 'newest' }),
  };
  const read = () => Object.fromEntries(Object.entries(controls).map(([name, one]) => [name, one.value.trim()]));
  for (const one of Object.values(controls)) one.addEventListener('change', () => changed(read()));
  const clear = h('button', { type: 'button', class: 'plain' }, 'Clear');
  clear.addEventListener('click', () => {
    for (const [name, one] of Object.entries(controls)) one.value = name === 'order' ? one.value : '';
    changed(read());
  });
  const labels = { webhook: 'Webhook', event: 'Webhook event', state: 'State', outcome: 'Last outcome', entity: 'Entity', order: 'Order' };
  const fields = Object.entries(labels).map(([name, label]) => field(label, controls[name]));
  const names = h('datalist', { id: 'event-names' }, knownEvents().map((one) => h('option', { value: one })));
  return h('form', { class: 'fields filters', onsubmit: (event) => event.preventDefault(), role: 'search', 'aria-label': 'Filter deliveries' }, fields, clear, names);
}

const rowId = (delivery) => `row-${delivery.id}`;

function makeRow(delivery) {
  if (!delivery) return h('div', { class: 'delivery-row loading', role: 'row' }, h('span', { role: 'gridcell' }, 'Loading'));
  const cell = (name, ...content) => h('span', { class: name, role: 'gridcell' }, content);
  return h('div', { class: 'delivery-row', role: 'row', id: rowId(delivery), dataset: { deliveryId: delivery.id } }, rowCells(delivery, cell));
}

const emptyText = (filtered) =>
  filtered
    ? h('div', { class: 'empty' }, h('strong', {}, 'No delivery fits these filters'), 'Clear them to see all.')
    : h('div', { class: 'empty' }, h('strong', {}, 'No delivery yet'), 'Register a webhook at the ', h('a', { href: '#/desk' }, 'operator desk'), ', then make something happen in the ', h('a', { href: '#/world' }, 'world'), '.');

export function showDeliveries(main, parts, query) {
  let rows = null;
  const summary = h('span', { class: 'muted', role: 'status', 'aria-live': 'off', id: 'delivery-count' });
  const empty = h('div', {});
  const list = new WindowList({
    label: 'Deliveries',
    columns: columns.map((text, index) => [columnClasses[index], text]),
    rowId: (index) => rows.rows[index] && rowId(rows.rows[index]),
    makeRow: (index) => makeRow(rows.rows[index]),
    needs: (index) => rows.reach(index),
    open: (index) => rows.rows[index] && (location.hash = link('deliveries', rows.rows[index].id)),
  });
  const draw = (added) => {
    list.update(rows.total, added);
    const { order, ...filter } = rows.shown;
    summary.textContent = counted(rows.total, 'delivery', 'deliveries');
    empty.replaceChildren(...(rows.total || !rows.ready ? [] : [emptyText(Object.values(filter).some(Boolean))]));
    list.scroller.hidden = rows.total === 0;
  };
  const start = (values) => {
    rows?.end();
    const { order, ...filter } = values;
    rows = new DeliveryRows(filter, order || 'newest', draw, complain);
    rows.shown = values;
    list.scroller.scrollTop = 0;
    rows.start();
  };
  const first = Object.fromEntries(filterNames.map((name) => [name, query.get(name) ?? '']));
  const filters = makeFilters(first, (values) => {
    replaceQuery({ ...values, order: values.order === 'newest' ? '' : values.order });
    start(values);
  });
  start(first);
  const flush = oncePerFrame(() => rows.flush());
  const take = (delivery) => {
    rows.take(delivery);
    flush();
  };
  const ends = [subscribe('delivery', take), subscribe('loaded', () => start(rows.shown)), subscribe('clock', list.draw), () => list.end(), () => rows.end()];
  main.append(h('div', { class: 'title-row' }, h('h1', {}, 'Deliveries'), summary), filters, empty, list.scroller);
  return () => ends.forEach((end) => end());
}
