// A webhook told apart from others although its URL is a secret: masked, with its organization, and shown on demand.
import { copyButton } from './clipboard.js';
import { h } from './dom.js';
import { maskedUrl } from './format.js';
import { organizationName, state } from './state.js';

const revealed = new Set(); // ids, for as long as the page lives

const looksLike = (one, other) => one.orgId === other.orgId && maskedUrl(one.url) === maskedUrl(other.url);

/** "#2" where the organization has several that look alike, counted from the oldest. */
export function ordinal(webhook) {
  const alike = [...state.webhooks.values()].filter((one) => looksLike(one, webhook));
  return alike.length > 1 ? `#${alike.findIndex((one) => one.id === webhook.id) + 1}` : '';
}

/** "https://my.host/*** #2, Opera" */
export const webhookName = (webhook) =>
  `${[maskedUrl(webhook.url), ordinal(webhook)].filter(Boolean).join(' ')}, ${organizationName(webhook.orgId)}`;

/** The URL with buttons that show and copy it. `wrap(text)` may make a link of it. */
export function webhookUrl(webhook, wrap = (text) => text) {
  const text = h('span', { class: 'mono' });
  const show = h('button', { type: 'button', class: 'plain', dataset: { key: `show ${webhook.id}` } });
  const draw = () => {
    const isShown = revealed.has(webhook.id);
    show.setAttribute('aria-pressed', String(isShown));
    show.setAttribute('aria-label', `${isShown ? 'Hide' : 'Show'} the URL of ${webhookName(webhook)}`);
    show.textContent = isShown ? 'Hide' : 'Show';
    text.textContent = isShown ? webhook.url : [maskedUrl(webhook.url), ordinal(webhook)].filter(Boolean).join(' ');
  };
  show.addEventListener('click', () => {
    if (!revealed.delete(webhook.id)) revealed.add(webhook.id);
    draw();
  });
  draw();
  return [wrap(text), ' ', show, copyButton('Copy', 'The URL', () => webhook.url, { class: 'plain', 'aria-label': `Copy the URL of ${webhookName(webhook)}`, dataset: { key: `copy ${webhook.id}` } })];
}
