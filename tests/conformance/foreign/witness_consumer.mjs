// A consumer that tells what it did, by code of docs/conformance.md: witness_consumer.mjs SNIPPET. Prints its URL; what it
// tells is at /witness.
import { createServer } from "node:http";

const { processed, witness } = await import(process.argv[2]);
const seen = new Set();

function handle(body) {
  const text = body.toString("latin1");
  if (seen.has(text)) return;
  seen.add(text);
  try {
    JSON.parse(body.toString("utf8"));
    processed(body);
  } catch {
    processed(body, "quarantined");
  }
}

const server = createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    response.writeHead(200).end(request.method === "GET" ? witness() : "");
    if (request.method === "POST") handle(Buffer.concat(pieces));
  });
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/hook`));
