// Copying, also where the browser gives no clipboard to a page: outside of localhost it wants https.
import { closeDialog, h } from './dom.js';
import { say } from './toast.js';

function copyByHand(text) {
  const area = h('textarea', { rows: 8, readonly: true, 'aria-label': 'Text to copy', value: text });
  const close = h('button', { class: 'main', type: 'button', onclick: () => closeDialog(dialog) }, 'Done');
  const dialog = h('dialog', { 'aria-label': 'Copy' }, h('div', { class: 'stack' }, h('p', {}, 'This browser lets only pages under https copy. Copy it from here:'), area, close));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  area.select();
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied.`);
  } catch {
    copyByHand(text);
  }
}

export const copyButton = (label, what, text, properties) =>
  h('button', { type: 'button', onclick: () => copy(text(), what), ...properties }, label);

export function download(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes]));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
