// One webhook on the overview: its state, how its last attempts went, what it missed, and a button that gives it something.
import { get, post, withQuery } from './api.js';
import { h, oncePerFrame, select, throttled } from './dom.js';
import { count, duration, fromNow, maskedUrl, percent } from './format.js';
import { sayFired } from './fired.js';
import { failureMeter, latencyBars, median } from './plots.js';
import { RecentAttempts } from './recent.js';
import { mockNow, organizationName, setWebhook, state, subscribe } from './state.js';
import { complain, guarded, say } from './toast.js';
import { missedReasons, stateBadge } from './words.js';

const places = 40;

const figure = (label, value, ...rest) =>
  h('div', { class: 'figure' }, h('div', { class: 'label' }, label), h('div', { class: 'value' }, value), rest);

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
  const label = `Last ${attempts.length === 1 ? 'attempt' : `${attempts.length} attempts`}`;
  const answered = attempts.filter((one) => one.status !== null);
  const speed = answered.length ? `half of the answers within ${duration(median(answered))}` : 'no answer';
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
  const path = `#/deliveries?webhook=${webhook.id}&state=${counts.states.abandoned ? 'abandoned' : 'dropped'}`;
  return figure('Missed', h('a', { href: path }, count(missed)), h('p', { class: 'hint' }, parts.join(', ')));
}

function note(webhook) {
  if (webhook.state !== 'disabled') return null;
  const since = webhook.disabledAt ? fromNow(webhook.disabledAt, mockNow()) : '';
  const when = since === 'now' ? ' just now' : ` ${since}`;
  return h('p', { class: 'problem' }, `Disabled${when} after too many failed attempts in a row (X2). It gets nothing until an operator enables it, and what it misses is never sent (X3, X4).`);
}

const trigger = async (webhook, event) => sayFired(await post(`v1/organizations/${webhook.orgId}/trigger`, { event }));

function controls(webhook) {
  const name = maskedUrl(webhook.url);
  const choice = select(webhook.events, { 'aria-label': `Webhook event for ${name}` });
  const fire = h('button', { type: 'button', 'aria-label': `Trigger for ${name}`, onclick: () => guarded(fire, () => trigger(webhook, choice.value)) }, 'Trigger');
  return h('div', { class: 'row' }, choice, fire);
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
    const title = h('a', { class: 'mono card-url', href: `#/deliveries?webhook=${id}` }, maskedUrl(webhook.url));
    head.replaceChildren(title, stateBadge(webhook.state), h('span', { class: 'muted' }, organizationName(webhook.orgId)));
    body.replaceChildren(failuresFigure(webhook), missedFigure(webhook, counts), ...attemptsFigures(recent.attempts()));
    below.replaceChildren(...[note(webhook)].filter(Boolean));
    enable.hidden = webhook.state !== 'disabled';
  });
  const recent = new RecentAttempts(id, draw);
  const enable = enableButton(state.webhooks.get(id));
  const loadCounts = throttled(500, async () => {
    counts = await get(withQuery('v1/deliveries/count', { webhook: id })).catch(() => counts);
    draw();
  });
  const load = () => {
    recent.load().catch(complain);
    loadCounts();
  };
  const take = (delivery) => {
    if (delivery.webhookId !== id) return;
    recent.take(delivery);
    if (delivery.state !== 'pending') loadCounts();
  };
  const ends = [subscribe('delivery', take), subscribe('loaded', load)];
  load();
  draw();
  const top = h('div', { class: 'panel-head' }, head, h('div', { class: 'end' }, enable, controls(state.webhooks.get(id))));
  const element = h('article', { class: 'panel', dataset: { webhookId: id } }, top, body, below);
  return { element, update: draw, close: () => ends.forEach((end) => end()) };
}
