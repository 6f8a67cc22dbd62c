"""Reads a stream of events as a browser does."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import Message

from tests.integration.api.client import Client

SECONDS_MAX = 5.0


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    data: Any
    id: str | None


def events_in(body: bytes) -> list[Event]:
    """By the rules of the HTML standard, as far as they are used here: comments are passed over."""
    found = []
    for block in body.decode().split("\n\n")[:-1]:
        fields: dict[str, str] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            if name:
                assert name in ("event", "id", "data", "retry"), line
                fields[name] = value.removeprefix(" ")
        if "data" in fields:
            found.append(Event(fields["event"], json.loads(fields["data"]), fields.get("id")))
    return found


class Listener:
    """One open connection. Use it as a context: leaving it hangs up."""

    def __init__(self, client: Client, topics: str, headers: Mapping[str, str] | None = None) -> None:
        self._client = client
        self._topics = topics
        self._headers = {**client.headers, **(headers or {})}
        self._gone = asyncio.Event()
        self._something = asyncio.Event()
        self._asked = False
        self._taken = 0
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def __aenter__(self) -> "Listener":
        raw = [(name.lower().encode(), text.encode("latin-1")) for name, text in self._headers.items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/api/v1/events",
            "raw_path": b"/api/v1/events",
            "query_string": f"topics={self._topics}".encode(),
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1:8787"), *raw],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8787),
        }
        self.answering = asyncio.ensure_future(self._client.app(scope, self._receive, self._send))
        while self.status == 0:
            await self._next()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._gone.set()
        await asyncio.wait_for(self.answering, SECONDS_MAX)

    async def event(self) -> Event:
        """The next one."""
        while len(events_in(self.body)) <= self._taken:
            await self._next()
        self._taken += 1
        return events_in(self.body)[self._taken - 1]

    async def quiet(self, seconds: float) -> bool:
        """Whether nothing comes for that long, comments excepted."""
        await asyncio.sleep(seconds)
        return len(events_in(self.body)) == self._taken

    async def ended(self) -> None:
        """The service ends the stream by itself."""
        await asyncio.wait_for(asyncio.shield(self.answering), SECONDS_MAX)

    async def _next(self) -> None:
        self._something.clear()
        await asyncio.wait_for(self._something.wait(), SECONDS_MAX)

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")
        self._something.set()
