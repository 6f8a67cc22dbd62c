"""HTTP actions against a bare aiohttp loop, same server, same run. Budget: at least 0.5 of the bare loop.

A second bare loop sends the headers that every action carries, and shows what those cost.

`python bench/http_actions.py [calls]`. The server is a process of its own that answers with as little work as possible.
(Not `http.py`: scripts here are run by path, and that name would hide the standard library's module from all of them.)
"""

import asyncio
import multiprocessing
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import cast

import aiohttp
import uvloop

from horarium import __version__
from horarium.actions.address_guard import Guard
from horarium.actions.http import HttpDoer
from horarium.core.action import Http
from horarium.core.ids import RunId
from horarium.core.outcome import Succeeded
from horarium.ports.action import Identity, Stream

CALLS = 10_000
SLOTS = 64
ROUNDS = 5
RATIO_MIN = 0.5
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


class Answering(asyncio.Protocol):
    """Answers each head that ends; these requests have no body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        heads = self.rest.count(b"\r\n\r\n")
        if heads:
            self.rest = self.rest[self.rest.rindex(b"\r\n\r\n") + 4 :]
            self.transport.write(ANSWER * heads)


def serve(told: Connection) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=1024)
        told.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    uvloop.run(main())


class Nowhere:
    """An output that keeps nothing."""

    async def write(self, stream: Stream, data: bytes) -> None:
        pass


async def rate(one: Callable[[], Awaitable[None]], calls: int) -> float:
    """Calls per second with SLOTS at a time."""
    left = iter(range(calls))

    async def slot() -> None:
        for _ in left:
            await one()

    begun = time.perf_counter()
    await asyncio.gather(*(slot() for _ in range(SLOTS)))
    return calls / (time.perf_counter() - begun)


async def measure(url: str, calls: int) -> dict[str, float]:
    """Median rates, taken in turns so that all meet the same machine."""
    action = Http(kind="http", url=url)
    me = Identity(run_id=RunId(bytes(16)), attempt=1, fence=1, due_at=datetime.now(UTC), task_name="bench")
    headers = {"User-Agent": f"horarium/{__version__}", **me.headers()}
    output = Nowhere()
    doer = HttpDoer(Guard(own_port=1))
    await doer.start()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def acted() -> None:
            assert isinstance(await doer.do(action, me, output), Succeeded)

        async def bare() -> None:
            async with session.get(url) as answer:
                assert answer.status == 200
                await answer.read()

        async def same_bytes() -> None:
            async with session.get(url, headers=headers) as answer:
                assert answer.status == 200
                await answer.read()

        rates: dict[str, list[float]] = {}
        for count in [calls // 10] + [calls] * ROUNDS:
            for one in (acted, bare, same_bytes):
                rates.setdefault(one.__name__, []).append(await rate(one, count))
    await doer.close()
    return {name: statistics.median(found[1:]) for name, found in rates.items()}  # the first round warms up


def main() -> int:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    try:
        rates = uvloop.run(measure(f"http://127.0.0.1:{here.recv()}/", calls))
    finally:
        server.terminate()
        server.join()
    ours, bare, same = rates["acted"], rates["bare"], rates["same_bytes"]
    print(
        f"{ours:,.0f} HTTP actions/s, bare aiohttp loop {bare:,.0f}/s: ratio {ours / bare:.2f} (at least {RATIO_MIN})"
    )
    print(f"with the same headers the bare loop does {same:,.0f}/s: {ours / same:.2f}")
    return 0 if ours / bare >= RATIO_MIN else 1


if __name__ == "__main__":
    sys.exit(main())
