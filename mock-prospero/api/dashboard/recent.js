// The last attempts at one webhook, kept in step with the stream. What was never tried, as all is that a disabled webhook
// misses, does not push them out.
import { get, withQuery } from './api.js';

const attemptsMax = 40;
const deliveriesMax = 60;

export class RecentAttempts {
  #deliveries = new Map();

  constructor(webhookId, changed) {
    this.webhookId = webhookId;
    this.changed = changed;
  }

  async load() {
    const parameters = { webhook: this.webhookId, outcome: 'any', order: 'newest', limit: deliveriesMax };
    const page = await get(withQuery('v1/deliveries', parameters));
    this.#deliveries = new Map(page.items.reverse().map((one) => [one.id, one]));
    this.changed();
  }

  take(delivery) {
    if (!delivery.attempts.some((one) => one.outcome)) return;
    this.#deliveries.delete(delivery.id); // so that what changed last is kept longest
    this.#deliveries.set(delivery.id, delivery);
    if (this.#deliveries.size > deliveriesMax) this.#deliveries.delete(this.#deliveries.keys().next().value);
    this.changed();
  }

  /** Those that have ended, in the order of their start, with `ms` that each took. */
  attempts() {
    const ended = [...this.#deliveries.values()].flatMap((one) => one.attempts).filter((one) => one.outcome);
    ended.sort((one, other) => one.startedAt.localeCompare(other.startedAt));
    return ended.slice(-attemptsMax).map((one) => ({ ...one, ms: tookMs(one) }));
  }
}

/** The real milliseconds of an attempt: the sum of its phases, which a fast clock does not stretch. */
export function tookMs(attempt) {
  const phases = Object.values(attempt.phases).filter((ms) => ms !== null);
  if (phases.length) return phases.reduce((sum, ms) => sum + ms, 0);
  return attempt.endedAt ? Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt) : 0;
}
