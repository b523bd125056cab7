// What became of an attempt: the clause that decides it, what it means, and what to change. In one place, for every view.

const redirectTarget = (detail) => / leads to (\S+);/.exec(detail)?.[1];

const statuses = [
  {
    fits: (status) => status > 200 && status < 300,
    meaning: (status) => `The consumer answered ${status}. Only 200 is success: other 2xx statuses fail like errors do.`,
    fix: 'Answer 200 exactly, also where 201, 202 or 204 would seem natural.',
  },
  {
    fits: (status) => status === 101,
    meaning: () => 'The consumer answered 101, as if a protocol change had been asked for.',
    fix: 'Answer the POST itself, with 200.',
  },
  {
    fits: (status) => status >= 300 && status < 400,
    meaning: (status) => `The consumer answered ${status}. Redirects are not followed.`,
    fix: ({ detail }) => `Register the address that the redirect leads to${redirectTarget(detail) ? `: ${redirectTarget(detail)}` : ''}. Often it differs in a trailing slash or in the host.`,
  },
  {
    fits: (status) => status === 401 || status === 403,
    meaning: (status) => `The consumer, or something in front of it, answered ${status}. Pushes carry no credentials (D2).`,
    fix: 'Let this path through without a log-in. The secret is the path of the URL.',
  },
  {
    fits: (status) => status === 404 || status === 410,
    meaning: (status) => `The consumer answered ${status}: it does not know this path.`,
    fix: 'Compare the path of the registered URL with the one that the consumer serves. If the consumer is gone, have the webhook deleted.',
  },
  {
    fits: (status) => status === 405,
    meaning: () => 'The consumer answered 405: the path exists, but not for POST.',
    fix: 'Handle POST at this path.',
  },
  {
    fits: (status) => status === 413 || status === 415 || status === 400 || status === 422,
    meaning: (status, isLast) => `The consumer answered ${status}: it refused the body. ${isLast ? 'Every attempt sent the same bytes (R5).' : 'The same bytes come again with every retry (R5), so it will refuse them again.'}`,
    fix: 'Answer 200 and keep what cannot be processed aside. Refuse only where a retry can help.',
  },
  {
    fits: (status) => status === 429 || status === 503,
    meaning: (status, isLast) =>
      `The consumer answered ${status}: it is overloaded or not ready. ${isLast ? 'This was the last attempt: no retry follows it.' : 'The next retry is the right place for that.'}`,
    fix: 'If it happens often: answer 200 as soon as the push is stored, and do the work afterwards.',
  },
  {
    fits: (status) => status >= 500,
    meaning: (status) => `The consumer answered ${status}: it, or a proxy in front of it, failed.`,
    fix: 'Look into its log at this time. A push that always fails should be answered 200 and kept aside.',
  },
  {
    fits: () => true,
    meaning: (status) => `The consumer answered ${status}. Only 200 is success.`,
    fix: 'Answer 200.',
  },
];

function badStatus(attempt, isLast) {
  const { fits, meaning, fix } = statuses.find((one) => one.fits(attempt.status));
  return { clause: 'D3', meaning: meaning(attempt.status, isLast), fix: typeof fix === 'function' ? fix(attempt) : fix };
}

// The detail tells what the transport saw last (docs/mock.md, "What becomes of an attempt").
function timedOutIn({ phases, detail }) {
  if (/response (body|head)|finished, but only after/.test(detail)) return ['the answer was on its way: it began, and did not end in time', 'Send the answer at once and whole: status 200, a short body or none, and its length or its last chunk. Nothing may trickle or stay open.'];
  if (phases.waitMs !== null) return ['waiting for the complete answer', 'Answer first, work afterwards: store the push, answer 200, and process it in the background. Also make sure that the response ends: its length or its last chunk.'];
  if (phases.sendMs !== null) return ['sending the push: the consumer did not read it', 'Read the whole body of the request before anything else.'];
  if (phases.tlsMs !== null) return ['the TLS handshake', 'See whether the server’s TLS side accepts connections at this rate, and whether the port speaks TLS at all.'];
  if (phases.connectMs !== null) return ['connecting', 'Most often a firewall drops the packets silently, or the address is not the one the consumer listens on.'];
  return ['looking up the name', 'See whether the name servers of this domain answer.'];
}

const firstThat = (rows, detail) => {
  const [, meaning, fix] = rows.find(([pattern]) => pattern.test(detail));
  return { meaning, fix };
};

