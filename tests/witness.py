"""An outside witness: a web server in a process of its own that writes down every call it gets, and survives the product."""

import json
import multiprocessing
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from multiprocessing.connection import Connection
from typing import Any, ClassVar

LISTEN_BACKLOG = 1_024


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    calls: ClassVar[list[dict[str, Any]]] = []
    lock = threading.Lock()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.lock:
            self.calls.append(
                {
                    "at": time.time(),
                    "path": self.path,
                    "run": self.headers["Idempotency-Key"],
                    "attempt": int(self.headers["Horarium-Attempt"]),
                    "fence": int(self.headers["Horarium-Fence"]),
                    "due_at": self.headers["Horarium-Due-At"],
                }
            )
        self._answer(b"seen")

    def do_GET(self) -> None:
        with self.lock:
            body = json.dumps(self.calls).encode()
        self._answer(body)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return None


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = LISTEN_BACKLOG


def _serve(told: Connection) -> None:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        told.send(server.server_address[1])
        server.serve_forever()


class Witness:
    """`url` takes POSTs; `calls` reads what was written down."""

    def __enter__(self) -> "Witness":
        context = multiprocessing.get_context("spawn")
        mine, its = context.Pipe()
        self._process = context.Process(target=_serve, args=(its,), daemon=True)
        self._process.start()
        self.port = int(mine.recv())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def calls(self) -> list[dict[str, Any]]:
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/")
            found: list[dict[str, Any]] = json.loads(connection.getresponse().read())
            return found
        finally:
            connection.close()
