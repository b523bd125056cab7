// A consumer in the form of a Worker, a fetch handler, under Node: fetch_handler.mjs CERT KEY PATH. Prints its URL.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { Readable } from "node:stream";

const [cert, key, path] = process.argv.slice(2);

const worker = {
  async fetch(request) {
    if (new URL(request.url).pathname !== path) return new Response(null, { status: 404 });
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const text = await request.text();
    try {
      JSON.parse(text);
    } catch {
      console.error(`kept aside: ${text.length} characters that are no JSON`);
    }
    return new Response(null, { status: 200 });
  },
};

// What the platform of a Worker does: HTTP to Request, Response to HTTP.
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, async (incoming, outgoing) => {
  try {
    const bodiless = incoming.method === "GET" || incoming.method === "HEAD";
    const request = new Request(`https://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method,
      headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      body: bodiless ? undefined : Readable.toWeb(incoming),
      duplex: "half",
    });
    const response = await worker.fetch(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end();
  } catch {
    outgoing.destroy();
  }
});

server.listen(0, "127.0.0.1", () => console.log(`https://127.0.0.1:${server.address().port}${path}`));
