// One conformance run: how far it is while it runs, then its verdict and each case with the words of the HTML report.
import { get, remove, request } from './api.js';
import { download } from './clipboard.js';
import { caseList } from './conformance_cases.js';
import { h, throttled } from './dom.js';
import { shortTime } from './format.js';
import { loading } from './loading.js';
import { state, subscribe } from './state.js';
import { guarded, say } from './toast.js';
import { webhookName } from './webhook_url.js';
import { runBadge, summaryBadges } from './words.js';

const reloadPause = 700;

function progress(run) {
  const bar = h('progress', { max: run.total, value: run.done, 'aria-label': 'Cases done' });
  const text = run.current ? `${run.done} of ${run.total}, now ${run.current}` : `${run.done} of ${run.total}`;
  return h('div', { class: 'run-progress' }, bar, h('span', { class: 'muted' }, text));
}

function stopButton(id) {
  const stop = async () => {
    await remove(`v1/conformance/${id}`);
    say('Stopped. What was found until then stays.');
  };
  const button = h('button', { type: 'button', onclick: () => guarded(button, stop) }, 'Stop');
  return button;
}

function reportButton(id) {
  const fetchReport = async () => {
    const response = await request('GET', `v1/conformance/${id}/report.html`);
    download(new Uint8Array(await response.arrayBuffer()), 'conformance.html');
  };
  const button = h('button', { type: 'button', onclick: () => guarded(button, fetchReport) }, 'Download HTML report');
  return button;
}

function about(run) {
  const hook = state.webhooks.get(run.webhookId);
  const who = hook ? webhookName(hook) : 'a webhook that is not known any more';
  const clock = state.clock.mode === 'virtual' ? ', by the real clock: a run does not follow the virtual one' : '';
  return `${who}. Seed ${run.seed}. Started ${shortTime(run.startedAt)} UTC${clock}.`;
}

/** Most of what is skipped needs more than the URL, which only the command line can be given. */
function skippedText({ skippedForLevel }) {
  if (!skippedForLevel) return null;
  return h('p', { class: 'hint' }, `Of the skipped, ${skippedForLevel} ${skippedForLevel === 1 ? 'needs' : 'need'} a level that was not given: what a case needs stands beside it, and the command mock-prospero conform has the flags.`);
}

function summaryPanel(run) {
  const { verdict, limits } = run.words;
  return h(
    'section',
    { class: 'panel stack tight' },
    h('div', { class: 'row' }, runBadge(run), h('h2', { class: 'verdict' }, verdict)),
    limits && h('p', { class: 'muted' }, limits),
    run.error && h('p', { class: 'problem' }, run.error),
    run.state === 'running' && progress(run),
    run.summary && h('div', { class: 'row' }, summaryBadges(run.summary)),
    run.state !== 'running' && run.summary && skippedText(run.summary),
  );
}

export function showRun(main, id) {
  const path = `v1/conformance/${encodeURIComponent(id)}`;
  const summary = h('div', {});
  const cases = caseList();
  const lede = h('p', { class: 'lede' });
  const stop = stopButton(id);
  const download = reportButton(id);
  const title = h('div', { class: 'title-row' }, h('h1', {}, 'Conformance run'), h('div', { class: 'end' }, stop, download));
  const draw = (run) => {
    lede.textContent = about(run);
    summary.replaceChildren(summaryPanel(run));
    cases.update(run);
    stop.hidden = run.state !== 'running';
    download.hidden = run.state === 'running';
  };
  const loader = loading(async () => {
    try {
      draw(await get(path));
    } catch (error) {
      if (error.status !== 404) throw error;
      main.replaceChildren(h('div', { class: 'empty' }, h('strong', {}, 'This run is not kept any more'), h('a', { href: '#/conformance' }, 'All runs')));
    }
  });
  const reload = throttled(reloadPause, loader.run);
  stop.hidden = true;
  download.hidden = true;
  main.append(h('nav', { 'aria-label': 'Back' }, h('a', { class: 'back', href: '#/conformance' }, 'Conformance')), title, lede, loader.element, h('div', { class: 'stack' }, summary, cases.element));
  reload();
  const ends = [subscribe('conformance', (run) => run.id === id && reload()), subscribe('loaded', reload), loader.end];
  return () => ends.forEach((end) => end());
}
