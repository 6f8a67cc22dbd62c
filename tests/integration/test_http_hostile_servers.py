"""Servers that are away, slow, broken or malicious: a call ends in time, says why, and costs no memory."""

import asyncio
import json
import socket
import sys
from collections.abc import Sequence

import pytest

from horarium.actions.http import BODY_BYTES_MAX, Limits
from horarium.core.outcome import DETAIL_MAX, Failed, Succeeded
from horarium.ports.action import Stream
from tests.house.paths import ROOT
from tests.integration.http_fixtures import Output, call, called, doing, error, free_port
from tests.needs import missing
from tests.sink import Sink

SHORT = Limits(connect_seconds=5, first_byte_seconds=0.2, total_seconds=0.5)


async def test_nobody_listens() -> None:
    port = free_port()
    assert await call(f"http://127.0.0.1:{port}/") == error(f"connection refused: 127.0.0.1:{port}")


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 64 + ".invalid"])
async def test_no_such_host(host: str) -> None:
    async def nothing(name: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with doing(lookup=nothing) as doer:
        assert await called(doer, f"http://{host}/") == error(f"no such host: {host}")


async def test_the_name_service_is_away() -> None:
    async def away(name: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    async with doing(lookup=away) as doer:
        assert await called(doer, "http://some.test/") == error("the name service does not answer for some.test")


async def test_no_connection_in_time() -> None:
    async def never(name: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        raise AssertionError

    async with doing(Limits(connect_seconds=0.1), lookup=never) as doer:
        assert await called(doer, "http://slow.test/") == error("no connection within 0.1 s")


async def test_no_first_byte_in_time(server: Sink) -> None:
    ended = await call(server.url("/silent"), Limits(first_byte_seconds=0.1))
    assert ended == error("no first byte within 0.1 s")


async def test_a_body_may_pause_for_longer_than_the_first_byte_took(server: Sink) -> None:
    output = Output()
    ended = await call(server.url("/pause?seconds=0.5"), Limits(first_byte_seconds=0.2), output)
    assert ended == Succeeded(http_status=200)
    assert output.data == b"before after"


@pytest.mark.parametrize("path", ["/slow", "/slowhead", "/hints"])
async def test_a_dribble_ends_with_the_whole_time(server: Sink, path: str) -> None:
    assert await call(server.url(path), SHORT) == error("not finished within 0.5 s")


@pytest.mark.parametrize("path", ["/slowhead", "/hints"])
async def test_a_head_that_never_ends(server: Sink, path: str) -> None:
    ended = await call(server.url(path), Limits(connect_seconds=0.5, first_byte_seconds=0.5))
    assert ended == error("no complete head within 1 s")


async def test_a_body_that_breaks_off(server: Sink) -> None:
    output = Output()
    ended = await call(server.url("/half"), output=output)
    what = "the body broke off: Not enough data to satisfy content length header (received 50 of 100 bytes)."
    assert ended == error(what, 200)
    assert output.data == b"h" * 50


async def test_a_malformed_body_ends_at_once(server: Sink) -> None:
    output = Output()
    ended = await call(server.url("/badchunk"), output=output)
    assert isinstance(ended, Failed)
    assert ended.http_status == 200
    assert str(ended.detail).startswith("the body broke off: Invalid character in chunk size")
    assert output.data == b"chunk"


async def test_a_server_that_hangs_up_is_asked_once(server: Sink) -> None:
    assert await call(server.url("/hangup")) == error("the server closed the connection without an answer")
    assert server.count("/hangup") == 1


@pytest.mark.parametrize("path", ["/bighead", "/manyhead"])
async def test_a_head_is_bounded(server: Sink, path: str) -> None:
    ended = await call(server.url(path))
    assert isinstance(ended, Failed)
    assert str(ended.detail).startswith("the answer is not acceptable HTTP: ")
    assert len(str(ended.detail)) <= DETAIL_MAX


@pytest.mark.parametrize("path", ["/huge", "/endless", "/bomb"])
async def test_a_body_is_bounded_after_decompression(server: Sink, path: str) -> None:
    output = Output()
    assert await call(server.url(path), output=output) == error("the body is larger than 16 MiB", 200)
    assert len(output.data) == BODY_BYTES_MAX


async def test_a_body_of_exactly_the_bound_is_fine(server: Sink) -> None:
    assert await call(server.url("/ok"), Limits(body_bytes=2)) == Succeeded(http_status=200)
    output = Output()
    assert await call(server.url("/ok"), Limits(body_bytes=1), output) == error("the body is larger than 1 bytes", 200)
    assert output.data == b"o"


async def test_an_unexpected_status_outweighs_a_body_too_large(server: Sink) -> None:
    ended = await call(server.url("/status/500"), Limits(body_bytes=3))
    assert isinstance(ended, Failed)
    assert ended.reason == "http_status"


async def test_nothing_parses_the_answer(server: Sink) -> None:
    output = Output()
    assert await call(server.url("/deepjson"), output=output) == Succeeded(http_status=200)
    assert len(output.data) == 400_000


@pytest.mark.parametrize("url", ["http://4294967296/?token=secret", "http://1.2.3.4.5/?token=secret"])
async def test_a_url_that_cannot_be_called_and_keeps_its_secrets(url: str) -> None:
    ended = await call(url)
    assert isinstance(ended, Failed)
    assert ended.detail
    assert "secret" not in ended.detail


async def test_a_header_that_cannot_be_sent_fails_the_run(server: Sink) -> None:
    ended = await call(server.url("/ok"), headers={"X-Bad": "\x01"})
    assert isinstance(ended, Failed)
    assert str(ended.detail).startswith("the request cannot be sent: ")


async def test_cancelling_closes_the_connection(server: Sink) -> None:
    output = Output()
    async with doing() as doer:
        run = asyncio.create_task(called(doer, server.url("/slow"), output))
        while not output.data:  # noqa: ASYNC110 - the fact is the server's
            await asyncio.sleep(0.01)
        assert server.open_answers == 1
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        while server.open_answers:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert await called(doer, server.url("/ok")) == Succeeded(http_status=200)


async def test_a_slow_output_slows_the_reading(server: Sink) -> None:
    """The sink's back-pressure reaches the server, so that nothing piles up in between."""
    gate = asyncio.Event()
    begun = asyncio.Event()

    class Waiting(Output):
        async def write(self, stream: Stream, data: bytes) -> None:
            begun.set()
            await gate.wait()
            await super().write(stream, data)

    output = Waiting()
    async with doing() as doer:
        run = asyncio.create_task(called(doer, server.url("/endless"), output))
        await begun.wait()
        assert not output.data
        gate.set()
        assert await run == error("the body is larger than 16 MiB", 200)


RSS_GROWTH_MAX = 50 * 1024 * 1024
CHILD = """
import asyncio, json, sys
from datetime import UTC, datetime
import uvloop
from horarium.actions.address_guard import Guard
from horarium.actions.http import HttpDoer, Limits
from horarium.core.action import Http
from horarium.ports.action import Identity

class Nowhere:
    async def write(self, stream, data): pass

def peak():
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))

async def main(first, *urls):
    me = Identity(run_id=bytes(16), attempt=1, fence=1, due_at=datetime(2027, 1, 1, tzinfo=UTC), task_name="t")
    doer = HttpDoer(Guard(), Limits(total_seconds=5))
    await doer.start()
    await doer.do(Http(kind="http", url=first), me, Nowhere())
    before = peak()
    ended = await asyncio.gather(*(doer.do(Http(kind="http", url=url), me, Nowhere()) for url in urls))
    print(json.dumps([peak() - before, [type(one).__name__ for one in ended]]))
    await doer.close()

uvloop.run(main(*sys.argv[1:]))
"""


async def test_no_answer_costs_memory(server: Sink) -> None:
    if sys.platform != "linux":
        missing("/proc", "run this test on Linux")
    paths = (
        "/huge",
        "/endless",
        "/bomb",
        "/bighead",
        "/manyhead",
        "/hints",
        "/slow",
        "/slowhead",
        "/half",
        "/badchunk",
    )
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHILD, *map(server.url, ("/ok", *paths))), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await child.communicate()
    grown, ended = json.loads(printed)
    assert ended == ["Failed"] * len(paths)
    assert grown < RSS_GROWTH_MAX
