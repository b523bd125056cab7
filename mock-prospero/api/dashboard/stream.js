// The server's stream of changes, read with fetch() because an EventSource cannot send the token in a header. It connects
// again by itself and resumes after the last event that it saw.
import { address, authorization, renewToken, token } from './api.js';

const silenceMax = 25_000; // the server says something every 15 s
const pauseWhenHidden = 20_000; // a hidden page gives its connection back: browsers have few for each server
const firstWait = 400;
const longestWait = 5000;

/** The events of `text`, and what is left of it: an event that is not complete yet. */
export function splitEvents(text) {
  const blocks = text.split('\n\n');
  const rest = blocks.pop();
  const events = blocks.map((block) => {
    const event = { id: null, type: 'message', data: '' };
    for (const line of block.split('\n')) {
      const colon = line.indexOf(': ');
      const [name, value] = [line.slice(0, colon), line.slice(colon + 2)];
      if (name === 'id') event.id = value;
      if (name === 'event') event.type = value;
      if (name === 'data') event.data += value;
    }
    return event;
  });
  return { events: events.filter((event) => event.data), rest };
}

/**
 * Follows the stream for as long as the page lives. onEvent(type, data) for each event; onState('live' | 'lost', why,
 * secondsToNextTry).
 */
export class Stream {
  #lastId = null;
  #abort = null;
  #wake = null;
  #wait = firstWait;

  constructor(onEvent, onState) {
    this.onEvent = onEvent;
    this.onState = onState;
    addEventListener('online', () => this.#wake?.());
    let hiding = null;
    document.addEventListener('visibilitychange', () => {
      clearTimeout(hiding);
      if (document.hidden) hiding = setTimeout(() => this.#abort?.abort(), pauseWhenHidden);
      else this.#wake?.();
    });
  }

  async run() {
    for (;;) {
      const why = await this.#once().catch((failure) => failure.message);
      this.onState('lost', why, this.#wait / 1000);
      await this.#pause();
      this.#wait = Math.min(this.#wait * 2, longestWait);
    }
  }

  #pause() {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (!document.hidden) setTimeout(resolve, this.#wait);
    });
  }

  async #once() {
    const used = token();
    this.#abort = new AbortController();
    const headers = { ...authorization(), ...(this.#lastId ? { 'Last-Event-ID': this.#lastId } : {}) };
    const options = { headers, cache: 'no-store', signal: this.#abort.signal };
    const response = await fetch(address('v1/stream'), options).catch(() => null);
    if (!response) return 'The mock does not answer.';
    if (response.status === 401) {
      await renewToken(used);
      this.#wait = firstWait;
      return 'The token was refused.';
    }
    if (!response.ok) return (await response.json().catch(() => null))?.error ?? `Status ${response.status}`;
    this.#wait = firstWait;
    if (this.#lastId) this.onState('live');
    await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader());
    return 'The connection to the mock was lost.';
  }

  async #read(reader) {
    let text = '';
    let watch = null;
    try {
      for (;;) {
        clearTimeout(watch);
        watch = setTimeout(() => this.#abort.abort(), silenceMax);
        const { value, done } = await reader.read();
        if (done) return;
        const { events, rest } = splitEvents(text + value);
        text = rest;
        for (const event of events) this.#take(event);
      }
    } catch {
      // A connection that breaks off ends the stream like any other end of it.
    } finally {
      clearTimeout(watch);
    }
  }

  #take(event) {
    this.#lastId = event.id ?? this.#lastId;
    if (event.type === 'ready') this.onState('live');
    this.onEvent(event.type, JSON.parse(event.data));
  }
}
