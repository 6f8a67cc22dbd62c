"""Real processes for the tests of actions: a sink that remembers, waits for facts, and what /proc says."""

import asyncio
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from horarium.core.action import Command, PythonCall
from horarium.core.ids import RunId, stamped_id, to_ulid
from horarium.ports.action import Identity, Stream

FACT_SECONDS_MAX = 20.0
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class MemorySink:
    """Keeps what it is given. While `gate` is not set, a write waits."""

    def __init__(self) -> None:
        self.chunks: list[tuple[Stream, bytes]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def write(self, stream: Stream, data: bytes) -> None:
        await self.gate.wait()
        self.chunks.append((stream, data))

    def text(self, stream: Stream = "stdout") -> str:
        return self.bytes(stream).decode()

    def bytes(self, stream: Stream = "stdout") -> bytes:
        return b"".join(data for name, data in self.chunks if name == stream)


def identity(task_name: str = "backup") -> Identity:
    now = datetime(2027, 3, 14, 2, 30, tzinfo=UTC)
    return Identity(run_id=RunId(stamped_id(now, os.urandom(10))), attempt=2, fence=7, due_at=now, task_name=task_name)


def shell(text: str, **more: object) -> Command:
    return Command(kind="command", shell=text, **more)  # type: ignore[arg-type]


def argv(*items: str, **more: object) -> Command:
    return Command(kind="command", argv=items, **more)  # type: ignore[arg-type]


def python(function: str, *args: object, **kwargs: object) -> PythonCall:
    return PythonCall(kind="python", function=function, args=args, kwargs=kwargs)


async def until(fact: Callable[[], bool]) -> None:
    """Wait for a fact; that it does not come is the failure."""
    end = time.monotonic() + FACT_SECONDS_MAX
    while not fact():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)


def until_now(fact: Callable[[], bool], seconds: float = FACT_SECONDS_MAX) -> None:
    """The same without a loop."""
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def living(pid: int) -> bool:
    """Whether there is such a process that is more than a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return stat.rpartition(b") ")[2][:1] not in b"ZX"


def carriers(run_id: RunId | str) -> set[int]:
    """The living processes that carry this HORARIUM_RUN_ID."""
    mark = f"HORARIUM_RUN_ID={run_id if isinstance(run_id, str) else to_ulid(run_id)}".encode()
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and living(int(folder.name)):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.add(int(folder.name))
            except OSError:
                continue
    return found


def children(pid: int) -> set[int]:
    """The living children of a process."""
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and int((folder / "stat").read_bytes().rpartition(b") ")[2].split()[1]) == pid:
                found.add(int(folder.name))
        except OSError:
            continue
    return {child for child in found if living(child)}


def open_descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))
