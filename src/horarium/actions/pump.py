"""Carries what a process writes into a run's sink, while it runs and just after."""

import asyncio
import fcntl
import os
import re
import struct
import termios
import unicodedata
from collections import deque
from typing import Any, Final

from horarium.core.outcome import DETAIL_MAX
from horarium.ports.action import Sink, Stream

READ_BYTES: Final = 65_536
PENDING_BYTES_MAX: Final = 131_072
"""What may wait in memory for the sink; beyond it reading pauses, the pipe fills, and the process waits."""
IDLE_SECONDS_MAX: Final = 0.2
AFTER_SECONDS_MAX: Final = 1.0
"""How long an ended process's pipes are still read when something else keeps them open."""
TAIL_BYTES: Final = 4_096


class Pipe:
    """One stream of a process. `theirs` goes to the process; `ours` is closed at its end."""

    __slots__ = ("ours", "reading", "stream", "theirs")

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.ours, self.theirs = os.pipe()
        os.set_blocking(self.ours, False)
        self.reading = False


class Pump:
    """Both pipes of one process. Whoever passes `take()` to the process owns those descriptors; `close` closes the rest."""

    def __init__(self, output: Sink) -> None:
        self._output = output
        self._loop = asyncio.get_running_loop()
        self._open: list[Pipe] = []
        self._pending = deque[tuple[Stream, bytes]]()
        self._waiting = 0
        self._listening = False
        self._woken: asyncio.Future[None] | None = None
        self._tails: dict[Stream, bytes] = {}
        self._spoke_last: Stream = "stdout"
        try:
            self._open.append(Pipe("stdout"))
            self._open.append(Pipe("stderr"))
        except OSError:
            self.close()
            raise

    def take(self) -> list[int]:
        """The ends for the process, once."""
        taken = [pipe.theirs for pipe in self._open]
        for pipe in self._open:
            pipe.theirs = -1
        return taken

    def listen(self) -> None:
        """Read while the process runs. One that ends at once is cheaper read at its end."""
        self._listening = True
        self._read_on()

    async def run(self, ended: "asyncio.Future[Any]") -> None:
        """Until `ended` is done and all that was written by then is in the sink. May be called again after a cancellation."""
        ended.add_done_callback(self._wake)
        try:
            while not ended.done():
                if self._listening and self._waiting < PENDING_BYTES_MAX:
                    self._read_on()
                if self._pending:
                    await self._pass_on()
                else:
                    self._woken = self._loop.create_future()
                    await self._woken
        finally:
            ended.remove_done_callback(self._wake)
            self._pause()
        await self._drain()

    def close(self) -> None:
        """Let go of the pipes; a process that still writes gets SIGPIPE."""
        self._pause()
        for pipe in self._open:
            os.close(pipe.ours)
            if pipe.theirs >= 0:
                os.close(pipe.theirs)
        self._open.clear()

    def last_line(self) -> str | None:
        """The last line written that is not blank, fit to be shown."""
        lines = [line for line in re.split(rb"[\r\n]+", self._tails.get(self._spoke_last, b"")) if line.strip()]
        return plain(lines[-1].decode("utf-8", "replace")) or None if lines else None

    def _read_on(self) -> None:
        for pipe in self._open:
            if not pipe.reading:
                pipe.reading = True
                self._loop.add_reader(pipe.ours, self._readable, pipe)

    def _pause(self) -> None:
        for pipe in self._open:
            if pipe.reading:
                pipe.reading = False
                self._loop.remove_reader(pipe.ours)

    def _wake(self, _: object = None) -> None:
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

    def _readable(self, pipe: Pipe) -> None:
        self._read(pipe)
        if self._waiting >= PENDING_BYTES_MAX:
            self._pause()
        if self._pending:
            self._wake()

    def _read(self, pipe: Pipe) -> int:
        """How many bytes there were; at the end of the stream the pipe is closed."""
        try:
            data = os.read(pipe.ours, READ_BYTES)
        except BlockingIOError:
            return 0
        if data:
            self._pending.append((pipe.stream, data))
            self._waiting += len(data)
            return len(data)
        if pipe.reading:
            pipe.reading = False
            self._loop.remove_reader(pipe.ours)
        self._open.remove(pipe)
        os.close(pipe.ours)
        if pipe.theirs >= 0:
            os.close(pipe.theirs)
        return 0

    async def _pass_on(self) -> None:
        while self._pending:
            stream, data = self._pending.popleft()
            self._waiting -= len(data)
            self._tails[stream] = (self._tails.get(stream, b"") + data[-TAIL_BYTES:])[-TAIL_BYTES:]
            if not data.isspace():
                self._spoke_last = stream
            await self._output.write(stream, data)

    async def _drain(self) -> None:
        """What was in the pipes when the process ended is read whatever it takes; what comes later only for a moment."""
        owed = sum(_readable_bytes(pipe.ours) for pipe in self._open)
        until = self._loop.time() + AFTER_SECONDS_MAX
        while self._open:
            before = self._waiting
            for pipe in list(self._open):
                owed -= self._read(pipe)
            came = self._waiting > before
            await self._pass_on()
            owed = owed if came else 0
            left = until - self._loop.time()
            if owed <= 0 and (
                left <= 0 or (self._open and not came and not await self._more(min(left, IDLE_SECONDS_MAX)))
            ):
                break
        await self._pass_on()

    async def _more(self, seconds: float) -> bool:
        """Whether one of the pipes becomes readable within that time."""
        self._woken = self._loop.create_future()
        for pipe in self._open:
            self._loop.add_reader(pipe.ours, self._wake)
        try:
            async with asyncio.timeout(seconds):
                await self._woken
        except TimeoutError:
            return False
        finally:
            for pipe in self._open:
                self._loop.remove_reader(pipe.ours)
        return True


def plain(text: str) -> str:
    """One line without control characters, at most DETAIL_MAX long."""
    text = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?", "", text)
    text = " ".join(text.split())
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Zl", "Zp", "Cs"))
    return text if len(text) <= DETAIL_MAX else text[: DETAIL_MAX - 1] + "…"


def _readable_bytes(descriptor: int) -> int:
    (size,) = struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0\0\0\0"))
    return int(size)
