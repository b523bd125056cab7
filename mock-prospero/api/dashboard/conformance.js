// Judging a registered webhook with the conformance suite: a form that starts a run, and the runs so far.
import { get, post } from './api.js';
import { Runs } from './conformance_runs.js';
import { showRun } from './conformance_run.js';
import { field, h, isBusy, oncePerFrame, select, setBusy } from './dom.js';
import { duration, shortTime } from './format.js';
import { loading } from './loading.js';
import { link } from './router.js';
import { liveWebhooks, state, subscribe } from './state.js';
import { webhookName } from './webhook_url.js';
import { runBadge, summaryBadges } from './words.js';

const names = (text) => text.split(/[\s,]+/).filter(Boolean);

function options() {
  const only = h('input', { placeholder: 'all', autocomplete: 'off', spellcheck: 'false' });
  const skip = h('input', { placeholder: 'none', autocomplete: 'off', spellcheck: 'false' });
  const seed = h('input', { type: 'number', min: 0, step: 1, placeholder: 'a new one' });
  const strict = h('input', { type: 'checkbox' });
  const disruptive = h('input', { type: 'checkbox' });
  const element = h(
    'details',
    {},
    h('summary', {}, 'Options'),
    h(
      'div',
      { class: 'stack options' },
      h('div', { class: 'fields' }, field('Only', only, 'Ids, clauses (E1) or clause letters (E).'), field('Skip', skip, 'The same.'), field('Seed', seed, 'Repeats every byte of a run.')),
      h('label', { class: 'check' }, strict, 'Strict: a SHOULD that does not hold is a failure'),
      h('label', { class: 'check' }, disruptive, 'Disruptive: also what may disturb a real system, elsewhere than on this machine'),
    ),
  );
  const read = () => ({
    ...(names(only.value).length ? { only: names(only.value) } : {}),
    ...(names(skip.value).length ? { skip: names(skip.value) } : {}),
    ...(seed.value === '' ? {} : { seed: Number(seed.value) }),
    strict: strict.checked,
    disruptive: disruptive.checked,
  });
  return { element, read };
}

function startForm() {
  const choice = select(liveWebhooks().reverse().map((one) => [one.id, webhookName(one)]), { required: true });
  const wishes = options();
  const problem = h('p', { class: 'problem', role: 'alert' });
  const button = h('button', { class: 'main' }, 'Run the suite');
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy(button)) return;
    problem.textContent = '';
    setBusy(button, true);
    try {
      const run = await post(`v1/webhooks/${choice.value}/conformance`, wishes.read());
      location.hash = link('conformance', run.id);
    } catch (error) {
      problem.textContent = error.message;
    }
    setBusy(button, false);
  };
  const hint = h('p', { class: 'hint' }, 'About 20 seconds for a consumer on this machine. Its pushes are no deliveries: they count nowhere (X2).');
  const fields = h('div', { class: 'fields' }, field('Webhook', choice), button);
  return h('section', { class: 'panel' }, h('h2', {}, 'Judge a webhook'), h('form', { class: 'stack', onsubmit: submit }, fields, wishes.element, problem, hint));
}

const noWebhook = () =>
  h('section', { class: 'panel empty' }, h('strong', {}, 'There is no webhook to judge'), 'Register one at the ', h('a', { href: '#/desk' }, 'operator desk'), ' first.');

function runItem(run) {
  const hook = state.webhooks.get(run.webhookId);
  const took = run.endedAt ? duration(Date.parse(run.endedAt) - Date.parse(run.startedAt)) : `${run.done} of ${run.total}`;
  return h(
    'li',
    {},
    h(
      'a',
      { class: 'run-row', href: link('conformance', run.id), dataset: { runId: run.id } },
      h('span', {}, runBadge(run)),
      h('span', { class: 'mono' }, hook ? webhookName(hook) : '–'),
      h('span', { class: 'row' }, run.summary ? summaryBadges(run.summary) : h('span', { class: 'muted' }, run.error ?? '')),
      h('span', { class: 'muted' }, `${shortTime(run.startedAt)} UTC, ${took}`),
    ),
  );
}

function showRuns(main) {
  const runs = new Runs();
  const list = h('ul', { class: 'run-list' });
  const none = h('p', { class: 'empty', hidden: true }, 'No run yet. The last 50 are kept for as long as the mock runs.');
  const draw = oncePerFrame(() => {
    list.replaceChildren(...runs.all().map(runItem));
    none.hidden = runs.all().length > 0 || !isLoaded;
  });
  const loader = loading(async () => {
    runs.set((await get('v1/conformance')).items);
    isLoaded = true;
    draw();
  });
  let isLoaded = false;
  const take = (run) => {
    runs.take(run);
    draw();
  };
  const top = h('div', {});
  const fill = () => {
    const has = liveWebhooks().length > 0;
    if (top.dataset.has === String(has)) return;
    top.dataset.has = has;
    top.replaceChildren(has ? startForm() : noWebhook());
  };
  const ends = [subscribe('conformance', take), subscribe('webhooks', fill), subscribe('loaded', loader.run), loader.end];
  fill();
  loader.run();
  main.append(
    h('div', { class: 'title-row' }, h('h1', {}, 'Conformance')),
    h('p', { class: 'lede' }, 'Sends a consumer what Prospero may send, and judges every answer by the contract.'),
    h('div', { class: 'stack' }, top, h('section', { class: 'panel' }, h('h2', {}, 'Runs'), loader.element, none, list)),
  );
  return () => ends.forEach((end) => end());
}

export function showConformance(main, [, id]) {
  return id ? showRun(main, id) : showRuns(main);
}
