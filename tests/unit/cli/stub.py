"""A server that gives prepared answers, and remembers what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


@dataclass(slots=True)
class Stub:
    """`answers` maps "GET /path" to a body, a (status, body) pair, or a list of them that is used up one by one."""

    url: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, key: str) -> tuple[int, Any]:
        found = self.answers.get(key)
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if found is None:
            return 404, {"detail": f"no answer prepared for {key}", "errors": []}
        return found if isinstance(found, tuple) else (200, found)

    def of(self, method: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == method]


@contextmanager
def serving(stub: Stub) -> Iterator[Stub]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            path = unquote(parts.path).removeprefix("/api/v1")
            headers = {name.lower(): value for name, value in self.headers.items()}
            stub.asked.append(
                Asked(
                    method=self.command,
                    path=path,
                    query=parse_qs(parts.query),
                    headers=headers,
                    body=json.loads(body) if body else None,
                )
            )
            plain = "text/plain" in headers.get("accept", "")
            status, answer = stub.answer(f"{self.command} {path}" + (" plain" if plain else ""))
            content = answer if isinstance(answer, bytes) else b"" if status == 204 else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if isinstance(answer, dict) and "revision" in answer:
                self.send_header("ETag", f'"{answer["revision"]}"')
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
