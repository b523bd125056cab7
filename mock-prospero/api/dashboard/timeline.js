// The attempts of a delivery on a line of time, to scale, with the rest of the ladder still to come (R1, R2). Seven hours
// on one line put the first two attempts almost on one spot: their numbers stand apart, each with a line to its true place.
import { h, svg } from './dom.js';
import { clockTime, duration, shortTime } from './format.js';
import { mockNow } from './state.js';
import { outcomeWords } from './words.js';

const badge = 26; // px, the size of a number with its gap
const hour = 3_600_000;

const hasFailed = ({ outcome }) => outcome && outcome !== 'ok' && outcome !== 'interrupted';

/** When it was given up, which is a step of its own: what was never tried has only this one. */
const loss = ({ lostAt, state, attempts }) => ({ number: '×', at: Math.max(Date.parse(lostAt), ...attempts.map((one) => Date.parse(one.startedAt))), lost: state, planned: false });

/**
 * [{number, at, attempt|lost, planned}]: what happened, then what would come if every attempt failed at once; nothing if
 * `isEnded`, as what is under way at a webhook that was disabled or deleted brings no retry (G1).
 */
export function steps(delivery, { retrySeconds, delaysCountFrom }, isEnded = false) {
  const made = delivery.attempts.map((one) => ({ number: one.number, at: Date.parse(one.startedAt), attempt: one, planned: false }));
  if (delivery.lostAt) made.push(loss(delivery));
  if (delivery.state !== 'pending' || isEnded) return made;
  const last = delivery.attempts.at(-1);
  let at = delivery.nextAttemptAt ? Date.parse(delivery.nextAttemptAt) : null;
  let number = last?.outcome === 'interrupted' ? last.number : (last?.number ?? 0) + 1;
  let firstFailure = Date.parse(delivery.attempts.find(hasFailed)?.endedAt) || null;
  const afterFailure = (failed, when) => {
    firstFailure ??= when;
    const from = delaysCountFrom === 'first-failure' ? firstFailure : when;
    return Math.max(from + (retrySeconds[failed - 1] ?? 0) * 1000, when);
  };
  if (at === null && last) at = afterFailure(last.number, Date.parse(last.startedAt)); // under way: if it fails
  for (; at !== null && number <= retrySeconds.length + 1; number++) {
    made.push({ number, at, planned: true });
    at = afterFailure(number, at);
  }
  return made;
}

/** Moves places apart so that none is nearer than `gap` to the one before, and all stay within [0, width]. */
export function spread(places, gap, width) {
  const apart = [];
  for (const place of places) apart.push(Math.max(place, (apart.at(-1) ?? -Infinity) + gap));
  for (let i = apart.length - 1, limit = width; i >= 0; i--, limit -= gap) apart[i] = Math.min(apart[i], limit);
  return apart.map((place) => Math.max(place, 0));
}

function describe(all) {
  const words = all.map((one) => {
    if (one.lost) return `${one.lost} at ${shortTime(one.at)}`;
    return one.planned ? `attempt ${one.number} planned at ${shortTime(one.at)}` : `attempt ${one.number} at ${shortTime(one.at)}, ${outcomeWords(one.attempt)[1]}`;
  });
  return `Timeline: ${words.join('; ')}.`;
}

function ticks(from, span, width) {
  const size = span > 4 * hour && width < 500 ? 2 * hour : span > 1.5 * hour ? hour : span > 600_000 ? 600_000 : 15_000;
  const marks = [];
  for (let after = size; after <= span; after += size) {
    const x = (after / span) * width;
    marks.push(svg('line', { class: 'tick', x1: x, x2: x, y1: 52, y2: 58 }));
    if (x < width - 24) marks.push(svg('text', { class: 'tick-text', x, y: 74, 'text-anchor': 'middle' }, `+${duration(after)}`));
  }
  return marks;
}

function mark(one, x, labelX) {
  const tone = one.planned ? 'planned' : one.lost ? 'lost' : outcomeWords(one.attempt)[0];
  return [
    svg('path', { class: 'lead', d: `M${labelX} 24 L${labelX} 30 L${x} 46 L${x} 55` }),
    svg('circle', { class: `spot ${tone}`, cx: x, cy: 55, r: 4.5 }),
    svg('circle', { class: `number ${tone}`, cx: labelX, cy: 13, r: 11 }),
    svg('text', { class: `number-text ${tone}`, x: labelX, y: 17, 'text-anchor': 'middle' }, String(one.number)),
  ];
}

function drawing(all, width) {
  const margin = 14;
  const inner = width - 2 * margin;
  const from = all[0].at;
  const now = Number(mockNow());
  const isOne = all.length === 1; // one moment has no scale
  const span = Math.max(all.at(-1).at - from, 60_000);
  const place = (at) => (Math.min(Math.max(at - from, 0), span) / span) * inner;
  const places = all.map((one) => place(one.at));
  const labels = spread(places, badge, inner);
  const nowX = !isOne && now > from && now - from < span ? place(now) : null;
  return svg(
    'svg',
    { class: 'timeline', viewBox: `${-margin} 0 ${width} 80`, width, height: 80, role: 'img', 'aria-label': describe(all) },
    svg('line', { class: 'axis', x1: 0, x2: inner, y1: 55, y2: 55 }),
    !isOne && ticks(from, span, inner),
    nowX !== null && [svg('line', { class: 'now', x1: nowX, x2: nowX, y1: 38, y2: 64 })],
    all.map((one, index) => mark(one, places[index], labels[index])),
  );
}

function endLine(all) {
  const end = all.find((one) => one.lost);
  return end ? h('p', { class: 'hint' }, `×: ${end.lost} at ${shortTime(end.at)}. Nothing is sent after it.`) : null;
}

function ladderLine(all) {
  const planned = all.filter((one) => one.planned);
  if (!planned.length) return null;
  const words = planned.map((one) => `attempt ${one.number} at ${clockTime(one.at)}`);
  return h('p', { class: 'hint' }, `Still to come if it keeps failing: ${words.join(', ')}.`);
}

/** Draws itself as wide as it may be. `values` are those of the contract. Returns {element, update(delivery, isEnded), close()}. */
export function timeline(values) {
  const box = h('div', { class: 'timeline-box' });
  const below = h('div', {});
  let all = [];
  const draw = () => {
    if (box.clientWidth && all.length) box.replaceChildren(drawing(all, box.clientWidth));
  };
  const update = (delivery, isEnded) => {
    all = steps(delivery, values, isEnded);
    below.replaceChildren(...[endLine(all), ladderLine(all)].filter(Boolean));
    draw();
  };
  const watch = new ResizeObserver(draw);
  watch.observe(box);
  return { element: h('div', {}, box, below), update, close: () => watch.disconnect() };
}
