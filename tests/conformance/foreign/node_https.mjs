// A consumer on Node's own https server: node_https.mjs CERT KEY PATH. Prints its URL.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [cert, key, path] = process.argv.slice(2);
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("error", () => response.destroy());
  request.on("end", () => {
    const wrong = request.url !== path ? 404 : request.method !== "POST" ? 405 : 0;
    response.writeHead(wrong || 200).end();
    if (!wrong) setImmediate(() => handle(Buffer.concat(pieces)));
  });
});

function handle(bytes) {
  try {
    JSON.parse(bytes.toString("utf8"));
  } catch {
    console.error(`kept aside: ${bytes.length} bytes that are no JSON`);
  }
}

server.listen(0, "127.0.0.1", () => console.log(`https://127.0.0.1:${server.address().port}${path}`));
