// Small plots of the overview.
import { svg } from './dom.js';
import { duration } from './format.js';

const width = 320;
const height = 56;
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

/** One bar per attempt, the newest on the right, with the line at which an attempt times out (D4). */
export function latencyBars(attempts, places, limitMs) {
  const step = width / places;
  const limit = height - levelOf(limitMs) * height;
  const bars = attempts.map((one, index) => {
    const tall = Math.max(levelOf(one.ms) * height, isOk(one) ? 3 : 9);
    const x = width - (attempts.length - index) * step;
    return svg('rect', {
      class: isOk(one) ? 'bar good' : 'bar bad',
      x: x.toFixed(1), y: (height - tall).toFixed(1), width: (step * 0.68).toFixed(1), height: tall.toFixed(1), rx: 1.2,
    });
  });
  const line = svg('line', { class: 'limit', x1: 0, x2: width, y1: limit, y2: limit });
  const properties = { class: 'plot bars', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': describe(attempts) };
  return svg('svg', properties, bars, line);
}

/** How far the consecutive failures have come toward the limit that disables (X2). */
export function failureMeter(failures, limit) {
  const shown = Math.min(failures, limit);
  const bar = svg('rect', { class: 'fill', x: 0, y: 0, width: (100 * shown) / limit, height: 6, rx: 3 });
  const ground = svg('rect', { class: 'ground', x: 0, y: 0, width: 100, height: 6, rx: 3 });
  const tone = shown >= limit ? 'bad' : shown * 2 >= limit ? 'warn' : '';
  return svg('svg', { class: `meter ${tone}`, viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, ground, bar);
}
