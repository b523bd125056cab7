// The deliveries that send the bytes of another one again: found among those of the same entity, then by the stream.
import { get, withQuery } from './api.js';

const looked = 1000; // at the newest of them

/** `changed()`: there is another one. Returns {ids(), take(delivery), load(original)}. */
export function copiesOf(id, changed) {
  const found = new Set();
  const take = (delivery) => {
    if (delivery.resendOf !== id || found.has(delivery.id)) return;
    found.add(delivery.id);
    changed();
  };
  const load = async ({ webhookId, event, entityId }) => {
    if (!entityId) return;
    const filter = { webhook: webhookId, event, entity: entityId, order: 'newest', limit: looked };
    (await get(withQuery('v1/deliveries', filter))).items.reverse().forEach(take);
  };
  return { ids: () => [...found], take, load };
}
