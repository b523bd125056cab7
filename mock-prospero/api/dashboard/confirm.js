// Asks before something is done that cannot be taken back.
import { closeDialog, h } from './dom.js';

/** Resolves with whether it was confirmed. `detail`: text, or nodes. */
export function confirmed(question, detail, verb) {
  return new Promise((resolve) => {
    const close = (answer) => {
      closeDialog(dialog);
      resolve(answer);
    };
    const yes = h('button', { type: 'button', class: 'danger', onclick: () => close(true) }, verb);
    const no = h('button', { type: 'button', onclick: () => close(false) }, 'Cancel');
    const dialog = h('dialog', { 'aria-labelledby': 'confirm-title' }, h('div', { class: 'stack' }, h('h2', { id: 'confirm-title' }, question), h('p', {}, detail), h('div', { class: 'row' }, yes, no)));
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      close(false);
    });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
