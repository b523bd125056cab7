// Tells what a webhook event led to.
import { cited } from './clauses.js';
import { h } from './dom.js';
import { counted } from './format.js';
import { link } from './router.js';
import { say } from './toast.js';

const desk = (text) => h('a', { href: '#/desk' }, text);

function listLink({ deliveries, entityId }) {
  if (deliveries.length === 1) return h('a', { href: link('deliveries', deliveries[0]) }, 'Open the delivery');
  return h('a', { href: entityId ? `#/deliveries?entity=${encodeURIComponent(entityId)}` : '#/deliveries' }, 'See them');
}

/** `fired`: {event, entityId, deliveries, missed}. `order` tells which went first, if that matters. */
export function sayFired(fired, order = '') {
  const { event, deliveries, missed } = fired;
  const sent = deliveries.length - missed.length;
  if (!deliveries.length) {
    say(cited(`${event} happened, but no webhook of this organization listens to it (S2). `), 'Register one that does at the ', desk('operator desk'), ': a name that is not in its list goes under “Others”.');
  } else if (!sent) {
    say(cited(`${event} happened, but nothing was sent: every webhook that listens is disabled, and missed it (X3). `), desk('Enable it'), '. ', listLink(fired));
  } else {
    const lost = missed.length ? `, ${missed.length} of them missed by a disabled webhook (X3)` : '';
    const count = deliveries.length > 1 ? `: ${counted(deliveries.length, 'delivery', 'deliveries')}` : '';
    say(cited(`${event} fired${count}${lost}. ${order}`), ' ', listLink(fired));
  }
}
