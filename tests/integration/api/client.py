"""Asks an ASGI application as a server would: raw headers and bodies, no library in between that corrects them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def pointers(self) -> list[str]:
        return [error["pointer"] for error in self.json["errors"]]


class Client:
    """`headers` go with every request; a Host is added unless one is given."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] | None = None, address: str = "127.0.0.1") -> None:
        self.app = app
        self.headers = dict(headers or {})
        self.address = address

    def with_headers(self, **headers: str) -> "Client":
        return Client(
            self.app, {**self.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}, self.address
        )

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return await self.send("GET", path, headers=headers)

    async def post(self, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        return await self.send("POST", path, body, headers=headers)

    async def put(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
        return await self.send("PUT", path, body, headers=headers)

    async def patch(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
        return await self.send("PATCH", path, body, headers=headers)

    async def delete(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return await self.send("DELETE", path, headers=headers)

    async def send(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """`body` bytes go as they are, anything else but None as JSON with its content type."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {
            **self.headers,
            **(JSON if body is not None and not isinstance(body, bytes) else {}),
            **(headers or {}),
        }
        raw = [(name.lower().encode(), text.encode("latin-1")) for name, text in named.items()]
        if data and b"content-length" not in {name for name, _ in raw}:
            raw.append((b"content-length", str(len(data)).encode()))
        return await self.ask(method, path, raw, [data])

    async def ask(
        self, method: str, path: str, headers: Sequence[tuple[bytes, bytes]], body: Sequence[bytes]
    ) -> Answer:
        """With exactly these headers and the body in these chunks."""
        where, _, query = path.partition("?")
        named = list(headers)
        if not any(name == b"host" for name, _ in named):
            named.insert(0, (b"host", b"127.0.0.1:8787"))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(where),
            "raw_path": where.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": named,
            "client": (self.address, 50_000),
            "server": ("127.0.0.1", 8787),
        }
        exchange = _Exchange(list(body))
        await self.app(scope, exchange.receive, exchange.send)
        return exchange.answer()


class _Exchange:
    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks
        self._start: Message | None = None
        self._body = b""

    async def receive(self) -> Message:
        if not self._chunks:
            return {"type": "http.disconnect"}
        chunk = self._chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(self._chunks)}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            assert self._start is None, "an answer starts once"
            self._start = message
        else:
            self._body += message.get("body", b"")

    def answer(self) -> Answer:
        assert self._start is not None, "there was no answer"
        pairs = [(name.decode().lower(), value.decode("latin-1")) for name, value in self._start["headers"]]
        cookies = tuple(value for name, value in pairs if name == "set-cookie")
        return Answer(self._start["status"], dict(pairs), self._body, cookies)
