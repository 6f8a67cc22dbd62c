"""The engine's side of the guardian: starts it, speaks its protocol, replaces it when it dies."""

import array
import asyncio
import os
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from horarium.actions import guardian as wire

PROGRAM: Final = str(Path(wire.__file__))
CLOSE_SECONDS_MAX: Final = wire.CLOSING_GRACE + 7.0
SWEEP_SECONDS_MAX: Final = 5.0
DEATHS_MAX: Final = 3
"""Guardians that die in a row without one process having ended; after that at most one is started per pause."""
LAUNCH_PAUSE_SECONDS: Final = 10.0
RECEIVE_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Exited:
    """The process is gone. A negative `code` is the signal that killed it."""

    code: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It could not be started; the system says why."""

    text: str


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The guardian died; what it ran has been killed."""


Ending: TypeAlias = Exited | Refused | Abandoned


class GuardianAway(Exception):
    """No guardian can be had at present; the message says why."""


class Process:
    """One process asked for. `marks` are the HORARIUM_RUN_ID it and its children carry; `pid` is known once it has started.

    `when_running` is called for a process that has not ended within a few milliseconds of its start.
    """

    __slots__ = ("ended", "marks", "number", "pid", "when_running")

    def __init__(self, number: int, marks: Sequence[bytes], ended: asyncio.Future[Ending]) -> None:
        self.number = number
        self.marks = list(marks)
        self.ended = ended
        self.pid: int | None = None
        self.when_running: Callable[[], None] | None = None


