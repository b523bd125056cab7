"""A consumer that tells what it did, by code of docs/conformance.md: witness_consumer.py SNIPPET, or with a log that a
command reads: witness_consumer.py --log FILE. Prints its URL; what it tells is at /witness."""
import hashlib
import http.server
import json
import sys
import threading

scope = {}
if sys.argv[1] == "--log":
    log = open(sys.argv[2], "a", encoding="ascii")

    def processed(body, result="processed"):
        print(f"2026-11-24T02:00:00Z info {result} sha256={hashlib.sha256(body).hexdigest()} in 3 ms", file=log, flush=True)
else:
    with open(sys.argv[1], encoding="utf-8") as snippet:
        exec(snippet.read(), scope)
    processed = scope["processed"]

seen = set()
lock = threading.Lock()


def handle(body):
    with lock:
        if body in seen:
            return
        seen.add(body)
        try:
            json.loads(body)
            processed(body)
        except ValueError:
            processed(body, "quarantined")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer("")
        handle(body)

    def do_GET(self):
        self.answer(scope["witness"]())

    def answer(self, text):
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}/hook", flush=True)
server.serve_forever()
