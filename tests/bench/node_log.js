// node_log.js CERT KEY LOG: what a careful Node.js consumer does at best. Each body is appended to LOG; all that wait
// share one fdatasync; then they get 200. Prints its port.
'use strict';
const fs = require('fs');
const https = require('https');
const [cert, key, log] = process.argv.slice(2);
const file = fs.openSync(log, 'a', 0o600);
let waiting = [];
let writing = false;

function flush() {
  if (writing || waiting.length === 0) return;
  writing = true;
  const group = waiting;
  waiting = [];
  const bytes = [];
  for (const one of group) bytes.push(...one.body, Buffer.from('\n'));
  const done = (error) => {
    for (const { response } of group) {
      response.statusCode = error ? 503 : 200;
      response.end();
    }
    writing = false;
    flush();
  };
  fs.write(file, Buffer.concat(bytes), (error) => (error ? done(error) : fs.fdatasync(file, done)));
}

const options = {
  cert: fs.readFileSync(cert),
  key: fs.readFileSync(key),
  minVersion: 'TLSv1.3',
  keepAlive: true,
};
const server = https.createServer(options, (request, response) => {
  const body = [];
  request.on('data', (chunk) => body.push(chunk));
  request.on('end', () => {
    waiting.push({ body, response });
    flush();
  });
});
server.keepAliveTimeout = 60000;
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(server.address().port));
