"""A consumer on Python's standard server: python_server.py CERT KEY PATH. Prints its URL."""
import http.server
import json
import ssl
import sys

CERT, KEY, PATH = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "consumer"
    sys_version = ""
    timeout = 10

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def do_POST(self):
        body = self.body()
        self.answer(200 if self.path == PATH else 404)
        try:
            json.loads(body)
        except ValueError:
            print(f"kept aside: {len(body)} bytes that are no JSON", file=sys.stderr)

    def do_GET(self):
        self.answer(405)

    do_PUT = do_DELETE = do_GET

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256

    def handle_error(self, request, client_address):
        print("a connection broke", file=sys.stderr)


server = Server(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERT, KEY)
# The handshake is left to the connection's own thread: here it would keep the others waiting.
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(f"https://127.0.0.1:{server.server_port}{PATH}", flush=True)
server.serve_forever()
