// The dialog that asks for the server's token. It goes into sessionStorage and a header, never into an address.
import { h, field } from './dom.js';

/** Resolves with what was entered. `wrong`: the one before was refused. */
export function askForToken(wrong) {
  return new Promise((resolve) => {
    const input = h('input', { type: 'password', autocomplete: 'off', required: true, name: 'token' });
    const submit = (event) => {
      event.preventDefault();
      dialog.remove();
      resolve(input.value);
    };
    const dialog = h(
      'dialog',
      { 'aria-labelledby': 'token-title' },
      h(
        'form',
        { class: 'stack', onsubmit: submit },
        h('h2', { id: 'token-title' }, 'This server wants its token'),
        wrong && h('p', { class: 'problem', role: 'alert' }, 'That token was refused.'),
        field('Token', input, 'What the server was started with: --token or --token-file.'),
        h('div', { class: 'row' }, h('button', { class: 'main' }, 'Continue')),
      ),
    );
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    document.body.append(dialog);
    dialog.showModal();
  });
}
