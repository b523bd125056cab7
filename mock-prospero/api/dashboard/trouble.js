// Which webhooks need a look first.

/** Disabled ones first, then by failures in a row; of equal ones the newest first. `webhooks` come oldest first. */
export const byTrouble = (webhooks) =>
  [...webhooks].reverse().sort((one, other) => (other.state === 'disabled') - (one.state === 'disabled') || other.consecutiveFailures - one.consecutiveFailures);

/**
 * The same, but those in `shown` come first and in that order, so that none takes the place of another under a hand. What
 * is deleted, or grows, still moves what is below it.
 */
export function inPlace(webhooks, shown) {
  const kept = new Set(shown);
  const wanted = new Map(webhooks.map((one) => [one.id, one]));
  const stay = shown.map((id) => wanted.get(id)).filter(Boolean);
  return [...stay, ...webhooks.filter(({ id }) => !kept.has(id))];
}
