"""The cache and the live events of one process, both bounded."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Sequence

from horarium.core.events import Event
from horarium.ports.clock import Clock

ENTRIES_MAX = 10_000
BYTES_MAX = 32 * 1024 * 1024
BACKLOG_MAX = 10_000


class MemoryCache:
    """Drops what is over, then what was used longest ago."""

    def __init__(self, clock: Clock, *, entries_max: int = ENTRIES_MAX, bytes_max: int = BYTES_MAX) -> None:
        self._clock = clock
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._entries_max = entries_max
        self._bytes_max = bytes_max
        self._bytes = 0

    async def get(self, key: str) -> bytes | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        until, value = entry
        if self._clock.monotonic() >= until:
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return value

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        self._drop(key)
        if len(value) > self._bytes_max:
            return
        self._entries[key] = (self._clock.monotonic() + seconds, value)
        self._bytes += len(value)
        while len(self._entries) > self._entries_max or self._bytes > self._bytes_max:
            self._drop(next(iter(self._entries)))

    async def forget(self, *keys: str) -> None:
        for key in keys:
            self._drop(key)

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= len(entry[1])


class MemoryEvents:
    """Each listener has its own bounded backlog; one that does not keep up loses the oldest."""

    def __init__(self) -> None:
        self._listeners: set[_Backlog] = set()

    def publish(self, events: Sequence[Event]) -> None:
        for listener in self._listeners:
            listener.add(events)

    async def listen(self) -> AsyncIterator[Event]:
        backlog = _Backlog()
        self._listeners.add(backlog)
        try:
            while True:
                yield await backlog.next()
        finally:
            self._listeners.discard(backlog)


class _Backlog:
    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=BACKLOG_MAX)
        self._filled = asyncio.Event()

    def add(self, events: Sequence[Event]) -> None:
        self._events.extend(events)
        self._filled.set()

    async def next(self) -> Event:
        while not self._events:
            self._filled.clear()
            await self._filled.wait()
        return self._events.popleft()
