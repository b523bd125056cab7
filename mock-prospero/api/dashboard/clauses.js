// Clauses of the contract that are cited in a text, as links to them.
import { h } from './dom.js';
import { link } from './router.js';

export const clauseLink = (id) => h('a', { class: 'clause', href: link('contract', id), title: `Clause ${id} of the contract` }, id);

/** The flags of a text become code, which does not break at its hyphens. */
export const withFlags = (text) => text.split(/(--[a-z][a-z-]*)/).map((part, index) => (index % 2 ? h('code', {}, part) : part));

/** The clauses of a text: "… (R1, R2) …" becomes nodes in which R1 and R2 are links. */
export const cited = (text) => text.split(/\b([DRXESTGH]\d{1,2})\b/).map((part, index) => (index % 2 ? clauseLink(part) : withFlags(part))).flat();
