// The cases of a conformance run, each with what the HTML report says of it; those that do not hold are open.
import { h } from './dom.js';
import { foreign } from './foreign.js';
import { duration } from './format.js';
import { caseBadge, caseStatuses } from './words.js';

function details(one, words) {
  if (words.lines.length) {
    return h('dl', { class: 'facts' }, words.lines.map(([name, text]) => [h('dt', {}, name), h('dd', {}, foreign(text))]));
  }
  return h('p', { class: 'muted' }, one.reason || one.requirement);
}

/** What a skipped case waits for is told without opening it. */
const inlineReason = (one) => one.status === 'skipped' && one.reason && h('span', { class: 'hint case-reason' }, one.reason);

function caseItem(one, words, isOpen) {
  const took = one.status === 'skipped' ? '' : duration(one.ms);
  return h(
    'li',
    {},
    h(
      'details',
      { open: isOpen, dataset: { case: one.id } },
      h(
        'summary',
        { class: 'case-row' },
        caseBadge(one.status),
        h('span', { class: 'case-title' }, words.title, inlineReason(one)),
        h('code', {}, one.id),
        h('span', { class: 'hint' }, one.strength),
        h('span', { class: 'hint case-time' }, took),
      ),
      h('div', { class: 'case-body' }, details(one, words)),
    ),
  );
}

const needsEyes = (status) => status === 'failed' || status === 'advice' || status === 'error';

/** {element, update(run)} */
export function caseList() {
  let wanted = '';
  let last = null;
  const toggled = new Map(); // what the reader opened or closed stays so
  const list = h('ul', { class: 'cases' });
  const filters = h('div', { class: 'segmented', role: 'group', 'aria-label': 'Cases to show' });
  list.addEventListener('click', (event) => {
    const one = event.target.closest('summary')?.parentElement;
    if (one) toggled.set(one.dataset.case, !one.open);
  });
  const filterButton = (status, text, number) => {
    const choose = () => {
      wanted = status;
      update(last);
    };
    return h('button', { type: 'button', 'aria-pressed': String(wanted === status), onclick: choose, dataset: { filter: status } }, `${text} ${number}`);
  };
  const drawFilters = ({ cases, summary }) => {
    const focused = document.activeElement?.dataset?.filter;
    const some = caseStatuses.filter(([status]) => summary[status]);
    filters.replaceChildren(filterButton('', 'all', cases.length), ...some.map(([status, text]) => filterButton(status, text, summary[status])));
    if (focused !== undefined) filters.querySelector(`[data-filter="${focused}"]`)?.focus();
  };
  const update = (run) => {
    last = run;
    const words = new Map(run.words.cases.map((one) => [one.id, one]));
    const { cases } = run.report;
    drawFilters(run.report);
    const shown = cases.filter((one) => !wanted || one.status === wanted);
    const focused = document.activeElement?.closest?.('[data-case]')?.dataset.case;
    list.replaceChildren(...shown.map((one) => caseItem(one, words.get(one.id), toggled.get(one.id) ?? needsEyes(one.status))));
    if (focused) list.querySelector(`[data-case="${CSS.escape(focused)}"] summary`)?.focus({ preventScroll: true });
    element.hidden = cases.length === 0;
  };
  const element = h('section', { class: 'panel', hidden: true }, h('div', { class: 'panel-head' }, h('h2', {}, 'Cases'), filters), list);
  return { element, update };
}
