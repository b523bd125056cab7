// What every view needs to know, kept in step with the server by the stream. Views subscribe to topics:
//   'clock'        state.clock changed
//   'webhooks'     a webhook or an organization changed
//   'delivery'     a delivery changed: the delivery
//   'entity'       an entity changed: {orgId, event, entityId}
//   'conformance'  a conformance run changed: the run
//   'connected'    the stream is there again: what could not be loaded may be tried again
//   'loaded'       everything was loaded anew: whatever a view shows may be out of date
import { all, get } from './api.js';
import { isolated } from './foreign.js';

export const state = {
  isConnected: false,
  clock: null, // {mode, now}
  clockReadAt: 0, // performance.now() when it was read
  contract: null, // {clauses, values}
  organizations: new Map(),
  webhooks: new Map(),
  beganAnew: false, // the mock forgot what it had, while this page was open
};

const topics = new Map();

/** Returns what ends the subscription. */
export function subscribe(topic, listener) {
  if (!topics.has(topic)) topics.set(topic, new Set());
  topics.get(topic).add(listener);
  return () => topics.get(topic).delete(listener);
}

export function tell(topic, data) {
  for (const listener of [...(topics.get(topic) ?? [])]) listener(data);
}

export function setConnected(isConnected) {
  state.isConnected = isConnected;
  if (isConnected) tell('connected');
}

let clockMayGoBack = true;

/** Answers and the stream overtake each other; a virtual clock never goes back, so the later time is the newer one. */
export function setClock(clock) {
  const isOlder = state.clock?.mode === 'virtual' && clock.mode === 'virtual' && clock.now < state.clock.now;
  if (isOlder && !clockMayGoBack) return;
  clockMayGoBack = false;
  state.clock = { mode: clock.mode, now: clock.now };
  state.clockReadAt = performance.now();
  tell('clock');
}

/** The time of the mock in this moment: a virtual clock stands still, a real one runs on. */
export function mockNow() {
  if (!state.clock) return new Date();
  const passed = state.clock.mode === 'real' ? (performance.now() - state.clockReadAt) * state.contract.values.speed : 0;
  return new Date(Date.parse(state.clock.now) + passed);
}

const byId = (items) => new Map(items.map((one) => [one.id, one]));

export async function loadOrganizations() {
  state.organizations = byId(await all('v1/organizations'));
  tell('webhooks');
}

/** Returns whether the mock began anew since the last time: nothing that was known is there any more. */
export async function loadAll() {
  clockMayGoBack = true; // after a restart it is another clock
  const [contract, organizations, webhooks] = await Promise.all([
    get('v1/contract'),
    all('v1/organizations'),
    all('v1/webhooks'),
  ]);
  const known = [...state.organizations.keys()];
  Object.assign(state, { contract, organizations: byId(organizations), webhooks: byId(webhooks) });
  const beginsAnew = known.length > 0 && !known.some((id) => state.organizations.has(id));
  state.beganAnew ||= beginsAnew;
  setClock(await get('v1/clock'));
  tell('webhooks');
  tell('loaded');
  return beginsAnew;
}

export function setWebhook(webhook) {
  state.webhooks.set(webhook.id, webhook);
  if (!state.organizations.has(webhook.orgId)) loadOrganizations();
  tell('webhooks');
}

/** Webhooks that can still get something, oldest first. */
export const liveWebhooks = () => [...state.webhooks.values()].filter((one) => one.state !== 'deleted');

/** The webhooks that fire for this webhook event of that organization (S1, S2). */
export const listeners = (orgId, event) => liveWebhooks().filter((one) => one.orgId === orgId && one.events.includes(event));

/** In a form that can stand in the middle of a sentence. */
export const organizationName = (id) => isolated(state.organizations.get(id)?.name ?? 'unknown organization');

/** One event of the stream. */
export function take(type, data) {
  if (type === 'clock') setClock(data);
  else if (type === 'webhook') setWebhook(data);
  else if (type === 'delivery' || type === 'conformance' || type === 'entity') tell(type, data);
}