const unreachable = [
  [/^name '/, 'The name of the host was not found.', 'Check the host name in the registered URL, and that its domain has an address (A or AAAA) that this machine can look up.'],
  [/connection refused/, 'Nobody takes connections at this address: the consumer could not be reached.', 'Is it running, on this host and port?'],
  [/inside the response/, 'The consumer closed the connection before its answer was complete.', 'Send the complete response before closing, with Content-Length or chunks.'],
  [/before (any|the) response/, 'The consumer took the connection and closed it without an answer.', 'Look into its log at this time: it, or a proxy in front of it, broke off. It must answer before it closes.'],
  [/(?:)/, 'The consumer could not be reached.', 'Is it running, on this host and port, and does a firewall let this machine through?'],
];

const tlsErrors = [
  [/does not speak TLS/, 'The port does not speak TLS: it looks like plain HTTP.', 'Serve TLS (https) at this port, or register the port that does.'],
  [/closed during|lost during/, 'The connection stood, but the TLS handshake broke off.', 'Look into the log of whatever ends TLS there; it must offer TLS 1.2 or 1.3.'],
  [/handshake failed|after the handshake/, 'The connection stood, but there was no TLS session.', 'Look into the log of whatever ends TLS there; it must offer TLS 1.2 or 1.3, and ask for no certificate of the client.'],
  [/(?:)/, 'The certificate of the consumer is refused.', 'It must be valid now, for this very host, with its intermediates, from a trusted root. For a private root, start the mock with --ca FILE.'],
];

const table = {
  ok: (attempt) => ({
    clause: 'D3',
    meaning: `Status 200, complete and in time${attempt.number > 1 ? `: retry ${attempt.number - 1} succeeded, and the delivery ends here (R3)` : ''}.`,
    fix: '',
  }),
  bad_status: badStatus,
  timeout: (attempt) => {
    const [where, fix] = timedOutIn(attempt);
    return { clause: 'D4', meaning: `5 seconds were over while ${where}. The clock runs from the name look-up to the last byte of the answer.`, fix };
  },
  unreachable: (attempt) => ({ clause: 'D5', ...firstThat(unreachable, attempt.detail) }),
  not_http: () => ({
    clause: 'D5',
    meaning: 'What came back is no HTTP/1 response.',
    fix: 'Another program may listen on this port. If it is the consumer: see the detail for what is malformed.',
  }),
  tls_error: (attempt) => ({ clause: 'D7', ...firstThat(tlsErrors, attempt.detail) }),
  refused_address: () => ({
    clause: 'D6',
    meaning: 'The name leads to an address that is not public. It is checked again at every connection, so it may have changed since the registration.',
    fix: 'Let every address of the name be a public one. For tests on this machine or network: --allow-local or --allow-net CIDR.',
  }),
  interrupted: ({ detail }) => detail ? {
    clause: 'G5',
    meaning: 'The mock could not send it, for want of its own. Nothing went out: it is made again with the same number, and counts for nothing.',
    fix: 'Let the mock have more open files (ulimit -n), or fewer attempts at a time: --max-connections.',
  } : {
    clause: 'G5',
    meaning: 'The sender stopped in the middle and does not know whether the push arrived. It is made again with the same number.',
    fix: 'Nothing to mend: but the consumer may see a copy, and must bear it.',
  },
};

/** {clause, meaning, fix} of an attempt that has ended. `isLast`: none follows it. */
export const explain = (attempt, isLast = false) => table[attempt.outcome](attempt, isLast);

const underWay = (webhookState) =>
  webhookState === 'enabled' ? 'An attempt is under way.' : `The webhook was ${webhookState} while an attempt is under way. It is finished: if it fails, the delivery is dropped (G1).`;

/** What the state of a delivery means, in a sentence or two. `values` are those of the contract. */
export function explainDelivery(delivery, reasonSentence, { delaysCountFrom }, webhookState = 'enabled') {
  const tries = delivery.attempts.length;
  if (delivery.state === 'delivered') return tries > 1 ? `Delivered with attempt ${tries}. No attempt follows a success (R3).` : 'Delivered at the first attempt.';
  if (delivery.state !== 'pending') return reasonSentence;
  if (tries === 0) return 'The first attempt is about to be made.';
  if (!delivery.attempts.at(-1).outcome) return underWay(webhookState);
  return `Attempt ${tries} of 4 failed. The next delay counts from the end of ${delaysCountFrom === 'first-failure' ? 'the first failed one' : 'that one'} (R1, R2).`;
}
