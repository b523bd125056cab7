// Every clause of the contract, with the value that is in force here and its mark.
import { h, status } from './dom.js';
import { state } from './state.js';

const introduction =
  'What Prospero promises a webhook consumer. “Stated” clauses are in Prospero’s public pages; where those are silent, this project chose a reading, and this mock lets you change what is a value.';

/** `word` becomes code. */
const withCode = (text) => text.split('`').map((part, index) => (index % 2 ? h('code', {}, part) : part));

function clauseRow(clause) {
  const value = clause.value && h('p', { class: 'in-force' }, h('span', { class: 'label' }, 'In force'), ' ', h('span', { class: 'mono' }, clause.value));
  const flag = clause.flag && h('p', { class: 'hint' }, 'Change it with ', h('code', {}, clause.flag));
  const note = clause.note && h('p', { class: 'hint' }, clause.mark === 'stated' ? `Chosen: ${clause.note}` : clause.note);
  return h(
    'div',
    { class: 'clause-row', id: `clause-${clause.id}`, tabindex: -1 },
    h('div', { class: 'clause-id' }, h('b', {}, clause.id), status(clause.mark === 'stated' ? 'info' : 'odd', clause.mark)),
    h('div', { class: 'clause-text' }, h('p', {}, withCode(clause.text)), note, value, flag),
  );
}

function sections(clauses) {
  const titles = [...new Set(clauses.map((one) => one.section))];
  return titles.map((title) => {
    const id = `section-${title.replaceAll(' ', '-')}`;
    const heading = h('h2', { id, class: 'section-title' }, title);
    return h('section', { class: 'panel', 'aria-labelledby': id }, heading, clauses.filter((one) => one.section === title).map(clauseRow));
  });
}

export function showContract(main, [, wanted]) {
  const { clauses } = state.contract;
  main.append(
    h('div', { class: 'title-row' }, h('h1', {}, 'Contract')),
    h('p', { class: 'lede' }, introduction),
    h('div', { class: 'stack' }, sections(clauses)),
  );
  const row = wanted && document.getElementById(`clause-${wanted}`);
  if (!row) return;
  row.classList.add('wanted');
  requestAnimationFrame(() => {
    row.scrollIntoView({ block: 'center' });
    row.focus({ preventScroll: true });
  });
}
