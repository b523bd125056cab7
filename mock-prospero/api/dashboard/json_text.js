// JSON as it stands, laid out anew: no token is changed, so that a number of 30 digits or a repeated name is seen as it
// was sent. What is no JSON is left alone.

const token = /\s+|[{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+/gy;

/** The tokens of a JSON text, or null where something else stands between them. */
export function tokens(text) {
  token.lastIndex = 0;
  const found = [];
  for (let match = token.exec(text); match; match = token.exec(text)) found.push(match[0]);
  return found.join('').length === text.length ? found.filter((one) => one.trim()) : null;
}

function kindOf(one, next) {
  if (one.startsWith('"')) return next === ':' ? 'key' : 'string';
  if (/^[-\d]/.test(one)) return 'number';
  return /^[{}[\],:]$/.test(one) ? '' : 'word';
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** [{kind, text}] of the text with indentation, or null if it is no JSON. */
export function layOut(text) {
  const found = isJson(text) ? tokens(text) : null;
  if (!found) return null;
  const parts = [];
  let depth = 0;
  const newLine = () => parts.push({ kind: '', text: `\n${'  '.repeat(depth)}` });
  found.forEach((one, index) => {
    const next = found[index + 1];
    const closes = one === '}' || one === ']';
    const opens = one === '{' || one === '[';
    if (closes) depth--;
    if (closes && !'{['.includes(found[index - 1])) newLine();
    parts.push({ kind: kindOf(one, next), text: one === ':' ? ': ' : one });
    if (opens) depth++;
    if ((opens && next !== '}' && next !== ']') || one === ',') newLine();
  });
  return parts;
}
