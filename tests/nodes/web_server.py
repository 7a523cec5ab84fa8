"""A web server to test with, on a free port of this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Pages(BaseHTTPRequestHandler):
    """Answers by the path; ``/echo`` says what came."""

    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        self.server.asked.append(path)
        getattr(self, f"page_{path.strip('/')}", self.page_echo)(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    def send(
        self, data: bytes, kind: str = "application/json", status: int = 200, size: int = -1, to: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(size if size >= 0 else len(data)))
        if to:
            self.send_header("Location", to)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def page_echo(self, body: bytes) -> None:
        told = {
            "method": self.command,
            "path": self.path,
            "headers": dict(self.headers),
            "body": body.decode("latin-1"),
        }
        self.send(json.dumps(told).encode())

    def page_text(self, body: bytes) -> None:
        self.send("größe".encode("latin-1"), "text/plain; charset=latin-1")

    def page_page(self, body: bytes) -> None:
        self.send(b"<h1>Volts</h1>", "text/html")

    def page_missing(self, body: bytes) -> None:
        self.send(b"<h1>Not here</h1>", "text/html", 404)

    def page_denied(self, body: bytes) -> None:
        said = f"no right for {self.headers.get('Authorization')} at {self.path}"
        self.send(json.dumps({"error": said}).encode(), status=401)

    def page_busy(self, body: bytes) -> None:
        self.send(b"", status=429)

    def page_wrong(self, body: bytes) -> None:
        self.send(b'{"error": "volt is no number"}', status=422)

    def page_broken(self, body: bytes) -> None:
        self.send(b"", status=500)

    def page_empty(self, body: bytes) -> None:
        self.send(b"", status=204)

    def page_cut(self, body: bytes) -> None:
        self.send(b"1234", "text/plain", size=1000)
        self.close_connection = True

    def page_pieces(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(3):
            self.wfile.write(b"4\r\n1234\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def page_away(self, body: bytes) -> None:
        self.send(b"", status=302, to=self.server.leads_to)

    def page_slow(self, body: bytes) -> None:
        self.server.waiting.set()
        self.connection.settimeout(None)
        self.server.gone.append(self.rfile.read(1))  # nothing, once the other side has left
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Print nothing."""


class Server(ThreadingHTTPServer):
    """Knows what it was asked for."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.asked: list[str] = []
        self.gone: list[bytes] = []
        self.waiting = threading.Event()
        self.leads_to = "/echo"
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: who asks leaves at any moment."""


@contextmanager
def serving() -> Iterator[Server]:
    """Run one."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
