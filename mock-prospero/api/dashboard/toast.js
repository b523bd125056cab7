// Short messages at the edge of the page: what an action led to. They are read out, and those that report no problem leave
// by themselves.
import { h } from './dom.js';

const shownFor = 7000;

function show(tone, content) {
  const close = () => box.remove();
  const box = h(
    'div',
    { class: `toast ${tone}` },
    h('div', {}, content),
    h('button', { type: 'button', 'aria-label': 'Dismiss', onclick: close }, '×'),
  );
  document.getElementById('toasts').append(box);
  return close;
}

/** `content`: text, or nodes. */
export function say(...content) {
  setTimeout(show('', content), shownFor);
}

export function complain(error) {
  show('bad', error.message);
}

/** Runs `work` while `button` cannot be pressed again; a problem is told in words. Resolves with what it returned. */
export async function guarded(button, work) {
  button.disabled = true;
  try {
    return await work();
  } catch (error) {
    complain(error);
    return undefined;
  } finally {
    button.disabled = false;
  }
}
