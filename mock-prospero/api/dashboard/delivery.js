// One delivery: what it is, its attempts on the line of time and one by one, its body, and resending it.
import { get, post } from './api.js';
import { attemptView } from './attempt_view.js';
import { bodyView } from './body_view.js';
import { h, oncePerFrame } from './dom.js';
import { maskedUrl, shortTime } from './format.js';
import { explainDelivery } from './outcomes.js';
import { link } from './router.js';
import { organizationName, state, subscribe } from './state.js';
import { timeline } from './timeline.js';
import { complain, guarded, say } from './toast.js';
import { reasonWords, stateBadge } from './words.js';

function facts(delivery) {
  const hook = state.webhooks.get(delivery.webhookId);
  const entity = delivery.entityId && h('a', { class: 'mono', href: `#/deliveries?entity=${encodeURIComponent(delivery.entityId)}` }, delivery.entityId);
  const rows = [
    ['Webhook', hook && [h('a', { class: 'mono', href: `#/deliveries?webhook=${hook.id}` }, maskedUrl(hook.url)), ' ', stateBadge(hook.state)]],
    ['Organization', hook && organizationName(hook.orgId)],
    ['Entity', entity],
    ['Created', shortTime(delivery.createdAt)],
    ['Copy of', delivery.resendOf && h('a', { class: 'mono', href: link('deliveries', delivery.resendOf) }, delivery.resendOf)],
    ['Delivery', h('span', { class: 'mono' }, delivery.id)],
    ['SHA-256', h('span', { class: 'mono' }, delivery.bodySha256)],
  ];
  return h('dl', { class: 'facts' }, rows.filter(([, value]) => value).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function whyNot(delivery) {
  const hook = state.webhooks.get(delivery.webhookId);
  if (delivery.state === 'pending') return 'It is still under way: its own retries come first.';
  if (hook?.state !== 'enabled') return `The webhook is ${hook?.state ?? 'unknown'}: enable it first, at the operator desk.`;
  return '';
}

function resendButton(id) {
  const resend = async () => {
    const again = await post(`v1/deliveries/${id}/resend`);
    say('Sent again, as a new delivery with the same bytes.');
    location.hash = link('deliveries', again.id);
  };
  const button = h('button', { type: 'button', onclick: () => guarded(button, resend) }, 'Resend');
  const hint = h('span', { class: 'hint', id: 'resend-hint' });
  button.setAttribute('aria-describedby', hint.id);
  const update = (delivery) => {
    hint.textContent = whyNot(delivery);
    button.disabled = hint.textContent !== '';
  };
  return { element: h('div', { class: 'end' }, hint, button), update };
}

function attemptsPanel(line) {
  const list = h('ol', { class: 'attempts' });
  const none = h('p', { class: 'muted' });
  const panel = h('section', { class: 'panel' }, h('h2', {}, 'Attempts'), line.element, none, list);
  const update = (delivery) => {
    const limit = state.contract.values.answerWithinMs;
    const told = new Set(); // of equal outcomes, the newest tells the fix
    const views = [...delivery.attempts].reverse().map((one) => {
      const kind = `${one.outcome} ${one.status}`;
      const again = told.has(kind);
      told.add(kind);
      return attemptView(one, limit, again);
    });
    list.replaceChildren(...views);
    none.textContent = delivery.attempts.length ? '' : delivery.state === 'pending' ? 'None yet.' : 'None was made.';
    line.element.hidden = !delivery.attempts.length;
    line.update(delivery);
  };
  return { panel, update };
}

function notFound(main, error) {
  main.append(h('div', { class: 'empty' }, h('strong', {}, 'This delivery is not here'), `${error.message}. `, h('a', { href: '#/deliveries' }, 'All deliveries')));
}

export function showDelivery(main, [, id]) {
  let delivery = null;
  const line = timeline(state.contract.values.retrySeconds);
  const attempts = attemptsPanel(line);
  const resend = resendButton(id);
  const badge = h('span', {});
  const sentence = h('p', { class: 'lede', role: 'status' });
  const about = h('section', { class: 'panel' });
  const draw = oncePerFrame(() => {
    if (!delivery) return;
    const [, reasonSentence] = reasonWords(delivery.reason);
    badge.replaceChildren(stateBadge(delivery.state));
    sentence.textContent = explainDelivery(delivery, reasonSentence);
    about.replaceChildren(facts(delivery));
    attempts.update(delivery);
    resend.update(delivery);
  });
  const start = async () => {
    delivery = await get(`v1/deliveries/${encodeURIComponent(id)}`);
    const back = h('a', { class: 'back', href: '#/deliveries' }, 'Deliveries');
    const title = h('div', { class: 'title-row' }, h('h1', { class: 'mono' }, delivery.event), badge, resend.element);
    main.append(h('nav', { 'aria-label': 'Back' }, back), title, sentence, h('div', { class: 'stack' }, attempts.panel, await bodyView(delivery), about));
    draw();
  };
  start().catch((error) => (error.status === 404 ? notFound(main, error) : complain(error)));
  const take = (changed) => {
    if (changed.id !== id) return;
    delivery = changed;
    draw();
  };
  const reload = async () => {
    delivery = await get(`v1/deliveries/${encodeURIComponent(id)}`).catch(() => delivery);
    draw();
  };
  const ends = [subscribe('delivery', take), subscribe('webhooks', draw), subscribe('clock', draw), subscribe('loaded', reload), line.close];
  return () => ends.forEach((end) => end());
}
