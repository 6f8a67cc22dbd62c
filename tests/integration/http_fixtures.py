"""What the tests of http actions share: calls in one line, and what is expected of them. The servers are in conftest.py."""

import contextlib
import json
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from multidict import CIMultiDict
from yarl import URL

from horarium.actions.address_guard import Guard, Lookup
from horarium.actions.http import HttpDoer, Limits
from horarium.core.action import Http
from horarium.core.ids import RunId
from horarium.core.outcome import Ended, Failed, Succeeded
from horarium.ports.action import Identity, Stream
from tests.sink import Sink

ME = Identity(
    run_id=RunId(bytes(range(16))),
    attempt=2,
    fence=7,
    due_at=datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    task_name="hello",
)
USUAL = Limits()


@dataclass
class Output:
    """Keeps what a run writes."""

    data: bytearray = field(default_factory=bytearray)

    async def write(self, stream: Stream, data: bytes) -> None:
        assert stream == "stdout"
        self.data += data


@contextlib.asynccontextmanager
async def doing(
    limits: Limits = USUAL,
    *,
    guard: Guard | None = None,
    lookup: Lookup | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[HttpDoer]:
    doer = HttpDoer(guard or Guard(), limits, lookup=lookup, tls=tls)
    await doer.start()
    try:
        yield doer
    finally:
        await doer.close()


async def called(doer: HttpDoer, url: str, output: Output | None = None, **more: Any) -> Ended:
    return await doer.do(Http(kind="http", url=url, **more), ME, output or Output())


async def call(url: str, limits: Limits = USUAL, output: Output | None = None, **more: Any) -> Ended:
    """One call by a doer of its own."""
    async with doing(limits) as doer:
        return await called(doer, url, output, **more)


async def echoed(url: str, **more: Any) -> Any:
    """What arrived at /echo, headers as a case-insensitive multi-dictionary."""
    output = Output()
    assert await call(url, output=output, **more) == Succeeded(http_status=200)
    arrived = json.loads(output.data)
    arrived["headers"] = CIMultiDict(arrived["headers"])
    return arrived


def error(detail: str, status: int | None = None) -> Failed:
    return Failed(reason="error", http_status=status, detail=detail)


def redirect(server: Sink, to: str, status: int = 302) -> str:
    return str(URL(server.url("/redirect")).with_query(to=to, status=str(status)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def turning(*answers: Sequence[str]) -> tuple[list[str], Lookup]:
    """A name service that gives these answers in turn, and the names it was asked for."""
    asked: list[str] = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[(len(asked) - 1) % len(answers)]

    return asked, lookup
