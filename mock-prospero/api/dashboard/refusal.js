// Why a form was refused, in words below it; the field that is meant is marked as well.
import { withFlags } from './clauses.js';
import { h } from './dom.js';
import { withoutMember } from './format.js';

/** `fields`: the control of each member that the API may name. Returns {element, clear(), tell(error, field)}. */
export function refusal(fields) {
  const element = h('p', { class: 'problem', role: 'alert' });
  const clear = () => {
    element.replaceChildren();
    for (const one of Object.values(fields)) one.removeAttribute('aria-invalid');
  };
  const tell = (error, field) => {
    const [, member] = /^'(\w+)'/.exec(error.message) ?? [];
    (field ?? fields[member])?.setAttribute('aria-invalid', 'true');
    element.replaceChildren(...withFlags(withoutMember(error.message)));
  };
  return { element, clear, tell };
}
