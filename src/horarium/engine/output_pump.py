"""Takes what attempts write: numbers it, keeps head and tail, limits the rate, and stores it in shared batches."""

import asyncio
from collections import deque
from datetime import datetime
from typing import Protocol

import structlog

from horarium.core.errors import StoreAway
from horarium.core.ids import RunId
from horarium.core.output import HEAD_BYTES, PIECE_BYTES_MAX, RATE_BYTES_PER_SECOND, TAIL_BYTES, Piece, Place, append
from horarium.core.page import Chunk
from horarium.ports.action import Stream
from horarium.ports.clock import Clock
from horarium.ports.store import OutputStore

FLUSH_SECONDS = 0.25
"""How long output of a run that goes on may stay in memory: a follower reads 4 times a second."""
BURST_BYTES = RATE_BYTES_PER_SECOND // 4
"""What may come at once before the rate cap holds a writer back."""

log = structlog.get_logger()


class Written(Protocol):
    """What one attempt has written, as the writer takes it."""

    run_id: RunId
    attempt: int
    lost: bool
    """Whether some of it could not be stored."""

    def take(self) -> list[Chunk]:
        """What is to be stored now."""
        ...

    def outgrown(self) -> tuple[int, int] | None:
        """The stretch after the head that is no longer the tail, when it has grown since room was made last."""
        ...

    def made_room(self, outgrown: tuple[int, int]) -> None:
        """The store has dropped it."""
        ...


class OutputWriter:
    """Stores the pieces of all attempts together: whoever flushes while a write is under way shares the next one."""

    def __init__(self, *, store: OutputStore, clock: Clock) -> None:
        self._store = store
        self.clock = clock
        self._dirty: dict[Written, None] = {}
        self._writing: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def said(self, run_id: RunId, attempt: int, at: datetime, data: bytes) -> Written:
        """All that an attempt writes, at once."""
        written: Said | OutputPump
        if 0 < len(data) <= PIECE_BYTES_MAX:
            written = Said(run_id, attempt, Chunk(offset=0, stream="stdout", at=at, first_line=1, data=data))
            self.soon(written)
        else:
            written = OutputPump(self, run_id, attempt)
            written.put("stdout", at, data)
        return written

    def soon(self, written: Written) -> None:
        """It is stored within FLUSH_SECONDS and the write before it."""
        self._dirty[written] = None
        if self._timer is None and self._next is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self._enqueue)

    async def flush(self) -> None:
        """Everything given until now is stored when this returns, or reported as lost in the log."""
        if self._dirty:
            await asyncio.shield(self._enqueue())
        elif self._writing is not None:
            await asyncio.shield(self._writing)

    def _enqueue(self) -> "asyncio.Task[None]":
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._write(self._writing))
        return self._next

    async def _write(self, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait((before,))
        self._writing, self._next = self._next, None
        dirty, self._dirty = list(self._dirty), {}
        taken = [(pump.run_id, pump.attempt, chunk) for pump in dirty for chunk in pump.take()]
        try:
            if taken:
                await self._store.add_output(taken)
            await self._make_room(dirty)
        except Exception:  # whatever became of it, its runs must get their ends
            log.exception("output could not be stored and is lost", pieces=len(taken))
            for pump in dirty:
                pump.lost = True
        finally:
            self._writing = None

    async def _make_room(self, pumps: list[Written]) -> None:
        for pump in pumps:
            if (outgrown := pump.outgrown()) is not None:
                try:
                    await self._store.drop_output(pump.run_id, pump.attempt, *outgrown)
                except StoreAway as away:
                    log.warning("output that outgrew the tail stays until the next write", cause=str(away))
                    return
                pump.made_room(outgrown)


class Said:
    """One piece, and nothing after it."""

    __slots__ = ("_chunks", "attempt", "lost", "run_id")

    def __init__(self, run_id: RunId, attempt: int, chunk: Chunk) -> None:
        self.run_id = run_id
        self.attempt = attempt
        self.lost = False
        self._chunks = [chunk]

    def take(self) -> list[Chunk]:
        taken, self._chunks = self._chunks, []
        return taken

    def outgrown(self) -> tuple[int, int] | None:
        return None

    def made_room(self, outgrown: tuple[int, int]) -> None:
        raise AssertionError("one piece never outgrows the tail")


class OutputPump:
    """The sink of one attempt."""

    def __init__(self, writer: OutputWriter, run_id: RunId, attempt: int) -> None:
        self._writer = writer
        self.run_id = run_id
        self.attempt = attempt
        self._place = Place()
        self._pieces: deque[Piece] = deque()
        self._pending_tail = 0
        self._kept: deque[tuple[int, int]] = deque()
        self._kept_bytes = 0
        self._dropped_to = HEAD_BYTES
        self._told_to = HEAD_BYTES
        self.lost = False
        self._allowance = float(BURST_BYTES)
        self._allowed_at: float | None = None

    @property
    def size(self) -> int:
        """Bytes written so far, kept or not."""
        return self._place.offset

    async def write(self, stream: Stream, data: bytes) -> None:
        self.put(stream, self._writer.clock.now(), data)
        await self._hold_back(len(data))

    def put(self, stream: Stream, at: datetime, data: bytes) -> None:
        """The same, not held back."""
        last = self._pieces[-1] if self._pieces else None
        begun = max(self._place.offset, HEAD_BYTES)
        for piece in append(last, self._place, stream, at, data):
            self._pieces.append(piece)
        self._pending_tail += max(0, self._place.offset - begun)
        self._trim()
        self._writer.soon(self)

    def take(self) -> list[Chunk]:
        taken, self._pieces, self._pending_tail = self._pieces, deque(), 0
        for piece in taken:
            if piece.offset >= HEAD_BYTES:
                self._kept.append((piece.offset, len(piece.data)))
                self._kept_bytes += len(piece.data)
        while self._kept and self._kept_bytes - self._kept[0][1] >= TAIL_BYTES:
            offset, length = self._kept.popleft()
            self._kept_bytes -= length
            self._dropped_to = max(self._dropped_to, offset + length)
        return [
            Chunk(
                offset=p.offset,
                stream="stderr" if p.stream == "stderr" else "stdout",
                at=p.at,
                first_line=p.first_line,
                data=bytes(p.data),
            )
            for p in taken
        ]

    def outgrown(self) -> tuple[int, int] | None:
        return None if self._dropped_to == self._told_to else (HEAD_BYTES, self._dropped_to)

    def made_room(self, outgrown: tuple[int, int]) -> None:
        self._told_to = outgrown[1]

    def _trim(self) -> None:
        """Pieces that would leave the tail before they are even stored are not stored."""
        while self._pieces and self._pieces[0].offset >= HEAD_BYTES:
            if self._pending_tail - len(self._pieces[0].data) < TAIL_BYTES:
                return
            gone = self._pieces.popleft()
            self._pending_tail -= len(gone.data)
            self._dropped_to = max(self._dropped_to, gone.end)
            self._kept.clear()
            self._kept_bytes = 0

    async def _hold_back(self, count: int) -> None:
        clock = self._writer.clock
        now = clock.monotonic()
        if self._allowed_at is not None:
            earned = (now - self._allowed_at) * RATE_BYTES_PER_SECOND
            self._allowance = min(BURST_BYTES, self._allowance + earned)
        self._allowed_at = now
        self._allowance -= count
        if self._allowance < 0:
            await clock.sleep(-self._allowance / RATE_BYTES_PER_SECOND)
