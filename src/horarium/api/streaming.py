"""An answer that goes on for as long as its reader stays."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final, Generic, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

T = TypeVar("T")

EVENT_STREAM: Final = "text/event-stream"
TAKEN_SECONDS_MAX: Final = 20.0
"""A reader that has not taken a piece for this long is hung up on."""


class EventStream(Response, Generic[T]):
    """Server-sent events whose data has the shapes T. The first piece is sent whatever becomes of the reader."""

    media_type = EVENT_STREAM

    def __init__(self, pieces: AsyncGenerator[bytes, None], end: Callable[[], Awaitable[None]]) -> None:
        """`end` is called whatever becomes of the answer."""
        super().__init__()
        self._pieces = pieces
        self._end = end
        # nginx would hold back what it takes for a small file.
        self.raw_headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._sent(send, await anext(self._pieces))
            flowing = asyncio.create_task(self._flow(send))
            leaving = asyncio.create_task(_left(receive))
            try:
                await asyncio.wait((flowing, leaving), return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (flowing, leaving):
                    task.cancel()
                await asyncio.wait((flowing, leaving))
            if not flowing.cancelled() and (fault := flowing.exception()) is not None:
                raise fault
        finally:
            await self._pieces.aclose()
            await self._end()

    async def _flow(self, send: Send) -> None:
        with contextlib.suppress(TimeoutError):
            async for piece in self._pieces:
                await self._sent(send, piece)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _sent(self, send: Send, piece: bytes) -> None:
        async with asyncio.timeout(TAKEN_SECONDS_MAX):
            await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _left(receive: Receive) -> None:
    """Returns when the reader has gone."""
    while (await receive())["type"] != "http.disconnect":  # ends with the connection
        continue
