// Tells what a webhook event led to.
import { h } from './dom.js';
import { counted } from './format.js';
import { link } from './router.js';
import { say } from './toast.js';

/** `fired`: {event, deliveries}. */
export function sayFired({ event, deliveries }) {
  if (!deliveries.length) {
    say(`${event} happened, but no webhook of this organization listens to it (S2).`);
  } else if (deliveries.length === 1) {
    say(`${event} fired. `, h('a', { href: link('deliveries', deliveries[0]) }, 'Open the delivery'));
  } else {
    say(`${event} fired: ${counted(deliveries.length, 'delivery', 'deliveries')}. `, h('a', { href: '#/deliveries' }, 'See them'));
  }
}
