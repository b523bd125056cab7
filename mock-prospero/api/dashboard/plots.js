// Small plots of the overview.
import { h, svg } from './dom.js';
import { duration } from './format.js';

const width = 320;
const height = 72;
const floorMs = 1;
const ceilingMs = 10_000;

/** On a logarithmic scale, since an answer takes 3 ms or 3 s: 0 at the bottom, 1 at the top. */
function levelOf(ms) {
  const clamped = Math.min(Math.max(ms, floorMs), ceilingMs);
  return Math.log10(clamped / floorMs) / Math.log10(ceilingMs / floorMs);
}

export function median(attempts) {
  const sorted = attempts.map((one) => one.ms).sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

const isOk = (attempt) => attempt.outcome === 'ok';

function describe(attempts) {
  const good = attempts.filter(isOk).length;
  const slowest = Math.max(...attempts.map((one) => one.ms));
  return `The last ${attempts.length} attempts: ${good} succeeded, the slowest took ${duration(slowest)}.`;
}

const marks = [10, 100, 1000];

/** The lines of the scale, with their labels at the right: no axis is straight here. */
function scale(limitMs) {
  const at = (ms) => `${(100 * levelOf(ms)).toFixed(1)}%`;
  const label = (ms, text, tone) => h('span', { class: `plot-label ${tone}`, style: { bottom: at(ms) } }, text);
  return h('div', { class: 'plot-scale', 'aria-hidden': 'true' }, label(limitMs, `${duration(limitMs)} limit`, 'limit'), marks.map((ms) => label(ms, duration(ms), '')));
}

const line = (ms, name) => {
  const y = height - levelOf(ms) * height;
  return svg('line', { class: name, x1: 0, x2: width, y1: y, y2: y });
};

function barOf(attempt, index, all, places) {
  const step = width / places;
  const tall = Math.max(levelOf(attempt.ms) * height, isOk(attempt) ? 3 : 9);
  const x = width - (all.length - index) * step;
  return svg('rect', {
    class: isOk(attempt) ? 'bar good' : 'bar bad',
    x: x.toFixed(1), y: (height - tall).toFixed(1), width: (step * 0.68).toFixed(1), height: tall.toFixed(1), rx: 1.2,
  });
}

/** One bar per attempt, the newest on the right, with the line at which an attempt times out (D4). */
export function latencyBars(attempts, places, limitMs) {
  const properties = { class: 'plot bars', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': describe(attempts) };
  const bars = attempts.map((one, index) => barOf(one, index, attempts, places));
  return h('div', { class: 'plot-box' }, svg('svg', properties, marks.map((ms) => line(ms, 'grid')), bars, line(limitMs, 'limit')), scale(limitMs));
}

/** How far the consecutive failures have come toward the limit that disables (X2). */
export function failureMeter(failures, limit) {
  const shown = Math.min(failures, limit);
  const bar = svg('rect', { class: 'fill', x: 0, y: 0, width: (100 * shown) / limit, height: 6, rx: 3 });
  const ground = svg('rect', { class: 'ground', x: 0, y: 0, width: 100, height: 6, rx: 3 });
  const tone = shown >= limit ? 'bad' : shown * 2 >= limit ? 'warn' : '';
  return svg('svg', { class: `meter ${tone}`, viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, ground, bar);
}
