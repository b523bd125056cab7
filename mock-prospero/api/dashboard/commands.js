// A delivery as commands for a shell.

const argumentBytesMax = 100_000; // Linux takes 128 KiB for one argument

const quote = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const base64 = (bytes) => {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
};

/** [what feeds standard input, how the command names it]: the exact bytes, whatever they are. */
function feed(bytes, text) {
  if (bytes.length > argumentBytesMax) return ['', 'body.json'];
  if (text === null || text.includes('\0')) return [`printf %s ${quote(base64(bytes))} | base64 -d | `, '-'];
  return [`printf %s ${quote(text)} | `, '-'];
}

/** `text` is null for bytes that are not UTF-8. Longer bodies are expected in the file body.json. */
export function asCurl(url, bytes, text, values) {
  const [before, name] = feed(bytes, text);
  const insecure = values.caFiles.map((file) => ` --cacert ${quote(file)}`).join('');
  return `${before}curl -sS -i -X POST ${quote(url)} -H ${quote(`Content-Type: ${values.contentType}`)} -A ${quote(values.userAgent)} --max-time 5${insecure} --data-binary @${name}`;
}

export function asPush(url, event, bytes, text, values) {
  const [before, name] = feed(bytes, text);
  const flags = [
    ...(values.allowLocal ? ['--allow-local'] : []),
    ...(values.allowHttp ? ['--allow-http'] : []),
    ...values.allowNets.flatMap((one) => ['--allow-net', quote(one)]),
    ...values.caFiles.flatMap((one) => ['--ca', quote(one)]),
    ...(values.contentType === 'application/json' ? [] : ['--content-type', quote(values.contentType)]),
    ...(values.userAgent.startsWith('mock-prospero/') ? [] : ['--user-agent', quote(values.userAgent)]),
  ];
  return `${before}mock-prospero push ${quote(url)} --event ${quote(event)} --body ${name}${flags.map((one) => ` ${one}`).join('')}`;
}

export const isTooLong = (bytes) => bytes.length > argumentBytesMax;
