// The newest deliveries of all webhooks: a short live list for the overview.
import { get } from './api.js';
import { h, oncePerFrame } from './dom.js';
import { rowCells } from './delivery_row.js';
import { loading } from './loading.js';
import { link } from './router.js';
import { subscribe } from './state.js';

const shown = 8;

const row = (delivery) =>
  h(
    'li',
    {},
    h(
      'a',
      { class: 'delivery-row', href: link('deliveries', delivery.id), dataset: { deliveryId: delivery.id } },
      rowCells(delivery, (name, ...content) => h('span', { class: name }, content)),
    ),
  );

/** Returns {element, close}. */
export function latestDeliveries() {
  let deliveries = new Map(); // oldest first
  let isLoaded = false;
  const list = h('ul', { class: 'delivery-list' });
  const empty = h('div', { class: 'empty', hidden: true }, h('strong', {}, 'No delivery yet'), 'Trigger a webhook event to see one here.');
  const draw = oncePerFrame(() => {
    const focused = document.activeElement?.dataset?.deliveryId;
    list.replaceChildren(...[...deliveries.values()].reverse().map(row));
    empty.hidden = deliveries.size > 0 || !isLoaded;
    if (focused) list.querySelector(`[data-delivery-id="${CSS.escape(focused)}"]`)?.focus();
  });
  const loader = loading(async () => {
    const page = await get(`v1/deliveries?order=newest&limit=${shown}`);
    deliveries = new Map(page.items.reverse().map((one) => [one.id, one]));
    isLoaded = true;
    draw();
  });
  const take = (delivery) => {
    const isNew = !deliveries.has(delivery.id);
    const newest = [...deliveries.values()].at(-1);
    if (isNew && newest && delivery.createdAt < newest.createdAt) return; // a retry of an older one
    deliveries.set(delivery.id, delivery);
    if (deliveries.size > shown) deliveries.delete(deliveries.keys().next().value);
    draw();
  };
  const ends = [subscribe('delivery', take), subscribe('loaded', loader.run), loader.end];
  loader.run();
  const all = h('a', { href: '#/deliveries' }, 'All deliveries');
  const head = h('div', { class: 'panel-head' }, h('h2', {}, 'Latest deliveries'), h('div', { class: 'end' }, all));
  return { element: h('section', { class: 'panel' }, head, loader.element, empty, list), close: () => ends.forEach((end) => end()) };
}
