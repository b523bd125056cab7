// A proxy in front of the mock, as one that puts it under a path prefix; its connections can be cut.
import http from 'node:http';
import { once } from 'node:events';

export class Proxy {
  /** `strips`: it passes paths on without the prefix, also the prefix alone, as "/". */
  constructor(prefix, { strips = false } = {}) {
    this.prefix = prefix;
    this.strips = strips;
    this.target = null;
    this.isCut = false;
    this.sockets = new Set();
    this.seen = []; // the targets of all requests
    this.server = http.createServer((request, response) => this.#pass(request, response));
    this.server.on('connection', (socket) => {
      if (this.isCut) return socket.destroy();
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  async start() {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}${this.prefix}`;
  }

  #pass(request, response) {
    this.seen.push(request.url);
    const path = this.strips && request.url.startsWith(this.prefix) ? request.url.slice(this.prefix.length) || '/' : request.url;
    const to = new URL(path, this.target);
    const passed = http.request(to, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  }

  /** Nobody gets through, until mend(). */
  cut() {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend() {
    this.isCut = false;
  }

  async stop() {
    this.cut();
    this.server.close();
  }
}
