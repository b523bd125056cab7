// Making elements. Text only ever becomes text nodes and attribute values: nothing here, or elsewhere in the page, parses
// markup, and the content security policy of the server would refuse it.

const svgNamespace = 'http://www.w3.org/2000/svg';

function apply(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'dataset') Object.assign(element.dataset, value);
  else if (name === 'style') Object.entries(value).forEach(([key, text]) => element.style.setProperty(key, text));
  else if (name === 'value' || name === 'checked' || name === 'indeterminate') element[name] = value;
  else element.setAttribute(name, value === true ? '' : value);
}

function make(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) apply(element, name, value);
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) element.append(child);
  }
  // A select only takes a value that one of its options has.
  if (properties?.value !== undefined && element.tagName === 'SELECT') {
    element.value = properties.value;
    if (element.selectedIndex < 0) element.selectedIndex = 0;
  }
  return element;
}

/** h('p', {class: 'hint', onclick: f}, 'text', child, [children]) */
export const h = (tag, properties, ...children) => make(document.createElement(tag), properties, children);

/** The same for SVG. */
export const svg = (tag, properties, ...children) =>
  make(document.createElementNS(svgNamespace, tag), properties, children);

/** A label above a control. `hint` is read out with it. */
let lastId = 0;
export function field(label, control, hint) {
  control.id ||= `field-${++lastId}`;
  const below = hint && h('span', { class: 'hint', id: `${control.id}-hint` }, hint);
  if (below) control.setAttribute('aria-describedby', below.id);
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, below);
}

/** <select> of [value, text] pairs, or of plain texts. */
export function select(options, properties) {
  return h(
    'select',
    properties,
    options.map((one) => {
      const [value, text] = Array.isArray(one) ? one : [one, one];
      return h('option', { value }, text);
    }),
  );
}

/** A small word with a colour: status('bad', 'abandoned'). */
export const status = (tone, text, properties) => h('span', { class: `status ${tone}`, ...properties }, text);

/** A button that works: it cannot be pressed again, and keeps the focus, which `disabled` would take from it. */
export function setBusy(button, isBusy) {
  for (const name of ['aria-busy', 'aria-disabled']) isBusy ? button.setAttribute(name, 'true') : button.removeAttribute(name);
}
export const isBusy = (button) => button.getAttribute('aria-busy') === 'true';

const controls = '[data-key], a[href], button, summary';
const nameOf = (control) => control.dataset.key ?? control.getAttribute('href') ?? control.textContent;

/**
 * Replaces what is in `box` by `redraw()`. If a control in it has the focus, the one that is called the same gets it: by
 * its `data-key`, where it leads, or its text.
 */
export function keepingFocus(box, redraw) {
  const held = document.activeElement.closest(controls);
  if (!held || held === box || !box.contains(held)) return redraw();
  const name = nameOf(held);
  const alike = () => [...box.querySelectorAll(controls)].filter((one) => nameOf(one) === name);
  const place = alike().indexOf(held);
  redraw();
  const [first, ...others] = alike();
  const again = others[place - 1] ?? first;
  if (!again) box.tabIndex = -1;
  (again ?? box).focus({ preventScroll: true });
}

/** Shows `nodes` in `box`, unless they look the same as what is there: then a screen reader need not say it again. */
export function renew(box, nodes) {
  const next = box.cloneNode(false);
  next.append(...nodes);
  if (!next.isEqualNode(box)) keepingFocus(box, () => box.replaceChildren(...next.childNodes));
}

/** Closes a dialog so that the focus goes back to where it was. */
export function closeDialog(dialog) {
  dialog.close();
  dialog.remove();
}

/** Runs `work` at most once per frame, however often it is asked for. */
export function oncePerFrame(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  };
}

/** Runs `work` now, then at most every `pause` ms while it is asked for. */
export function throttled(pause, work) {
  let again = false;
  let resting = false;
  const run = () => {
    resting = true;
    again = false;
    work();
    setTimeout(() => {
      resting = false;
      if (again) run();
    }, pause);
  };
  return () => (resting ? (again = true) : run());
}
