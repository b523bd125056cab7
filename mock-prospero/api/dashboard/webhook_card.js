// One webhook on the overview: its state, how its last attempts went, what it missed, and a button that gives it something.
import { get, post, withQuery } from './api.js';
import { cited } from './clauses.js';
import { h, keepingFocus, oncePerFrame, select, throttled } from './dom.js';
import { count, counted, duration, fromNow, percent } from './format.js';
import { sayFired } from './fired.js';
import { failureMeter, latencyBars, median } from './plots.js';
import { RecentAttempts } from './recent.js';
import { loading } from './loading.js';
import { listeners, mockNow, organizationName, setWebhook, state, subscribe } from './state.js';
import { guarded, say } from './toast.js';
import { webhookName, webhookUrl } from './webhook_url.js';
import { missedReasons, stateBadge } from './words.js';

const places = 40;

/** What is detailed needs room. */
const figure = (label, value, ...rest) =>
  h('div', { class: rest.flat().length > 1 ? 'figure detailed' : 'figure' }, h('div', { class: 'label' }, label), h('div', { class: 'value' }, value), rest);

function failuresFigure(webhook) {
  const { disableAfter } = state.contract.values;
  const label = 'Failures in a row';
  if (disableAfter === 0) return figure(label, count(webhook.consecutiveFailures), h('p', { class: 'hint' }, 'never disables (X2)'));
  const value = h('span', {}, count(webhook.consecutiveFailures), h('span', { class: 'of' }, ` of ${count(disableAfter)}`));
  return figure(label, value, failureMeter(webhook.consecutiveFailures, disableAfter));
}

function attemptsFigures(attempts) {
  if (!attempts.length) return [figure('Succeeded', '–'), figure('Answers take', '–')];
  const good = attempts.filter((one) => one.outcome === 'ok').length;
  const label = `Last ${attempts.length === 1 ? 'attempt' : `${attempts.length} attempts`} (logarithmic)`;
  const answered = attempts.filter((one) => one.status !== null);
  const speed = !answered.length ? 'no answer' : `${answered.length === 1 ? 'answered in' : 'half of the answers within'} ${duration(median(answered))}`;
  return [
    figure('Succeeded', percent(good, attempts.length), h('p', { class: 'hint' }, `${good} of ${attempts.length}`)),
    h(
      'div',
      { class: 'figure wide' },
      h('div', { class: 'label' }, `${label}: ${speed}`),
      latencyBars(attempts, places, state.contract.values.answerWithinMs),
    ),
  ];
}

function missedFigure(webhook, counts) {
  const missed = counts ? Object.values(counts.reasons).reduce((sum, one) => sum + one, 0) : null;
  if (!missed) return figure('Missed', missed === null ? '–' : '0');
  const parts = missedReasons.filter(([reason]) => counts.reasons[reason]).map(([reason, text]) => `${count(counts.reasons[reason])} ${text}`);
  const path = `#/deliveries?webhook=${webhook.id}&state=missed`;
  return figure('Missed', h('a', { href: path }, count(missed)), parts.map((text) => h('p', { class: 'hint' }, text)));
}

function note(webhook) {
  if (webhook.state !== 'disabled') return null;
  const since = webhook.disabledAt ? fromNow(webhook.disabledAt, mockNow()) : '';
  const when = since === 'now' ? ' just now' : ` ${since}`;
  return h('p', { class: 'problem' }, cited(`Disabled${when} after too many failed attempts in a row (X2). It gets nothing until an operator enables it, and what it misses is never sent (X3, X4).`));
}

const fireEvent = async (webhook, event) => sayFired(await post(`v1/organizations/${webhook.orgId}/trigger`, { event }));

function controls(webhook) {
  const name = webhookName(webhook);
  const choice = select(webhook.events, { 'aria-label': `Webhook event for ${name}` });
  const hint = h('span', { class: 'hint fires-for' });
  const update = () => {
    const others = listeners(webhook.orgId, choice.value).length - 1;
    hint.textContent = others > 0 ? `fires for all of ${organizationName(webhook.orgId)}: ${counted(others, 'other webhook')} too (S1)` : '';
  };
  choice.addEventListener('change', update);
  update();
  const fire = h('button', { type: 'button', 'aria-label': `Trigger for ${name}`, onclick: () => guarded(fire, () => fireEvent(webhook, choice.value)) }, 'Trigger');
  return { element: h('div', { class: 'stack fire' }, h('div', { class: 'row' }, choice, fire), hint), fire, update };
}

function enableButton(webhook) {
  const enable = async () => {
    setWebhook(await post(`v1/webhooks/${webhook.id}/enable`));
    say('Enabled again. The count starts at zero; nothing that was missed is sent (X4).');
  };
  const button = h('button', { type: 'button', class: 'main', onclick: () => guarded(button, enable) }, 'Enable again');
  return button;
}

/** Returns {element, update(), close()}. */
export function webhookCard(id) {
  let counts = null;
  const head = h('div', { class: 'card-title' });
  const body = h('div', { class: 'figures' });
  const below = h('div', {});
  const draw = oncePerFrame(() => {
    const webhook = state.webhooks.get(id);
    if (!webhook) return; // the server was reset in this very frame
    const title = (text) => h('a', { class: 'mono card-url', href: `#/deliveries?webhook=${id}` }, text);
    const shown = [webhook.state, organizationName(webhook.orgId), webhookName(webhook)].join();
    // Made anew only when it differs, so that no click falls between two of its buttons.
    if (head.dataset.shown !== shown) keepingFocus(head, () => head.replaceChildren(...webhookUrl(webhook, title), stateBadge(webhook.state), h('span', { class: 'muted' }, organizationName(webhook.orgId))));
    head.dataset.shown = shown;
    trigger.update();
    body.replaceChildren(failuresFigure(webhook), missedFigure(webhook, counts), ...attemptsFigures(recent.attempts()));
    below.replaceChildren(...[note(webhook)].filter(Boolean));
    if (webhook.state !== 'disabled' && document.activeElement === enable) trigger.fire.focus(); // it leaves
    enable.hidden = webhook.state !== 'disabled';
  });
  const recent = new RecentAttempts(id, draw);
  const trigger = controls(state.webhooks.get(id));
  const enable = enableButton(state.webhooks.get(id));
  const loadCounts = throttled(500, async () => {
    counts = await get(withQuery('v1/deliveries/count', { webhook: id })).catch(() => counts);
    draw();
  });
  const loader = loading(async () => {
    loadCounts();
    await recent.load();
  });
  const take = (delivery) => {
    if (delivery.webhookId !== id) return;
    recent.take(delivery);
    if (delivery.state !== 'pending') loadCounts();
  };
  const ends = [subscribe('delivery', take), subscribe('loaded', loader.run), loader.end];
  loader.run();
  draw();
  const top = h('div', { class: 'panel-head' }, head, h('div', { class: 'end' }, enable, trigger.element));
  const element = h('article', { class: 'panel', dataset: { webhookId: id } }, top, loader.element, body, below);
  return { element, update: draw, close: () => ends.forEach((end) => end()) };
}