class Guardian:
    """At any time one guardian process. `launch` needs no event loop; all else belongs to the loop that first spawns."""

    def __init__(self, lock: int | None) -> None:
        self._lock = lock
        self._number = 0
        self._processes: dict[int, Process] = {}
        self._deaths = 0
        self._paused_until = 0.0
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._recovery: asyncio.Task[None] | None = None
        self._gone: asyncio.Future[None] | None = None
        self._swept: asyncio.Future[None] | None = None
        self._open()

    @classmethod
    def launch(cls, lock: int | None = None) -> "Guardian":
        """Start the process, early, while this one is small. It shares the flock of `lock`, which must stay open here."""
        return cls(lock)

    @property
    def pid(self) -> int:
        """Of the guardian process."""
        return self._child.pid

    async def spawn(
        self, *, argv: Sequence[str], environment: Mapping[str, str], folder: str, descriptors: Sequence[int], mark: str
    ) -> Process:
        """Ask for a process whose 1, 2 (and 3) are `descriptors`, which are closed here whatever happens.

        Raises GuardianAway, and ValueError for text that no program can be given.
        """
        try:
            texts = [folder, *argv, *[f"{name}={value}" for name, value in environment.items()]]
            payload = "\0".join(texts).encode("utf-8", "surrogateescape")
            if payload.count(b"\0") >= len(texts):
                raise ValueError("NUL cannot be passed to a program")
            if self._loop is None or self._recovery is not None or self._link is None:
                await self._ready()
            assert self._loop is not None
            self._number = number = self._number % 0xFFFF_FFFF + 1
            process = Process(number, [mark.encode()], self._loop.create_future())
            self._processes[number] = process
            self._send(wire.SPAWN, number, wire.SPAWN_HEAD.pack(len(descriptors), len(argv)) + payload, descriptors)
            descriptors = ()
        finally:
            _close_all(descriptors)
        return process

    def stop(self, process: Process, grace_seconds: float) -> None:
        """TERM now, KILL after the grace: the process, its group, its descendants and its marks. `ended` waits for them all."""
        if process.number in self._processes and self._link is not None and self._recovery is None:
            self._send(
                wire.STOP, process.number, wire.STOP_HEAD.pack(int(grace_seconds * 1000)) + b"\0".join(process.marks)
            )

    def left_behind(self, process: Process) -> bool:
        """Whether something that this process forked is still there. It must have started; asked often, so it is quick."""
        assert process.pid is not None
        started = {other.pid for other in self._processes.values() if other.pid is not None}
        return wire.left_behind(process.pid, self.pid, started, set(process.marks))

    async def close(self) -> None:
        """End it. It first ends every process left, by TERM and soon KILL."""
        self._closing = True
        if self._recovery is not None:
            await asyncio.wait({self._recovery})
        if self._link is not None:
            self._loop = self._loop or asyncio.get_running_loop()
            self._gone = self._loop.create_future()
            self._attach()
            self._link.shutdown(socket.SHUT_WR)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._gone), CLOSE_SECONDS_MAX)
            if self._link is not None:
                self._detach()
                return
        self._child.wait()

    def _open(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        shared = () if self._lock is None else (self._lock,)
        with theirs:
            self._child = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    PROGRAM,
                    str(theirs.fileno()),
                    str(-1 if self._lock is None else self._lock),
                ],
                # Nothing of ours is to be read in /proc by the commands it is the parent of.
                env={name: os.environ[name] for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), *shared),
                start_new_session=True,
                cwd="/",
            )
        ours.setblocking(False)
        self._link: socket.socket | None = ours
        self._received = bytearray()
        self._newcomers: list[Process] = []
        self._unsent = deque[tuple[bytes, Sequence[int]]]()
        self._attached = False

    async def _ready(self) -> None:
        self._loop = self._loop or asyncio.get_running_loop()
        if self._closing:
            raise GuardianAway("the command guardian is closing")
        if self._link is None and self._recovery is None:
            if self._deaths > DEATHS_MAX and self._loop.time() < self._paused_until:
                raise GuardianAway("the command guardian does not stay up")
            self._recovery = self._loop.create_task(self._recover([]))
        if self._recovery is not None:
            await asyncio.wait({self._recovery})
        if self._link is None:
            raise GuardianAway("the command guardian cannot be started")
        self._attach()

    def _attach(self) -> None:
        if not self._attached and self._link is not None and self._loop is not None:
            self._attached = True
            self._loop.add_reader(self._link.fileno(), self._receive)

    def _detach(self) -> None:
        assert self._link is not None
        if self._loop is not None:
            self._loop.remove_reader(self._link.fileno())
            self._loop.remove_writer(self._link.fileno())
        self._link.close()
        self._link = None
        for _, descriptors in self._unsent:
            _close_all(descriptors)
        self._unsent.clear()

    def _send(self, kind: int, number: int, payload: bytes, descriptors: Sequence[int] = ()) -> None:
        assert self._loop is not None and self._link is not None
        self._unsent.append((wire.HEADER.pack(len(payload), kind, number) + payload, descriptors))
        if len(self._unsent) == 1 and not self._flush():
            self._loop.add_writer(self._link.fileno(), self._flush_more)

    def _flush_more(self) -> None:
        if self._flush() and self._loop is not None and self._link is not None:
            self._loop.remove_writer(self._link.fileno())

    def _flush(self) -> bool:
        """Whether nothing is left to send. A guardian that is gone shows itself to the reader."""
        assert self._link is not None
        while self._unsent:
            frame, descriptors = self._unsent[0]
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
            try:
                sent = self._link.sendmsg([frame], rights)
            except BlockingIOError:
                return False
            except OSError:
                sent = len(frame)
            # The descriptors went with the first byte.
            _close_all(descriptors)
            if sent < len(frame):
                self._unsent[0] = (frame[sent:], ())
            else:
                self._unsent.popleft()
        return True

    def _receive(self) -> None:
        assert self._link is not None
        try:
            data = self._link.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lost()
            return
        self._received += data
        start = 0
        while len(self._received) - start >= wire.HEADER.size:
            size, kind, number = wire.HEADER.unpack_from(self._received, start)
            end = start + wire.HEADER.size + size
            if len(self._received) < end:
                break
            self._heard(kind, number, bytes(self._received[start + wire.HEADER.size : end]))
            start = end
        del self._received[:start]
        for process in self._newcomers:
            if process.when_running is not None and not process.ended.done():
                process.when_running()
        self._newcomers.clear()

    def _heard(self, kind: int, number: int, payload: bytes) -> None:
        if kind == wire.STARTED:
            process = self._processes[number]
            (process.pid,) = wire.NUMBER.unpack(payload)
            self._newcomers.append(process)
        elif kind == wire.EXITED:
            self._deaths = 0
            (code,) = wire.NUMBER.unpack(payload)
            self._end(self._processes.pop(number), Exited(code))
        elif kind == wire.REFUSED:
            self._end(self._processes.pop(number), Refused(payload[wire.NUMBER.size :].decode()))
        elif kind == wire.SWEPT and self._swept is not None and not self._swept.done():
            self._swept.set_result(None)

    @staticmethod
    def _end(process: Process, ending: Ending) -> None:
        if not process.ended.done():
            process.ended.set_result(ending)

    def _lost(self) -> None:
        """The guardian ended. Unless we asked for it, start another, which kills what this one left behind."""
        assert self._loop is not None
        self._detach()
        orphans = list(self._processes.values())
        self._processes.clear()
        for waiting in (self._gone, self._swept):
            if waiting is not None and not waiting.done():
                waiting.set_result(None)
        if self._closing:
            for process in orphans:
                self._end(process, Abandoned())
            return
        self._deaths += 1
        self._paused_until = self._loop.time() + LAUNCH_PAUSE_SECONDS
        if self._recovery is None:
            self._recovery = self._loop.create_task(self._recover(orphans))
        else:
            assert not orphans, "nothing is spawned while a guardian is being replaced"

    async def _recover(self, orphans: Sequence[Process]) -> None:
        assert self._loop is not None
        try:
            self._child.wait()
            if not orphans or self._deaths <= DEATHS_MAX:
                self._open()
                self._attach()
                self._swept = self._loop.create_future()
                pids = [process.pid for process in orphans if process.pid is not None]
                marks = b"\0".join(mark for process in orphans for mark in process.marks)
                self._send(
                    wire.SWEEP, 0, wire.SWEEP_HEAD.pack(len(pids)) + struct.pack(f"<{len(pids)}i", *pids) + marks
                )
                async with asyncio.timeout(SWEEP_SECONDS_MAX):
                    await self._swept
        except (OSError, TimeoutError):
            pass  # no process to be had: `spawn` says so
        finally:
            self._recovery = self._swept = None
            for process in orphans:
                self._end(process, Abandoned())


def _close_all(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
