// The deliveries that send the bytes of another one again: found among those of the same webhook event and entity, then by the stream.
import { get, withQuery } from './api.js';

const looked = 1000; // at the newest of them

/** `changed()`: there is another one, or one of them changed. Returns {all(): oldest first, take(delivery), load(original)}. */
export function copiesOf(id, changed) {
  const found = new Map();
  const take = (delivery) => {
    if (delivery.resendOf !== id) return;
    found.set(delivery.id, delivery);
    changed();
  };
  const load = async ({ webhookId, event, entityId }) => {
    const filter = { webhook: webhookId, event, entity: entityId, order: 'newest', limit: looked };
    (await get(withQuery('v1/deliveries', filter))).items.reverse().filter((one) => !found.has(one.id)).forEach(take);
  };
  return { all: () => [...found.values()], take, load };
}
