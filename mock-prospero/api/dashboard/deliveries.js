// The live list of deliveries, with its filters.
import { deliveryFilters } from './delivery_filters.js';
import { DeliveryRows } from './delivery_rows.js';
import { columns, rowCells } from './delivery_row.js';
import { h, oncePerFrame } from './dom.js';
import { counted } from './format.js';
import { loading } from './loading.js';
import { link, readHash, replaceQuery } from './router.js';
import { subscribe } from './state.js';
import { complain } from './toast.js';
import { WindowList } from './window_list.js';

const columnClasses = ['cell-state', 'cell-event', 'cell-entity', 'cell-result', 'cell-hook', 'cell-time'];
const filterNames = ['webhook', 'event', 'state', 'outcome', 'entity', 'order'];

/** What the list showed when a delivery was opened from it: going back shows the same. */
let left = null;

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

/** Puts a list that is shown again where it was left. */
function restore(list, rows, place) {
  const index = rows.rows.findIndex((one) => one.id === place.id);
  list.restore(index < 0 ? place.index : index, place.scrollTop + Math.max(index - place.index, 0) * list.rowHeight());
}

export function showDeliveries(main, parts, query) {
  let rows = null;
  let place = left?.query === String(query) ? left : null;
  left = null;
  const summary = h('span', { class: 'muted', role: 'status', 'aria-live': 'off', id: 'delivery-count' });
  const empty = h('div', {});
  const open = (index) => {
    const delivery = rows.rows[index];
    if (!delivery) return;
    left = { query: String(readHash(location.hash).query), index, id: delivery.id, scrollTop: list.scroller.scrollTop };
    location.hash = link('deliveries', delivery.id);
  };
  const list = new WindowList({
    label: 'Deliveries',
    columns: columns.map((text, index) => [columnClasses[index], text]),
    rowId: (index) => rows.rows[index] && rowId(rows.rows[index]),
    makeRow: (index) => makeRow(rows.rows[index]),
    needs: (index) => rows.reach(index),
    open,
  });
  const draw = (added) => {
    list.update(rows.total, added);
    const { order, ...filter } = rows.shown;
    summary.textContent = counted(rows.total, 'delivery', 'deliveries');
    empty.replaceChildren(...(rows.total || !rows.ready ? [] : [emptyText(Object.values(filter).some(Boolean))]));
    list.scroller.hidden = rows.total === 0;
    if (place && rows.ready && rows.total) restore(list, rows, place);
    if (rows.ready) place = null;
  };
  const loader = loading(() => rows.start());
  const start = (values) => {
    rows?.end();
    const { order, ...filter } = values;
    rows = new DeliveryRows(filter, order || 'newest', draw, complain);
    rows.shown = values;
    list.scroller.scrollTop = 0;
    loader.run();
  };
  const filters = deliveryFilters(Object.fromEntries(filterNames.map((name) => [name, query.get(name) ?? ''])), (values) => {
    replaceQuery({ ...values, order: values.order === 'newest' ? '' : values.order });
    start(values);
  });
  start(filters.read());
  const flush = oncePerFrame(() => rows.flush());
  const take = (delivery) => {
    rows.take(delivery);
    flush();
  };
  const ends = [
    subscribe('delivery', take), subscribe('loaded', () => start(rows.shown)), subscribe('connected', list.draw), subscribe('webhooks', filters.refresh),
    () => list.end(), () => rows.end(), loader.end, filters.end,
  ];
  main.append(h('div', { class: 'title-row' }, h('h1', {}, 'Deliveries'), summary), filters.element, loader.element, empty, list.scroller);
  return () => ends.forEach((end) => end());
}

/** The address of the list as it was left. */
export const listAddress = () => (left?.query ? `#/deliveries?${left.query}` : '#/deliveries');
