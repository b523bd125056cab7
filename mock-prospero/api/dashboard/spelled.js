// JSON as it was typed or received (T4): checked, taken apart and put together as text. JSON.parse would round numbers and
// keep only one of two members of the same name.
import { layOut, tokens } from './json_text.js';

/** The text, if it is JSON; else throws Error with `what` and the reason. */
export function checkedJson(text, what) {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} is no well-formed JSON: ${error.message}`);
  }
  return text.trim();
}

/** {text} of a value; of an object also members: [{name, spelled, value}]. */
export function takenApart(text) {
  const all = tokens(text);
  let at = 0;
  const readMembers = () => {
    const members = [];
    for (at++; all[at] !== '}'; ) {
      if (all[at] === ',') at++;
      const spelled = all[at];
      at += 2;
      members.push({ name: JSON.parse(spelled), spelled, value: readValue() });
    }
    return members;
  };
  const readValue = () => {
    const from = at;
    const members = all[at] === '{' ? readMembers() : undefined;
    if (all[at] === '[') for (at++; all[at] !== ']'; ) all[at] === ',' ? at++ : readValue();
    at++;
    return { text: all.slice(from, at).join(''), members };
  };
  return readValue();
}

const find = (object, name) => object.members.find((one) => one.name === name)?.value;

function requireDistinct(object) {
  const names = object.members.map((one) => one.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`“${twice}” stands twice in one object, so it is not clear which is meant.`);
}

/** The JSON Merge Patch (RFC 7396) that makes `after` of `before`, both objects as takenApart() gives them. */
export function mergePatch(before, after) {
  requireDistinct(after);
  const changed = after.members.flatMap(({ name, spelled, value }) => {
    const was = find(before, name);
    if (was?.text === value.text) return [];
    return `${spelled}:${was?.members && value.members ? mergePatch(was, value) : value.text}`;
  });
  const gone = before.members.filter(({ name }) => find(after, name) === undefined).map(({ spelled }) => `${spelled}:null`);
  return `{${[...changed, ...gone].join(',')}}`;
}

/** An object without some of its members. */
export function without(object, names) {
  const members = object.members.filter((one) => !names.includes(one.name));
  return { text: `{${members.map((one) => `${one.spelled}:${one.value.text}`).join(',')}}`, members };
}

/** The text of an object with these members, in their places where it has them: {name: value}. */
export function withMembers(object, values) {
  const kept = object.members.map((one) => `${one.spelled}:${one.name in values ? JSON.stringify(values[one.name]) : one.value.text}`);
  const added = Object.entries(values).filter(([name]) => find(object, name) === undefined).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${[...kept, ...added].join(',')}}`;
}

export const indented = (text) => layOut(text).map((one) => one.text).join('');
