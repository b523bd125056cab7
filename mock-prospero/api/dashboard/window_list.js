// A list of any length of which only the visible rows are elements. It has the height of all of them, so the scroll bar is
// true; rows that are not loaded yet are shown as such. Keys: arrows, Page Up and Down, Home, End move the active row,
// Enter opens it.
import { h, oncePerFrame } from './dom.js';

const spare = 6;
// Beyond this height browsers lose precision, or the end of the list.
const heightMax = 12_000_000;

export class WindowList {
  #active = 0;
  #first = 0;
  #last = -1;

  /**
   * `options`: label, columns, rowId(index) -> an id for the document or null while the row is not loaded,
   * makeRow(index) -> element with role=row, needs(index), open(index).
   */
  constructor(options) {
    this.options = options;
    this.count = 0;
    this.inner = h('div', { class: 'window-inner', role: 'rowgroup' });
    const heads = options.columns.map(([name, text]) => h('span', { class: name, role: 'columnheader' }, text));
    this.head = h('div', { role: 'rowgroup', class: 'window-head' }, h('div', { class: 'delivery-row head', role: 'row' }, heads));
    this.scroller = h('div', { class: 'window', role: 'grid', tabindex: 0, 'aria-label': options.label, 'aria-readonly': 'true' }, this.head, this.inner);
    this.draw = oncePerFrame(() => this.#draw());
    this.scroller.addEventListener('scroll', this.draw, { passive: true });
    this.scroller.addEventListener('keydown', (event) => this.#key(event));
    this.inner.addEventListener('click', (event) => this.#click(event));
    this.watch = new ResizeObserver(this.draw);
    this.watch.observe(this.scroller);
  }

  end() {
    this.watch.disconnect();
  }

  /** The rows changed; `added` of them are new above all others, which stay where the reader sees them. */
  update(count, added) {
    this.count = count;
    const height = this.rowHeight();
    if (added) {
      this.#active = Math.min(this.#active + (this.scroller.scrollTop > 0 || this.#isFocused() ? added : 0), Math.max(count - 1, 0));
      if (this.scroller.scrollTop > 0) {
        this.#resize(height);
        this.scroller.scrollTop += added * height;
      }
    }
    this.scroller.setAttribute('aria-rowcount', String(count + 1));
    this.draw();
  }

  /** Shows the list as it was left: the row that was open is the active one again. */
  restore(active, scrollTop) {
    this.#active = Math.min(active, this.count - 1);
    this.#resize(this.rowHeight());
    this.scroller.scrollTop = scrollTop;
    this.scroller.focus({ preventScroll: true });
    this.draw();
  }

  #isFocused() {
    return document.activeElement === this.scroller;
  }

  rowHeight() {
    return Number.parseFloat(getComputedStyle(this.scroller).getPropertyValue('--row-height'));
  }

  #resize(height) {
    this.inner.style.setProperty('height', `${Math.min(this.count * height, heightMax)}px`);
  }

  #draw() {
    const height = this.rowHeight();
    this.#resize(height);
    const top = Math.max(this.scroller.scrollTop, 0);
    this.#first = Math.max(Math.floor(top / height) - spare, 0);
    this.#last = Math.min(Math.ceil((top + this.scroller.clientHeight) / height) + spare, this.count - 1);
    const rows = [];
    for (let index = this.#first; index <= this.#last; index++) rows.push(this.#row(index, height));
    this.inner.replaceChildren(...rows);
    if (this.count) this.options.needs(this.#last);
    this.#markActive();
  }

  #row(index, height) {
    const row = this.options.makeRow(index);
    row.style.setProperty('transform', `translateY(${index * height}px)`);
    row.setAttribute('aria-rowindex', String(index + 2));
    row.dataset.index = index;
    if (index === this.#active) row.classList.add('active');
    return row;
  }

  #markActive() {
    const id = this.options.rowId(this.#active);
    if (id && this.#active >= this.#first && this.#active <= this.#last) this.scroller.setAttribute('aria-activedescendant', id);
    else this.scroller.removeAttribute('aria-activedescendant');
  }

  #click(event) {
    const row = event.target.closest('[data-index]');
    if (!row || event.target.closest('a')) return;
    this.#active = Number(row.dataset.index);
    this.options.open(this.#active);
  }

  #key(event) {
    const page = Math.max(Math.floor(this.scroller.clientHeight / this.rowHeight()) - 2, 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && event.target === this.scroller && this.count) return this.options.open(this.#active);
    if (!(event.key in moves) || !this.count) return;
    event.preventDefault();
    this.#active = Math.min(Math.max(this.#active + moves[event.key], 0), this.count - 1);
    this.#scrollTo(this.#active);
    this.draw();
  }

  /** Brings a row under the head of the columns, or above the lower edge, whichever is nearer. */
  #scrollTo(index) {
    const height = this.rowHeight();
    const space = this.scroller.clientHeight - this.head.offsetHeight;
    const top = this.scroller.scrollTop;
    if (index * height < top) this.scroller.scrollTop = index * height;
    else if ((index + 1) * height > top + space) this.scroller.scrollTop = (index + 1) * height - space;
  }
}
