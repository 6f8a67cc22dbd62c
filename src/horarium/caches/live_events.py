"""Live events within one process: announcements reach every ear at once, and every ear is woken at the same beat.

Beating together matters: ears with the same interest then hear of the same changes, so what these look like is read once for
all of them.
"""

import asyncio
from collections.abc import Iterable
from typing import Final, TypeVar

from horarium.core.ids import RunId, TaskId
from horarium.ports.clock import Clock
from horarium.ports.events import CHANGES_MAX, FLUSH_SECONDS, Heard, Interest
from horarium.ports.random import Random

K = TypeVar("K")

SOON_SECONDS: Final = 0.02
"""After silence the first beat comes this soon: a run that is planned, claimed and settled at once is one change."""
LINGER_SECONDS: Final = 60.0
"""After the last ear has closed, announcements are counted this long, so that whoever comes back knows whether there were any."""


class LiveEvents:
    """Lives on one event loop."""

    def __init__(self, *, clock: Clock, random: Random) -> None:
        self._clock = clock
        self._life = random.bytes(6).hex()
        self._silence = 0
        self._count = 0
        self._ears: dict[_Ear, None] = {}
        self._beating: asyncio.TimerHandle | None = None
        self._beaten_at = float("-inf")
        self._lingers_until = 0.0
        self.heard = False
        self.closed = False

    @property
    def stamp(self) -> str:
        """Of this life, the stretch without a gap in it, and so many announcements in that."""
        return f"{self._life}-{self._silence}-{self._count}"

    def changed(self, tasks: Iterable[TaskId], runs: Iterable[RunId]) -> None:
        if self._somebody():
            these_tasks, these_runs = tuple(tasks), tuple(runs)
            for ear in self._ears:
                ear.changed(these_tasks, these_runs)
            self._soon()

    def wrote(self, run_id: RunId, attempt: int, size: int) -> None:
        if self._somebody():
            for ear in self._ears:
                ear.wrote(run_id, attempt, size)
            self._soon()

    def ear(self, interest: Interest) -> "_Ear":
        ear = _Ear(self, interest)
        if self.closed:
            ear.woken.set()
        else:
            self._ears[ear] = None
            self.heard = True
        return ear

    def forget(self, ear: "_Ear") -> None:
        """It has closed."""
        if ear in self._ears:
            del self._ears[ear]
            self._lingers_until = self._clock.monotonic() + LINGER_SECONDS

    def close(self) -> None:
        self.closed = True
        self.heard = False
        if self._beating is not None:
            self._beating.cancel()
        for ear in self._ears:
            ear.woken.set()
        self._ears.clear()

    def _somebody(self) -> bool:
        """Whether this announcement is worth anything; counts it if so."""
        if not self._ears and self._clock.monotonic() >= self._lingers_until:
            if self.heard:
                self.heard = False
                self._silence += 1  # from here on nobody counts: what was known before is not known any more
            return False
        self._count += 1
        return True

    def _soon(self) -> None:
        if self._beating is None and any(ear.pending for ear in self._ears):
            loop = asyncio.get_running_loop()
            wait = max(SOON_SECONDS, self._beaten_at + FLUSH_SECONDS - loop.time())
            self._beating = loop.call_later(wait, self._beat)

    def _beat(self) -> None:
        self._beating = None
        self._beaten_at = asyncio.get_running_loop().time()
        for ear in self._ears:
            if ear.pending:
                ear.woken.set()


class _Ear:
    def __init__(self, events: LiveEvents, interest: Interest) -> None:
        self._events = events
        self._interest = interest
        self._tasks: dict[TaskId, None] = {}
        self._runs: dict[RunId, None] = {}
        self._followed: set[RunId] = set()
        self._many_tasks = 0
        self._many_runs = 0
        self._output: dict[RunId, tuple[int, int]] = {}
        self.woken = asyncio.Event()

    @property
    def stamp(self) -> str:
        return self._events.stamp

    @property
    def pending(self) -> bool:
        return bool(self._tasks or self._runs or self._followed or self._many_tasks or self._many_runs or self._output)

    async def listen(self, seconds: float) -> Heard | None:
        try:
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        except TimeoutError:
            return None
        if self._events.closed:
            return None
        self.woken.clear()
        return self._taken()

    def close(self) -> None:
        self._events.forget(self)

    def changed(self, tasks: tuple[TaskId, ...], runs: tuple[RunId, ...]) -> None:
        if self._interest.tasks:
            self._many_tasks = _note(self._tasks, tasks, self._many_tasks)
        if self._interest.runs:
            self._many_runs = _note(self._runs, runs, self._many_runs)
        if self._interest.output:
            self._followed.update(self._interest.output.intersection(runs))

    def wrote(self, run_id: RunId, attempt: int, size: int) -> None:
        if run_id in self._interest.output:
            self._output[run_id] = max(self._output.get(run_id, (0, 0)), (attempt, size))

    def _taken(self) -> Heard:
        heard = Heard(
            stamp=self.stamp,
            tasks=frozenset(self._tasks),
            runs=frozenset(self._runs) | self._followed,
            many_tasks=self._many_tasks,
            many_runs=self._many_runs,
            output=self._output,
        )
        self._tasks, self._runs, self._output, self._followed = {}, {}, {}, set()
        self._many_tasks = self._many_runs = 0
        return heard


def _note(kept: dict[K, None], new: tuple[K, ...], many: int) -> int:
    """Keep them apart while they are few, count them once they are not; answers the count, 0 while they are few."""
    if many:
        return many + len(new)
    kept.update(dict.fromkeys(new))
    if len(kept) <= CHANGES_MAX:
        return 0
    many = len(kept)
    kept.clear()
    return many
