"""Carries out `python`: a function called in a child process, which is kept for the next call.

A child keeps what it has imported, so that a call costs a millisecond and not an interpreter's start; an edited module is
seen once the child is old (`CHILD_SECONDS_MAX`). One whose function left processes behind is ended with them. Its module path
is that of the service's Python, and PYTHONPATH where the service has one; its folder is HOME, which is not on the module path.
"""

import asyncio
import json
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from horarium.actions import python_child
from horarium.actions.command import (
    ABANDONED,
    KILL_SECONDS_MAX,
    STOP_GRACE_SECONDS,
    base_environment,
    folder_of,
    not_begun,
    signal_name,
    stopped,
)
from horarium.actions.guardian_client import Abandoned, Exited, Guardian, GuardianAway, Process, Refused
from horarium.actions.pump import Pump, plain
from horarium.core.action import Action, PythonCall
from horarium.core.ids import to_ulid
from horarium.core.outcome import Ended, Failed, Succeeded
from horarium.ports.action import Identity, Sink

IDLE_CHILDREN_MAX: Final = 4
CALLS_PER_CHILD_MAX: Final = 100
CHILD_SECONDS_MAX: Final = 60.0
"""After this age no new call is given to a child, so that edited modules are seen and an idle one gives its memory back."""
PROGRAM: Final = str(Path(python_child.__file__))


class Child:
    """One child process and our end of its socket."""

    __slots__ = ("begun", "calls", "control", "old", "process")

    def __init__(self, process: Process, control: socket.socket) -> None:
        self.process = process
        self.control = control
        self.calls = 0
        self.old: asyncio.TimerHandle | None = None
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done once its process's number is known, mostly long before its first answer."""
        process.when_running = lambda: self.begun.set_result(None)

    async def known(self) -> bool:
        """Whether its process's number is known and it lives."""
        if self.process.pid is None and not self.process.ended.done():
            waiting: set[asyncio.Future[Any]] = {self.begun, self.process.ended}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return not self.process.ended.done()

    async def ask(self, request: bytes, descriptors: list[int]) -> dict[str, Any] | None:
        """Its answer, or None where it ended instead. The descriptors are closed here."""
        loop = asyncio.get_running_loop()
        length = python_child.LENGTH_BYTES
        try:
            try:
                socket.send_fds(self.control, [len(request).to_bytes(length, "big")], descriptors)
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)
            await loop.sock_sendall(self.control, request)
            received = bytearray()
            while len(received) < length or len(received) < length + int.from_bytes(received[:length], "big"):
                if not (part := await loop.sock_recv(self.control, 65_536)):
                    return None
                received += part
        except OSError:
            return None
        answer: dict[str, Any] = json.loads(received[length:])
        return answer


