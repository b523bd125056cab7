// Times that are still to come, as how long that is: counted down in place, so that a row is not made anew every second.
import { h } from './dom.js';
import { untilThen } from './format.js';
import { mockNow } from './state.js';

export const countdown = (time) => h('span', { dataset: { due: time } }, untilThen(time, mockNow()));

export function updateCountdowns() {
  for (const one of document.querySelectorAll('[data-due]')) {
    const text = untilThen(one.dataset.due, mockNow());
    if (one.textContent !== text) one.textContent = text;
  }
}
