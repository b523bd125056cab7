// The clock above every view: the time of the mock and, if that is virtual, the buttons that move it.
import { all, get, post } from './api.js';
import { cited, withFlags } from './clauses.js';
import { updateCountdowns } from './countdown.js';
import { h, select, setBusy, throttled } from './dom.js';
import { clockTime, counted, date, duration, untilThen, weekday } from './format.js';
import { liveWebhooks, mockNow, setClock, setWebhook, state, subscribe } from './state.js';
import { complain, say } from './toast.js';
import { webhookName } from './webhook_url.js';

const steps = [
  ['+1 min', 60],
  ['+1 h', 3600],
  ['+6 h', 21600],
];

const time = h('span', { class: 'clock-time', 'data-clock': '' });
const mode = h('span', { class: 'clock-mode' });
const buttons = h('div', { class: 'clock-buttons', role: 'group', 'aria-label': 'Move the clock', hidden: true });

const advanceSecondsMax = 10 * 366 * 86_400;

let nextDue = null;
const underWay = new Set(); // deliveries of which an attempt has begun and not ended
let moving = false;

function showTime() {
  if (!state.clock) return;
  const now = mockNow();
  time.replaceChildren(clockTime(now), h('span', { class: 'clock-date' }, h('span', { class: 'weekday' }, `${weekday(now)}, `), `${date(now)}, UTC`));
}

function dueText() {
  const running = underWay.size ? `${counted(underWay.size, 'attempt')} under way` : '';
  if (!nextDue) return running || 'nothing is due';
  const wait = Date.parse(nextDue) - mockNow();
  const next = wait > 0 ? `next one due ${untilThen(nextDue, mockNow())}` : 'one is due now';
  return running ? `${running}, ${next}` : next.replace('one', 'attempt').replace('attempt is', 'an attempt is');
}

function modeText() {
  if (state.clock.mode === 'virtual') return moving ? 'moving: waiting for attempts under way' : `virtual clock, ${dueText()}`;
  const { speed } = state.contract.values;
  const kind = speed === 1 ? 'real clock' : `real clock, ${speed} times as fast`;
  return `${kind}, ${dueText()}. If you start the mock with --clock virtual, it can be moved from here.`;
}

function showMode() {
  if (!state.clock || !state.contract) return;
  mode.replaceChildren(...withFlags(modeText()));
  buttons.hidden = state.clock.mode !== 'virtual';
  for (const one of buttons.querySelectorAll('button')) setBusy(one, moving);
}

const loadDue = throttled(400, async () => {
  try {
    nextDue = (await get('v1/deliveries/count?state=pending')).nextAttemptAt;
  } catch {
    nextDue = null; // that the server is gone, the connection's own message tells
  }
  showMode();
});

/** Only what this move asked for: another browser may have moved the clock meanwhile. */
function movedText(wish, before, now) {
  if (wish.seconds) return `${duration(wish.seconds * 1000)} passed.`;
  return before === now ? 'Time stands where it was.' : `It is ${clockTime(now)} now.`;
}

const namesMax = 3;

/** The sentences about those of `enabled` that are disabled now: the answer may be here before the stream tells of it. */
async function disablings(enabled) {
  (await all('v1/webhooks')).filter((one) => one.state === 'disabled').forEach(setWebhook);
  const disabled = enabled.map((one) => state.webhooks.get(one.id)).filter((one) => one?.state === 'disabled');
  const told = disabled.slice(0, namesMax).map((one) => ` Webhook ${webhookName(one)} was disabled (X1).`);
  return disabled.length > namesMax ? [...told, ` So were ${disabled.length - namesMax} more.`] : told;
}

/** Moves the virtual clock and tells what that led to. `wish`: the body of the call. */
async function move(wish) {
  if (moving) return;
  const before = state.clock.now;
  const enabled = liveWebhooks().filter((one) => one.state === 'enabled');
  moving = true;
  showMode();
  try {
    const { attempts, ...clock } = await post('v1/clock/advance', wish, { isPatient: true });
    setClock(clock);
    const made = attempts ? `${counted(attempts, 'attempt')} made.` : 'No attempt was due.';
    const lost = attempts ? await disablings(enabled) : [];
    say(`${movedText(wish, before, clock.now)} ${made}`, ...lost.flatMap(cited));
  } catch (error) {
    complain(error);
  }
  moving = false;
  loadDue();
}

function customMove() {
  const amount = h('input', { type: 'number', min: 0, step: 'any', value: '10', required: true, 'aria-label': 'How much' });
  const unit = select([['1', 'seconds'], ['60', 'minutes'], ['3600', 'hours'], ['86400', 'days']], { 'aria-label': 'Unit' });
  unit.value = '60';
  const open = h('button', { type: 'button', 'aria-expanded': 'false' }, 'Custom');
  const limit = () => (amount.max = String(Math.floor(advanceSecondsMax / Number(unit.value))));
  unit.addEventListener('change', limit);
  limit();
  const submit = (event) => {
    event.preventDefault();
    move({ seconds: Number(amount.value) * Number(unit.value) });
  };
  const form = h('form', { class: 'clock-custom', hidden: true, onsubmit: submit }, amount, unit, h('button', { class: 'main' }, 'Move'));
  open.addEventListener('click', () => {
    form.hidden = !form.hidden;
    open.setAttribute('aria-expanded', String(!form.hidden));
    if (!form.hidden) amount.focus();
  });
  return [open, form];
}

function makeButtons() {
  const toNext = h('button', { type: 'button', class: 'main', onclick: () => move({ to: 'next' }) }, 'Next due');
  const fixed = steps.map(([text, seconds]) => h('button', { type: 'button', onclick: () => move({ seconds }) }, text));
  buttons.append(toNext, ...fixed, ...customMove());
}

/** Once, at the start of the page. */
export function startClock() {
  makeButtons();
  document.getElementById('clock').append(h('div', { class: 'clock-inner' }, time, mode, buttons));
  const show = () => {
    showTime();
    showMode();
    updateCountdowns();
  };
  subscribe('clock', () => {
    show();
    loadDue();
  });
  subscribe('delivery', (delivery) => {
    const isRunning = delivery.attempts.some((one) => !one.outcome);
    isRunning ? underWay.add(delivery.id) : underWay.delete(delivery.id);
    loadDue();
  });
  subscribe('loaded', () => {
    underWay.clear();
    loadDue();
  });
  subscribe('connected', loadDue);
  setInterval(() => state.clock?.mode === 'real' && show(), 1000);
}

export function setLargeClock(large) {
  document.getElementById('clock').classList.toggle('large', large);
}
