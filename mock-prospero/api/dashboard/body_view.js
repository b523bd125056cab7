// The exact body of a delivery: laid out or raw, to copy, and as commands that send it again.
import { request } from './api.js';
import { copyButton, download } from './clipboard.js';
import { asCurl, asPush, isTooLong } from './commands.js';
import { h } from './dom.js';
import { foreign } from './foreign.js';
import { bytes as bytesText } from './format.js';
import { layOut } from './json_text.js';
import { state } from './state.js';

const shownMax = 200_000;

const decoded = (bytes) => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** Bytes that are not UTF-8, as the reports write them: \xNN. */
const escaped = (bytes) =>
  Array.from(bytes, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)).join('');

const pretty = (text) => layOut(text)?.map(({ kind, text: part }) => (kind ? h('span', { class: `json-${kind} foreign` }, foreign(part)) : part));

function textBox(bytes, text) {
  const box = h('pre', { class: 'body-text', tabindex: 0, 'aria-label': 'Body' });
  const laidOut = text !== null && text.length <= shownMax ? pretty(text) : null;
  const raw = text ?? escaped(bytes);
  const show = (wantPretty) => {
    if (wantPretty && laidOut) box.replaceChildren(...laidOut);
    else box.replaceChildren(...foreign(raw.length > shownMax ? `${raw.slice(0, shownMax)}…` : raw));
  };
  show(true);
  return { box, show, canBePretty: laidOut !== null };
}

function layoutChoice(view) {
  if (!view.canBePretty) return null;
  const choose = (button, wantPretty) => {
    for (const one of group.children) one.setAttribute('aria-pressed', String(one === button));
    view.show(wantPretty);
  };
  const button = (text, wantPretty) => {
    const made = h('button', { type: 'button', 'aria-pressed': String(wantPretty), onclick: () => choose(made, wantPretty) }, text);
    return made;
  };
  const group = h('div', { class: 'segmented', role: 'group', 'aria-label': 'Layout of the body' }, button('Pretty', true), button('Raw', false));
  return group;
}

function notes(bytes, text) {
  const said = [];
  if (text === null) said.push('These bytes are not UTF-8; such bytes are shown as \\xNN.');
  else if (layOut(text.slice(0, shownMax)) === null && bytes.length <= shownMax) said.push('This is no well-formed JSON. It is sent as it stands.');
  if (bytes.length > shownMax) said.push(`Only the first ${bytesText(shownMax)} are shown.`);
  if (isTooLong(bytes)) said.push('For a command it is too long: download it as body.json, which the commands then read.');
  return said.map((one) => h('p', { class: 'hint' }, one));
}

/** Resolves with the section of the page. */
export async function bodyView(delivery) {
  const response = await request('GET', `v1/deliveries/${delivery.id}/body`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = decoded(bytes);
  const view = textBox(bytes, text);
  const url = state.webhooks.get(delivery.webhookId)?.url;
  const { values } = state.contract;
  const actions = h(
    'div',
    { class: 'end' },
    text !== null && copyButton('Copy', 'The body', () => text),
    url && copyButton('Copy as curl', 'The curl command', () => asCurl(url, bytes, text, values)),
    url && copyButton('Copy as push', 'The mock-prospero push command', () => asPush(url, delivery.event, bytes, text, values)),
    h('button', { type: 'button', onclick: () => download(bytes, 'body.json') }, 'Download'),
  );
  const head = h('div', { class: 'panel-head' }, h('h2', {}, 'Body'), h('span', { class: 'muted' }, bytesText(bytes.length)), layoutChoice(view), actions);
  return h('section', { class: 'panel' }, head, view.box, notes(bytes, text));
}
