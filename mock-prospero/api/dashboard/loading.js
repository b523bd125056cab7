// Loading what a view shows. While the mock does not answer the view says so, and it loads by itself once that is over.
import { h } from './dom.js';
import { state, subscribe } from './state.js';
import { complain } from './toast.js';

const pause = 1000;

/** `work` fetches and draws. Returns {run(), element: the message, end()}. */
export function loading(work) {
  let isMissing = false;
  let hasEnded = false;
  const element = h('p', { class: 'empty', role: 'status', hidden: true }, h('strong', {}, 'The mock does not answer'), 'This is loaded as soon as it does.');
  const run = async () => {
    if (hasEnded) return;
    try {
      await work();
      isMissing = false;
    } catch (error) {
      isMissing = error.isOutage === true;
      if (!isMissing && !hasEnded) complain(error);
    }
    element.hidden = !isMissing;
    if (isMissing && state.isConnected) setTimeout(run, pause);
  };
  const unsubscribe = subscribe('connected', () => isMissing && run());
  const end = () => {
    hasEnded = true;
    unsubscribe();
  };
  return { element, run, end };
}
