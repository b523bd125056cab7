// The first view: webhooks with how they do, those in trouble first, and the newest deliveries.
import { h } from './dom.js';
import { count } from './format.js';
import { latestDeliveries } from './latest.js';
import { liveWebhooks, state, subscribe } from './state.js';
import { byTrouble, inPlace } from './trouble.js';
import { webhookCard } from './webhook_card.js';

const cardsMax = 30;

const step = (number, title, ...text) =>
  h('li', {}, h('span', { class: 'step-number', 'aria-hidden': 'true' }, number), h('div', {}, h('h3', {}, title), h('p', { class: 'muted' }, text)));

const howTimePasses = () =>
  state.clock.mode === 'virtual' ? 'Press “+1 h” above and you need not wait.' : ['This mock runs on a real clock. If you start it with ', h('code', {}, '--clock virtual'), ', it has buttons that move time; with ', h('code', {}, '--speed 60'), ' an hour takes a minute.'];

const firstSteps = () =>
  h(
    'section',
    { class: 'panel first-steps' },
    h('h2', {}, 'Test a webhook consumer in three steps'),
    h(
      'ol',
      {},
      step('1', 'Register your consumer', 'Give its URL and the webhook events it listens to at the ', h('a', { href: '#/desk' }, 'operator desk'), '.'),
      step('2', 'Make something happen', 'Create or change an Event, Invoice or Offer in the ', h('a', { href: '#/world' }, 'world'), ', or trigger any webhook event.'),
      step('3', 'Watch, break it, move time', 'See each push arrive here. Stop your consumer, then watch the retries after 1 minute, 1 hour and 6 hours. ', howTimePasses()),
    ),
    h('p', {}, h('a', { class: 'button', href: '#/desk' }, 'Register a webhook')),
  );

/** The first steps are made anew only when they say something else: a link in them that has the focus keeps it. */
function firstStepsOnce() {
  let shown = null;
  let told = null;
  return () => {
    if (told !== state.clock.mode) shown = firstSteps();
    told = state.clock.mode;
    return shown;
  };
}

/** What is said under the cards when there are more webhooks. */
const restLine = (shown, total) => [`${count(shown)} of ${count(total)} webhooks are shown, those in trouble first, then the newest. All of them are at the `, h('a', { href: '#/desk' }, 'operator desk'), '.'];

/** What stays in its order is not touched, so that it keeps the focus. */
function place(list, content) {
  for (const one of [...list.children]) if (!content.includes(one)) one.remove();
  const isBeginning = [...list.children].every((one, index) => one === content[index]);
  if (isBeginning) list.append(...content.slice(list.children.length));
  else list.replaceChildren(...content);
}

export function showOverview(main) {
  const cards = new Map();
  const list = h('div', { class: 'stack' });
  const rest = h('p', { class: 'hint' });
  const latest = latestDeliveries();
  const steps = firstStepsOnce();
  const inUse = () => list.matches(':hover, :focus-within');
  const choose = () => {
    const ordered = byTrouble(liveWebhooks());
    const chosen = inUse() ? inPlace(ordered, [...list.children].map((one) => one.dataset.webhookId)) : ordered;
    return chosen.slice(0, cardsMax);
  };
  const tellRest = (shown) => {
    const total = liveWebhooks().length;
    rest.hidden = total === shown;
    if (rest.dataset.told !== `${shown} ${total}`) rest.replaceChildren(...restLine(shown, total)); // else its link keeps the focus
    rest.dataset.told = `${shown} ${total}`;
  };
  const draw = () => {
    const webhooks = choose();
    const wanted = new Set(webhooks.map((one) => one.id));
    for (const [id, card] of cards) {
      if (wanted.has(id)) continue;
      card.close();
      cards.delete(id);
    }
    for (const { id } of webhooks) cards.has(id) ? cards.get(id).update() : cards.set(id, webhookCard(id));
    const elements = webhooks.map(({ id }) => cards.get(id).element);
    const content = elements.length ? elements : [steps()];
    place(list, content);
    tellRest(webhooks.length);
    latest.element.hidden = state.webhooks.size === 0; // what deleted ones got stays
  };
  const reorder = () => list.isConnected && draw();
  list.addEventListener('pointerleave', reorder);
  list.addEventListener('focusout', () => setTimeout(reorder)); // once the focus is where it goes
  const ends = [subscribe('webhooks', draw), subscribe('clock', draw)];
  main.append(h('h1', { class: 'hidden-text' }, 'Overview'), h('div', { class: 'stack' }, list, rest, latest.element));
  draw();
  return () => [...ends, latest.close, ...[...cards.values()].map((card) => card.close)].forEach((end) => end());
}
