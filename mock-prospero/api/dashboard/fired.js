// Tells what a webhook event led to.
import { cited } from './clauses.js';
import { h } from './dom.js';
import { counted } from './format.js';
import { listeners } from './state.js';
import { link } from './router.js';
import { say } from './toast.js';

const desk = (text) => h('a', { href: '#/desk' }, text);

function listLink({ deliveries, entityId }) {
  if (deliveries.length === 1) return h('a', { href: link('deliveries', deliveries[0]) }, 'Open the delivery');
  return h('a', { href: entityId ? `#/deliveries?entity=${encodeURIComponent(entityId)}` : '#/deliveries' }, 'See them');
}

const nobodyHears = (event) => [...cited(`${event} happened, but no webhook of this organization listens to it (S2). `), 'Register one that does at the ', desk('operator desk'), ': a name that is not in its list goes under “Others”.'];
const allDisabled = (event) => [...cited(`${event} happened, but nothing was sent: every webhook that listens is disabled, and missed it (X3). `), desk('Enable it'), '. '];

/**
 * Tells what became of changes of entities, whose answers do not say it. To be called before the change, because what it
 * sends may disable a webhook. Returns say(what happened, links): `happened` is followed by what it led to.
 */
export function hearers(orgId, event) {
  const all = listeners(orgId, event);
  const enabled = all.filter((one) => one.state === 'enabled').length;
  const words = (number) => {
    if (!all.length) return nobodyHears(event);
    if (!enabled) return allDisabled(event);
    const lost = enabled < all.length ? `, and ${counted(all.length - enabled, 'disabled webhook')} missed it (X3)` : '';
    const each = enabled > 1 ? ` to each of ${enabled} webhooks` : '';
    return cited(number > 1 ? `one push each${each} (D9)${lost}. ` : `${event} fires${each}${lost}. `);
  };
  return (happened, number, ...links) => say(...cited(`${happened}: `), ...words(number), ...links);
}

/** `fired`: {event, entityId, deliveries, missed}. `order` tells which went first, if that matters. */
export function sayFired(fired, order = '') {
  const { event, deliveries, missed } = fired;
  const sent = deliveries.length - missed.length;
  if (!deliveries.length) {
    say(...nobodyHears(event));
  } else if (!sent) {
    say(...allDisabled(event), listLink(fired));
  } else {
    const lost = missed.length ? `, ${missed.length} of them missed by a disabled webhook (X3)` : '';
    const count = deliveries.length > 1 ? `: ${counted(deliveries.length, 'delivery', 'deliveries')}` : '';
    say(cited(`${event} fired${count}${lost}. ${order}`), ' ', listLink(fired));
  }
}
