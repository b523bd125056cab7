// Text of others (names, payloads, what a consumer answered) beside the page's own. It may hold characters that turn the
// direction of all text after them around: those are shown by their number. Elements that show such text are isolated
// (shell.css), so that what is written from right to left by nature moves none of its neighbours.
import { h } from './dom.js';

const controls = /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])/;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const codePoint = (character) => `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

const withControls = (text, show) => text.split(controls).map((part, index) => (index % 2 ? show(part) : part));

/** Nodes of the text. What is selected in them and copied is the true text. */
export const foreign = (text) =>
  withControls(text, (one) => h('span', { class: 'control', title: 'A character that changes the direction of text', dataset: { code: codePoint(one) } }, one));

export const visible = (text) => withControls(text, (one) => `⟨${codePoint(one)}⟩`).join('');

/** For what can only be text, as an option or a label, or stands in the middle of a sentence. */
export function isolated(text) {
  const shown = visible(text);
  return rightToLeft.test(shown) ? `\u2068${shown}\u2069` : shown;
}
