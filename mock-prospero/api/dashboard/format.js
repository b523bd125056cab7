// Times, durations and other values as people read them. All times are UTC, as in the contract (T2).

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const two = (number) => String(number).padStart(2, '0');

const asDate = (time) => (time instanceof Date ? time : new Date(time));

/** "14:57:02" */
export function clockTime(time) {
  const at = asDate(time);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

/** "14:57:02.003" */
export const exactTime = (time) => `${clockTime(time)}.${String(asDate(time).getUTCMilliseconds()).padStart(3, '0')}`;

/** "24 Nov 2026" */
export function date(time) {
  const at = asDate(time);
  return `${dayMonth(at)} ${at.getUTCFullYear()}`;
}

export const weekday = (time) => days[asDate(time).getUTCDay()];

/** "24 Nov" */
export const dayMonth = (time) => `${asDate(time).getUTCDate()} ${months[asDate(time).getUTCMonth()]}`;

/** "24 Nov 14:57:02" */
export const shortTime = (time) => `${dayMonth(time)} ${clockTime(time)}`;

/** Milliseconds as "3 ms", "1.25 s", "1 min", "6 h 1 min": two units at most. */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))} s`;
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ];
  const from = units.findIndex(([, size]) => ms >= size);
  const [name, size] = units[from];
  const [nextName, nextSize] = units[from + 1] ?? [];
  const rest = nextSize ? Math.floor((ms % size) / nextSize) : 0;
  return `${Math.floor(ms / size)} ${name}${rest ? ` ${rest} ${nextName}` : ''}`;
}

/** "in 58 min", "2 min ago", "now" */
export function fromNow(time, now) {
  const exact = asDate(time) - asDate(now);
  if (Math.abs(exact) < 1000) return 'now';
  const ms = Math.round(exact / 1000) * 1000;
  return ms > 0 ? `in ${duration(ms)}` : `${duration(-ms)} ago`;
}

/** "in 37 s", "in 58 min", and "now" once the time has come. */
export const untilThen = (time, now) => fromNow(asDate(time) > asDate(now) ? time : now, now);

const grouped = new Intl.NumberFormat('en');
export const count = (number) => grouped.format(number);

/** "1 delivery", "2,000 deliveries" */
export const counted = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/** "312 bytes", "1.4 MB" */
export function bytes(size) {
  if (size < 1000) return counted(size, 'byte');
  return size < 1_000_000 ? `${(size / 1000).toFixed(1)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

export const shortId = (id) => (id && id.length > 13 ? `${id.slice(0, 8)}…` : (id ?? ''));

/** The URL of a webhook without its secret path. */
export function maskedUrl(url) {
  try {
    const parsed = new URL(url);
    return `${parsed.origin}/***`;
  } catch {
    return '***';
  }
}

/** A reason of the API without the member of the request that it names: the form shows which field it is. */
export function withoutMember(message) {
  const text = message.replace(/^'\w+': /, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const percent = (part, whole) => `${Math.floor((100 * part) / whole)} %`;
