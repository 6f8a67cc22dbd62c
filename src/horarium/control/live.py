"""What a person who looks on is told while things change: how the tasks and runs that changed stand now."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from horarium.control.errors import Stopping, TooManyStreams
from horarium.core.errors import StoreError
from horarium.core.ids import RunId, TaskId
from horarium.core.page import TaskNow
from horarium.core.run import Run
from horarium.ports.clock import Clock
from horarium.ports.events import FLUSH_SECONDS, Ear, Events, Heard, Interest
from horarium.ports.store import Store

T = TypeVar("T")

STREAMS_MAX: Final = 100
"""Of one process. Each costs a file descriptor, at most two sets of ids and what its reader has not taken yet."""
RETRY_SECONDS: Final = 5
CHECKED_SECONDS: Final = 10.0
"""At least so often it is looked whether the listener may still listen, and something is sent, so that both ends notice when
the other has gone."""
KEPT_READINGS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """How things stand after `stamp`. Where `many_tasks` or `many_runs` is not 0 too many changed to be shown, but for runs whose
    output is followed.

    `beat`: nothing happened. `lost`: what happened could not be read, the listener has to read anew.
    """

    stamp: str
    tasks: tuple[TaskNow, ...] = ()
    runs: tuple[Run, ...] = ()
    many_tasks: int = 0
    many_runs: int = 0
    output: tuple[tuple[RunId, int, int], ...] = ()
    beat: bool = False
    lost: bool = False


class Live:
    """`heard_by` opens a stream, `news` is what it tells."""

    def __init__(self, *, store: Store, events: Events, clock: Clock, checked_seconds: float = CHECKED_SECONDS) -> None:
        self._store = store
        self._events = events
        self._clock = clock
        self._checked_seconds = checked_seconds
        self._open = 0
        self._readings: OrderedDict[object, asyncio.Task[Any]] = OrderedDict()

    @asynccontextmanager
    async def heard_by(self, interest: Interest) -> AsyncIterator[Ear]:
        """Raises TooManyStreams, Stopping."""
        if self._events.closed:
            raise Stopping("The service is stopping.")
        if self._open >= STREAMS_MAX:
            raise TooManyStreams(STREAMS_MAX, RETRY_SECONDS)
        self._open += 1
        ear = self._events.ear(interest)
        try:
            yield ear
        finally:
            ear.close()
            self._open -= 1

    async def news(
        self, ear: Ear, interest: Interest, may_listen: Callable[[], Awaitable[bool]], *, once: bool
    ) -> AsyncGenerator[News, None]:
        """First how the followed output stands, then whatever happens, until the service stops or `may_listen` says no.

        `once`: what happens until the next beat, and no more.
        """
        try:
            yield await self._first(ear, interest)
        except StoreError:
            yield News(stamp=ear.stamp, lost=True)
        checked_at = self._clock.monotonic()
        while True:  # ends with the service, the listener's right or the connection
            heard = await ear.listen(FLUSH_SECONDS if once else self._checked_seconds)
            if self._events.closed:
                return
            if heard is None or self._clock.monotonic() - checked_at >= self._checked_seconds:
                if not once and not await may_listen():
                    return
                checked_at = self._clock.monotonic()
            yield News(stamp=ear.stamp, beat=True) if heard is None else await self._read(heard)
            if once:
                return

    async def _first(self, ear: Ear, interest: Interest) -> News:
        stamp = ear.stamp
        runs = await self._store.runs_now(sorted(interest.output))
        written = [
            (run.id, run.attempt, (await self._store.output(run.id, run.attempt, 0, 1)).size)
            for run in runs
            if run.attempt > 0
        ]
        return News(stamp=stamp, runs=tuple(runs), output=tuple(written))

    async def _read(self, heard: Heard) -> News:
        try:
            tasks = await self._shared(("tasks", heard.stamp, heard.tasks), lambda: self._tasks(heard.tasks))
            runs = await self._shared(("runs", heard.stamp, heard.runs), lambda: self._runs(heard.runs))
        except StoreError:
            return News(stamp=heard.stamp, lost=True)
        return News(
            stamp=heard.stamp,
            tasks=tasks,
            runs=runs,
            many_tasks=heard.many_tasks,
            many_runs=heard.many_runs,
            output=tuple((run_id, attempt, size) for run_id, (attempt, size) in heard.output.items()),
        )

    async def _tasks(self, ids: frozenset[TaskId]) -> tuple[TaskNow, ...]:
        return tuple(await self._store.tasks_now(sorted(ids)))

    async def _runs(self, ids: frozenset[RunId]) -> tuple[Run, ...]:
        return tuple(await self._store.runs_now(sorted(ids)))

    async def _shared(self, key: tuple[str, str, frozenset[Any]], read: Callable[[], Awaitable[tuple[T, ...]]]) -> Any:
        """All who heard of the same at one beat get one reading of it."""
        if not key[2]:
            return ()
        if key not in self._readings:
            self._readings[key] = asyncio.ensure_future(read())
            while len(self._readings) > KEPT_READINGS:
                self._readings.popitem(last=False)
        return await asyncio.shield(self._readings[key])
