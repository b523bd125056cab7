// One delivery: what it is, its attempts on the line of time and one by one, its body, and resending it.
import { get, post } from './api.js';
import { attemptView } from './attempt_view.js';
import { bodyView } from './body_view.js';
import { cited } from './clauses.js';
import { copiesOf } from './copies.js';
import { listAddress } from './deliveries.js';
import { h, keepingFocus, oncePerFrame, renew } from './dom.js';
import { foreign } from './foreign.js';
import { shortId, shortTime } from './format.js';
import { loading } from './loading.js';
import { explainDelivery } from './outcomes.js';
import { link } from './router.js';
import { organizationName, state, subscribe } from './state.js';
import { timeline } from './timeline.js';
import { guarded, say } from './toast.js';
import { webhookUrl } from './webhook_url.js';
import { reasonWords, stateBadge } from './words.js';

function facts(delivery, copies) {
  const hook = state.webhooks.get(delivery.webhookId);
  const entity = delivery.entityId && h('a', { class: 'mono', href: `#/deliveries?entity=${encodeURIComponent(delivery.entityId)}` }, foreign(delivery.entityId));
  const rows = [
    ['Webhook', hook && [webhookUrl(hook, (text) => h('a', { href: `#/deliveries?webhook=${hook.id}` }, text)), ' ', stateBadge(hook.state)]],
    ['Organization', hook && organizationName(hook.orgId)],
    ['Entity', entity],
    ['Created', shortTime(delivery.createdAt)],
    [delivery.state === 'abandoned' ? 'Abandoned' : 'Dropped', delivery.lostAt && shortTime(delivery.lostAt)],
    ['Copy of', delivery.resendOf && h('a', { class: 'mono', href: link('deliveries', delivery.resendOf) }, delivery.resendOf)],
    ['Sent again as', copies.length > 0 && copies.map(({ id }) => h('div', {}, h('a', { class: 'mono', href: link('deliveries', id) }, id)))],
    ['Delivery', h('span', { class: 'mono' }, delivery.id)],
    ['SHA-256', h('span', { class: 'mono' }, delivery.bodySha256)],
  ];
  return h('dl', { class: 'facts' }, rows.filter(([, value]) => value).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

const resentWords = { delivered: ', and delivered.', pending: ', which is under way.' };

/** What the state means, and what came of it afterwards: what was sent again and delivered is not lost. */
function opening(delivery, copies) {
  const meaning = cited(explainDelivery(delivery, reasonWords(delivery)[1], state.contract.values, state.webhooks.get(delivery.webhookId)?.state));
  if (delivery.state === 'delivered') return meaning;
  const again = copies.findLast((one) => one.state === 'delivered') ?? copies.at(-1);
  const resent = again && [' It was sent again as ', h('a', { class: 'mono', href: link('deliveries', again.id) }, shortId(again.id)), resentWords[again.state] ?? `, which is ${again.state}.`];
  const isLost = delivery.state === 'abandoned' && again?.state !== 'delivered';
  return [...meaning, ...(isLost ? cited(' This webhook event is lost to this webhook (R4).') : []), ...(resent ?? [])];
}

/** Nodes that say why it cannot be sent again, or none. */
function whyNot(delivery) {
  const hook = state.webhooks.get(delivery.webhookId);
  if (delivery.state === 'pending') return ['It is still under way: its own retries come first.'];
  if (hook?.state === 'disabled') return ['The webhook is disabled: enable it first, at the ', h('a', { href: '#/desk' }, 'operator desk'), '.'];
  return hook?.state === 'enabled' ? [] : [`The webhook is ${hook?.state ?? 'unknown'}.`];
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
    renew(hint, whyNot(delivery));
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
      const kind = `${one.outcome} ${one.status} ${one.detail}`;
      const again = told.has(kind);
      told.add(kind);
      return attemptView(one, { limitMs: limit, again, isLast: delivery.state !== 'pending' && one === delivery.attempts.at(-1), key: `${delivery.id} ${one.number} ${one.startedAt}` });
    });
    keepingFocus(list, () => list.replaceChildren(...views));
    none.textContent = delivery.attempts.length ? '' : delivery.state === 'pending' ? 'None yet.' : 'None was made.';
    line.element.hidden = !delivery.attempts.length && !delivery.lostAt;
    line.update(delivery, (state.webhooks.get(delivery.webhookId)?.state ?? 'enabled') !== 'enabled');
  };
  return { panel, update };
}

function notFound(main) {
  const why = state.beganAnew
    ? 'The mock was restarted or reset since this page was opened, and its state is new: it knows nothing of before. '
    : ['The mock knows no such delivery. If it was restarted or reset since, its state is new: only with ', h('code', {}, '--store'), ' does it remember over a restart. '];
  main.replaceChildren(h('div', { class: 'empty' }, h('strong', {}, 'This delivery is not here'), why, h('a', { href: '#/deliveries' }, 'All deliveries')));
}

/** Everything of the page that follows the delivery: {badge, sentence, attempts, resend, about, draw(delivery)}. */
function parts(id) {
  const line = timeline(state.contract.values);
  const attempts = attemptsPanel(line);
  const resend = resendButton(id);
  const badge = h('span', {});
  const sentence = h('p', { class: 'lede', role: 'status' });
  const about = h('section', { class: 'panel' });
  const draw = (delivery, copies) => {
    badge.replaceChildren(stateBadge(delivery.state));
    renew(sentence, opening(delivery, copies));
    keepingFocus(about, () => about.replaceChildren(facts(delivery, copies)));
    attempts.update(delivery);
    resend.update(delivery);
  };
  return { badge, sentence, attempts, resend, about, draw, close: line.close };
}

/** Escape goes back to the list, unless it is for something that is open. */
function leaveOnEscape(address) {
  const leave = (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]')) location.hash = address;
  };
  addEventListener('keydown', leave);
  return () => removeEventListener('keydown', leave);
}

export function showDelivery(main, [, id]) {
  let delivery = null;
  const page = parts(id);
  const path = `v1/deliveries/${encodeURIComponent(id)}`;
  const draw = oncePerFrame(() => delivery && page.draw(delivery, copies.all()));
  const copies = copiesOf(id, draw);
  const content = h('div', {});
  const show = async () => {
    const found = await get(path);
    const body = await bodyView(found);
    delivery ??= found; // the stream may have been faster
    const title = h('div', { class: 'title-row' }, h('h1', { class: 'mono' }, found.event), page.badge, page.resend.element);
    content.replaceChildren(title, page.sentence, h('div', { class: 'stack' }, page.attempts.panel, body, page.about));
  };
  const loader = loading(async () => {
    try {
      if (content.children.length) delivery = await get(path);
      else await show();
      draw();
      await copies.load(delivery);
    } catch (error) {
      if (error.status !== 404) throw error;
      notFound(main);
    }
  });
  const take = (changed) => {
    copies.take(changed);
    if (changed.id !== id) return;
    delivery = changed;
    draw();
  };
  const back = listAddress();
  main.append(h('nav', { 'aria-label': 'Back' }, h('a', { class: 'back', href: back }, 'Deliveries')), loader.element, content);
  loader.run();
  const ends = [subscribe('delivery', take), subscribe('webhooks', draw), subscribe('clock', draw), subscribe('loaded', loader.run), loader.end, page.close, leaveOnEscape(back)];
  return () => ends.forEach((end) => end());
}
