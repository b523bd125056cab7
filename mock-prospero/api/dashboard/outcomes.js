// What became of an attempt: the clause that decides it, what it means, and what to change. In one place, for every view.

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
    fix: 'Register the address that the redirect leads to. Often it differs in a trailing slash or in the host.',
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
    meaning: (status) => `The consumer answered ${status}: it refused the body. The same bytes come again with every retry (R5), so it will refuse them again.`,
    fix: 'Answer 200 and keep what cannot be processed aside. Refuse only where a retry can help.',
  },
  {
    fits: (status) => status === 429 || status === 503,
    meaning: (status) => `The consumer answered ${status}: it is overloaded or not ready. The next retry is the right place for that.`,
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

function badStatus(attempt) {
  const row = statuses.find((one) => one.fits(attempt.status));
  return { clause: 'D3', meaning: row.meaning(attempt.status), fix: row.fix };
}

function timedOutIn({ phases }) {
  if (phases.waitMs !== null) return ['waiting for the complete answer', 'Answer first, work afterwards: store the push, answer 200, and process it in the background. Also make sure that the response ends: its length or its last chunk.'];
  if (phases.sendMs !== null) return ['sending the push: the consumer did not read it', 'Read the whole body of the request before anything else.'];
  if (phases.tlsMs !== null) return ['the TLS handshake', 'See whether the server’s TLS side accepts connections at this rate, and whether the port speaks TLS at all.'];
  if (phases.connectMs !== null) return ['connecting', 'Most often a firewall drops the packets silently, or the address is not the one the consumer listens on.'];
  return ['looking up the name', 'See whether the name servers of this domain answer.'];
}

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
  unreachable: () => ({
    clause: 'D5',
    meaning: 'The consumer could not be reached, or closed the connection before its answer was complete.',
    fix: 'Is it running, on this host and port? If it closes early: send the complete response before closing, with Content-Length or chunks.',
  }),
  not_http: () => ({
    clause: 'D5',
    meaning: 'What came back is no HTTP/1 response.',
    fix: 'Another program may listen on this port. If it is the consumer: see the detail for what is malformed.',
  }),
  tls_error: () => ({
    clause: 'D7',
    meaning: 'The connection stood, but there was no TLS session: a certificate that is refused, plain HTTP on the port, or a handshake that broke off.',
    fix: 'The certificate must be valid now, for this very host, with its intermediates, from a trusted root. For a private root, start the mock with --ca FILE.',
  }),
  refused_address: () => ({
    clause: 'D6',
    meaning: 'The name leads to an address that is not public. It is checked again at every connection, so it may have changed since the registration.',
    fix: 'Let every address of the name be a public one. For tests on this machine or network: --allow-local or --allow-net CIDR.',
  }),
  interrupted: () => ({
    clause: 'G5',
    meaning: 'The sender stopped in the middle and does not know whether the push arrived. It is made again with the same number.',
    fix: 'Nothing to mend: but the consumer may see a copy, and must bear it.',
  }),
};

/** {clause, meaning, fix} of an attempt that has ended. */
export const explain = (attempt) => table[attempt.outcome](attempt);

/** What the state of a delivery means, in one sentence. */
export function explainDelivery(delivery, reasonSentence) {
  const tries = delivery.attempts.length;
  if (delivery.state === 'delivered') return tries > 1 ? `Delivered with attempt ${tries}. No attempt follows a success (R3).` : 'Delivered at the first attempt.';
  if (delivery.state !== 'pending') return reasonSentence;
  if (tries === 0) return 'The first attempt is about to be made.';
  if (!delivery.attempts.at(-1).outcome) return 'An attempt is under way.';
  return `Attempt ${tries} of 4 failed. The next one counts from that moment (R1, R2).`;
}
