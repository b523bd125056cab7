// That a webhook is disabled, told beside “Overview” in the navigation of every view.
import { h } from './dom.js';
import { counted } from './format.js';
import { liveWebhooks, subscribe } from './state.js';

export function watchDisabled() {
  const link = document.querySelector('#views [data-view="overview"]');
  const badge = h('span', { class: 'status bad', id: 'disabled-badge', hidden: true });
  link.append(' ', badge);
  subscribe('webhooks', () => {
    const number = liveWebhooks().filter((one) => one.state === 'disabled').length;
    badge.hidden = number === 0;
    badge.textContent = `${number} disabled`;
    badge.title = `${counted(number, 'webhook')} disabled`;
  });
}
