"""An answer that goes on: what becomes of it when its reader leaves, stalls, or when its source fails."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from starlette.types import Message

from horarium.api import streaming
from horarium.api.streaming import EventStream


class Exchange:
    """A reader; it leaves when told to, and takes nothing more once it stalls."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.leaves = asyncio.Event()
        self.stalled = False
        self.ended = 0

    async def receive(self) -> Message:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.stalled:
            await asyncio.Event().wait()
        self.sent.append(message)

    async def end(self) -> None:
        self.ended += 1

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)

    async def takes(self, pieces: AsyncGenerator[bytes, None]) -> None:
        stream: EventStream[Any] = EventStream(pieces, self.end)
        await asyncio.wait_for(stream({"type": "http"}, self.receive, self.send), 5)


async def counted(most: int = 1_000_000) -> AsyncGenerator[bytes, None]:
    for n in range(most):
        yield b"%d," % n
        await asyncio.sleep(0.001)


async def test_a_stream_that_ends_is_a_whole_answer() -> None:
    reader = Exchange()
    await reader.takes(counted(3))
    assert reader.body == b"0,1,2,"
    assert reader.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert reader.ended == 1


async def test_a_reader_that_leaves_ends_it() -> None:
    reader = Exchange()
    asyncio.get_running_loop().call_later(0.05, reader.leaves.set)
    await reader.takes(counted())
    assert reader.body.startswith(b"0,1,")
    assert reader.ended == 1


async def test_a_reader_that_has_left_before_gets_the_first_piece_all_the_same() -> None:
    reader = Exchange()
    reader.leaves.set()
    await reader.takes(counted())
    assert reader.body.startswith(b"0,")
    assert reader.ended == 1


async def test_a_reader_that_stalls_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "TAKEN_SECONDS_MAX", 0.05)
    reader = Exchange()

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"first"
        reader.stalled = True
        yield b"second"

    await reader.takes(pieces())
    assert (reader.body, reader.ended) == (b"first", 1)


async def test_a_fault_is_not_swallowed() -> None:
    reader = Exchange()

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"first"
        raise RuntimeError("a mistake of ours")

    with pytest.raises(RuntimeError, match="a mistake of ours"):
        await reader.takes(pieces())
    assert reader.ended == 1
