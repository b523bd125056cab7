// The deliveries that a filter shows, as far as they were loaded, newest or oldest first. Pages are loaded one after the
// other, because a cursor only leads to the next one; what happens meanwhile comes in by the stream.
import { get, withQuery } from './api.js';

const firstPage = 100;
const pageSize = 1000;

// Ids are version 1 UUIDs (T1): put in this order, their parts sort by time.
const age = (id) => id.slice(14, 18) + id.slice(9, 13) + id.slice(0, 8);

const hasState = ({ state }, wanted) => (wanted === 'missed' ? state === 'abandoned' || state === 'dropped' : state === wanted);

export function matches(delivery, filter) {
  const last = delivery.attempts.findLast((one) => one.outcome);
  return (
    (!filter.webhook || delivery.webhookId === filter.webhook) &&
    (!filter.event || delivery.event === filter.event) &&
    (!filter.state || hasState(delivery, filter.state)) &&
    (!filter.outcome || last?.outcome === filter.outcome) &&
    (!filter.entity || (delivery.entityId ?? '').startsWith(filter.entity))
  );
}

export class DeliveryRows {
  #byId = new Map();
  #cursor = null;
  #complete = false;
  #wanted = 0;
  #loading = false;
  #ended = false;
  #changes = new Map();

  /** `changed(added)`: rows changed; `added` of them are new at the top. `failed(error)`: a page could not be loaded. */
  constructor(filter, order, changed, failed) {
    Object.assign(this, { filter, order, changed, failed, rows: [], total: 0, ready: false });
  }

  end() {
    this.#ended = true;
  }

  /** Throws what the API answered, unless this was ended meanwhile. */
  async start() {
    try {
      this.total = (await get(withQuery('v1/deliveries/count', this.filter))).total;
      await this.#loadPage(firstPage);
    } catch (error) {
      if (this.#ended) return;
      throw error;
    }
    if (this.#ended) return;
    this.ready = true;
    this.changed(0);
    this.reach(this.#wanted);
  }

  /** Loads on until the row `index` is there. */
  async reach(index) {
    this.#wanted = index;
    if (this.#loading || !this.ready) return;
    this.#loading = true;
    try {
      while (!this.#ended && !this.#complete && this.rows.length <= this.#wanted) {
        await this.#loadPage(pageSize);
        this.changed(0);
      }
    } catch (error) {
      if (!this.#ended) this.failed(error);
    }
    this.#loading = false;
  }

  async #loadPage(limit) {
    const page = await get(withQuery('v1/deliveries', { ...this.filter, order: this.order, limit, cursor: this.#cursor }));
    const fresh = page.items.filter((one) => !this.#byId.has(one.id));
    for (const one of fresh) this.#byId.set(one.id, one);
    this.rows.push(...fresh);
    this.#cursor = page.next;
    this.#complete = page.next === null;
    this.total = this.#complete ? this.rows.length : Math.max(this.total, this.rows.length + 1);
  }

  /** A change from the stream; flush() makes it seen. */
  take(delivery) {
    this.#changes.set(delivery.id, delivery);
  }

  flush() {
    if (!this.ready || !this.#changes.size) return;
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    const fresh = changes.filter((one) => !this.#update(one) && matches(one, this.filter) && this.#isNew(one));
    this.#dropStrangers(changes);
    fresh.sort((one, other) => age(one.id).localeCompare(age(other.id)));
    for (const one of fresh) this.#byId.set(one.id, one);
    this.total += fresh.length;
    if (this.order === 'newest') this.rows = [...fresh.reverse(), ...this.rows];
    else if (this.#complete) this.rows.push(...fresh);
    this.changed(this.order === 'newest' ? fresh.length : 0);
  }

  /** True if it was a row already. */
  #update(delivery) {
    const known = this.#byId.get(delivery.id);
    if (known) Object.assign(known, delivery);
    return known !== undefined;
  }

  #isNew(delivery) {
    const newest = this.order === 'newest' ? this.rows[0] : this.#complete ? this.rows.at(-1) : null;
    if (newest) return age(delivery.id) > age(newest.id);
    return this.#complete;
  }

  /** What changed so that the filter hides it leaves the list. */
  #dropStrangers(changes) {
    const gone = new Set(changes.filter((one) => this.#byId.has(one.id) && !matches(one, this.filter)).map((one) => one.id));
    if (!gone.size) return;
    this.rows = this.rows.filter((one) => !gone.has(one.id));
    for (const id of gone) this.#byId.delete(id);
    this.total -= gone.size;
  }
}
