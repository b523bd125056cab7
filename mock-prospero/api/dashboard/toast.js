// Short messages at the edge of the page: what an action led to. They are read out. There are few at a time: a newer one
// takes the place of an older one, a problem is told once, and that the mock was away is over when it is back.
import { h, isBusy, setBusy } from './dom.js';
import { subscribe } from './state.js';

const shownFor = 7000;
const problemsMax = 2;

const shown = (tone) => [...document.querySelectorAll(`.toast${tone}`)];

function show(tone, content) {
  const close = () => box.remove();
  const box = h(
    'div',
    { class: `toast ${tone}` },
    h('div', {}, content),
    h('button', { type: 'button', 'aria-label': 'Dismiss', onclick: close }, '×'),
  );
  document.getElementById('toasts').append(box);
  makeRoom();
  return box;
}

/** Returns where the messages begin. */
function tellCovered() {
  const { top } = document.getElementById('toasts').getBoundingClientRect();
  document.documentElement.style.setProperty('--covered', `${innerHeight - top}px`);
  return top;
}

/** On small screens messages lie over the lower edge: what is being worked on is scrolled out from under them. */
function makeRoom() {
  const control = document.activeElement;
  if (control === document.body || !matchMedia('(max-width: 60rem)').matches) return;
  const top = tellCovered();
  const isCovered = (one) => {
    const place = one?.getBoundingClientRect();
    return place && place.height < top / 2 && place.bottom > top && place.top < innerHeight;
  };
  [control.closest('form, article'), control].find(isCovered)?.scrollIntoView({ block: 'nearest' });
}

/** What a message covered is free again once it is gone, however it went. */
export function watchMessages() {
  const box = document.getElementById('toasts');
  const { style } = document.documentElement;
  const update = () => {
    if (!box.children.length) style.removeProperty('--covered');
    else if (style.getPropertyValue('--covered')) tellCovered();
  };
  new MutationObserver(update).observe(box, { childList: true });
}

/** `content`: text, or nodes. */
export function say(...content) {
  for (const one of shown(':not(.bad)')) one.remove();
  const box = show('', content);
  setTimeout(() => box.remove(), shownFor);
}

export function complain(error) {
  for (const one of shown('.bad')) if (one.dataset.message === error.message) one.remove();
  const box = show('bad', error.message);
  box.dataset.message = error.message;
  if (error.isOutage) box.dataset.outage = '';
  for (const one of shown('.bad').slice(0, -problemsMax)) one.remove();
}

subscribe('connected', () => shown('[data-outage]').forEach((one) => one.remove()));

/** Runs `work` while `button` cannot be pressed again; a problem is told in words. Resolves with what it returned. */
export async function guarded(button, work) {
  if (isBusy(button)) return undefined;
  setBusy(button, true);
  try {
    return await work();
  } catch (error) {
    complain(error);
    return undefined;
  } finally {
    setBusy(button, false);
  }
}
