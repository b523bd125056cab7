// Prepared pushes that a consumer finds hard: each is allowed by the contract, or can happen on the way.
import { get, post } from './api.js';
import { cited } from './clauses.js';
import { h, select } from './dom.js';
import { families } from './families.js';
import { sayFired } from './fired.js';
import { mockNow } from './state.js';
import { guarded } from './toast.js';

const hugeBytes = 4_000_000;

const stamp = (secondsAgo) => new Date(Math.floor(mockNow() / 1000 - secondsAgo) * 1000).toISOString().replace('.000', '');

/** Waits for the pushes before, so that they arrive in this order; for as long as an attempt may take. */
const settled = () => get('v1/idle?timeout=6', { isPatient: true }).catch(() => null);

const newId = () => {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-1${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

const entity = (id, secondsAgo, more) => ({ id, createdAt: stamp(7200), lastUpdatedAt: stamp(secondsAgo), sampleTitle: 'Gala Evening', ...more });

const updated = (family, data) => ({ event: `${family}.updated`, data });

const kinds = [
  {
    name: 'A copy',
    clause: 'D2, G5',
    expect: 'The same bytes twice: a 200 was lost on the way. Do the work once; the body is the only identity.',
    pushes: (family) => {
      const push = updated(family, entity(newId(), 0, { sampleStatus: 'confirmed' }));
      return [push, push];
    },
  },
  {
    name: 'A stale one',
    clause: 'D8, H8',
    order: 'The newer state went first, the older one after it.',
    expect: 'An older state arrives after a newer one, as a late retry does. Do not go back to it.',
    pushes: (family) => {
      const id = newId();
      return [updated(family, entity(id, 0, { sampleStatus: 'newer' })), updated(family, entity(id, 3600, { sampleStatus: 'older' }))];
    },
  },
  {
    name: 'A reordered pair',
    clause: 'D8',
    order: '“updated” went first, “created” after it.',
    expect: '“updated” arrives before the “created” of the same entity. Both are ordinary.',
    pushes: (family) => {
      const id = newId();
      return [updated(family, entity(id, 0)), { event: `${family}.created`, data: entity(id, 60) }];
    },
  },
  {
    name: 'A malformed one',
    clause: 'D3, R5',
    expect: 'No well-formed JSON. It will never be, so answer 200 and keep it aside: anything else brings it three more times.',
    pushes: (family) => [{ event: `${family}.updated`, body: `{"event":"${family}.updated","data":{"id":` }],
  },
  {
    name: 'A huge one',
    clause: 'D4',
    expect: '4 MB. Read it within the 5 s, or answer 200 and keep it aside if you never will.',
    pushes: (family) => [updated(family, entity(newId(), 0, { sampleNotes: 'x'.repeat(hugeBytes) }))],
  },
  {
    name: 'Text like markup',
    clause: 'T4',
    expect: 'HTML and script in a title. It is text: a page that shows it as markup has a hole.',
    pushes: (family) => [updated(family, entity(newId(), 0, { sampleTitle: '<img src=x onerror="document.title=1"><script>document.title=2</script>' }))],
  },
];

async function send(kind, family, organization) {
  const all = { deliveries: [], missed: [] };
  for (const push of kind.pushes(family)) {
    if (all.event) await settled();
    const fired = await post(`v1/organizations/${organization}/trigger`, push);
    all.deliveries.push(...fired.deliveries);
    all.missed.push(...fired.missed);
    Object.assign(all, { event: fired.event, entityId: fired.entityId });
  }
  sayFired(all, kind.order);
}

/** `organization()` is the id of the chosen one. */
export function awkwardPanel(organization) {
  const family = select(families.map((one) => [one.event, one.one]), { 'aria-label': 'Family' });
  family.value = 'invoice';
  const item = (kind) => {
    const button = h('button', { type: 'button', 'aria-label': `Send: ${kind.name}`, onclick: () => guarded(button, () => send(kind, family.value, organization())) }, 'Send');
    return h('li', {}, h('div', {}, h('h3', {}, kind.name, ' ', h('span', { class: 'hint' }, cited(kind.clause))), h('p', { class: 'muted' }, kind.expect)), button);
  };
  const head = h('div', { class: 'panel-head' }, h('h2', {}, 'Send an awkward one'), h('div', { class: 'end row' }, h('span', { class: 'label', 'aria-hidden': 'true' }, 'of an'), family));
  return h('section', { class: 'panel' }, head, h('ul', { class: 'awkward' }, kinds.map(item)));
}