class PythonDoer:
    """Keeps at most `IDLE_CHILDREN_MAX` children waiting; how many work at once is the worker's slots' business."""

    def __init__(
        self,
        guardian: Guardian,
        *,
        service_environment: Mapping[str, str] = os.environ,
        stop_grace_seconds: float = STOP_GRACE_SECONDS,
    ) -> None:
        self._guardian = guardian
        self._base = base_environment(service_environment)
        if path := service_environment.get("PYTHONPATH"):
            self._base["PYTHONPATH"] = path
        self._folder = folder_of(self._base)
        self._grace = stop_grace_seconds
        self._idle: list[Child] = []
        self._number = 0
        self._closed = False

    async def start(self) -> None:
        """Nothing: children are started when they are needed."""

    async def do(self, action: Action, identity: Identity, output: Sink) -> Ended:
        assert isinstance(action, PythonCall)
        request = json.dumps(
            {
                "function": action.function,
                "args": action.args,
                "kwargs": action.kwargs,
                "environment": dict(identity.environment()),
            }
        ).encode()
        try:
            pump = Pump(output)
        except OSError as none_left:
            return not_begun(none_left)
        try:
            try:
                child = await self._take()
            except (GuardianAway, OSError, ValueError) as why:
                return not_begun(why)
            return await self._call(child, request, to_ulid(identity.run_id), pump)
        finally:
            pump.close()

    async def close(self) -> None:
        """End the idle children."""
        self._closed = True
        idle, self._idle = self._idle, []
        for child in idle:
            self._retire(child)
        if idle:
            await asyncio.wait({child.process.ended for child in idle}, timeout=self._grace + KILL_SECONDS_MAX)

    async def _call(self, child: Child, request: bytes, mark: str, pump: Pump) -> Ended:
        child.calls += 1
        child.process.marks.append(mark.encode())
        answered = asyncio.ensure_future(child.ask(request, pump.take()))
        pump.listen()
        try:
            await pump.run(answered)
            answer = answered.result()
            if answer is None:
                return await self._why(child)
            tidy = await child.known() and not self._guardian.left_behind(child.process)
        except BaseException:
            answered.cancel()
            await stopped(self._guardian, child.process, pump, self._grace)
            self._retire(child)
            raise
        if tidy:
            del child.process.marks[1:]
            self._give_back(child)
        else:
            # What the function forked goes with the child, by TERM and later KILL: it would hold the next call's descriptors.
            self._retire(child)
        return Failed(reason="error", detail=plain(answer["error"])) if "error" in answer else Succeeded()

    async def _take(self) -> Child:
        while self._idle:
            child = self._idle.pop()
            if not child.process.ended.done():
                return child
            self._retire(child)
        return await self._spawn()

    async def _spawn(self) -> Child:
        ours, theirs = socket.socketpair()
        silence: list[int] = []
        try:
            ours.setblocking(False)
            silence += [os.open(os.devnull, os.O_WRONLY), os.open(os.devnull, os.O_WRONLY)]
            self._number += 1
            mark = f"python-{os.getpid()}-{self._guardian.pid}-{self._number}"
            descriptors, silence = [*silence, theirs.detach()], []
            process = await self._guardian.spawn(
                argv=(sys.executable, "-P", PROGRAM),
                environment={**self._base, "HORARIUM_RUN_ID": mark},
                folder=self._folder,
                descriptors=descriptors,
                mark=mark,
            )
        except BaseException:
            ours.close()
            theirs.close()
            for descriptor in silence:
                os.close(descriptor)
            raise
        child = Child(process, ours)
        child.old = asyncio.get_running_loop().call_later(CHILD_SECONDS_MAX, self._expire, child)
        return child

    def _give_back(self, child: Child) -> None:
        worn = child.calls >= CALLS_PER_CHILD_MAX or child.old is None
        if worn or self._closed or len(self._idle) >= IDLE_CHILDREN_MAX or child.process.ended.done():
            self._retire(child)
        else:
            self._idle.append(child)

    def _expire(self, child: Child) -> None:
        child.old = None
        if child in self._idle:
            self._idle.remove(child)
            self._retire(child)

    def _retire(self, child: Child) -> None:
        """End it; that it ends is the guardian's business."""
        if child.old is not None:
            child.old.cancel()
            child.old = None
        if not child.process.ended.done():
            self._guardian.stop(child.process, self._grace)
        child.control.close()

    async def _why(self, child: Child) -> Failed:
        """It hung up in the middle of a call: how it ended. One that hung up and lives on is killed."""
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(child.process.ended), 1.0)
        if not child.process.ended.done():
            self._guardian.stop(child.process, 0)
            await asyncio.wait({child.process.ended}, timeout=KILL_SECONDS_MAX)
            self._retire(child)
            return Failed(reason="error", detail="the Python process closed its connection")
        self._retire(child)
        match child.process.ended.result():
            case Exited(code=code) if code < 0:
                return Failed(reason="error", detail=f"the Python process was killed by {signal_name(-code)}")
            case Exited(code=code):
                return Failed(reason="error", detail=f"the Python process ended with exit status {code}")
            case Refused(text=text):
                return Failed(reason="error", detail=plain(text))
            case Abandoned():
                return Failed(reason="error", detail=ABANDONED)
