"""Rings the bell for runs that become ready later: jitter, back-off, Retry-After."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from heapq import heappop, heappush

from horarium.core.instants import from_ms, to_ms
from horarium.core.run import Run, RunState
from horarium.engine.part import Nudge
from horarium.ports.clock import Clock
from horarium.ports.queue import DispatchQueue

ALARMS_MAX = 100_000
"""Remembered at most; what is dropped is found by the workers' own look at the store within a second."""
IDLE = timedelta(hours=1)


class Alarm:
    """A heap of (instant, pool); several runs of one pool at one instant are one alarm."""

    def __init__(self, *, clock: Clock, queue: DispatchQueue) -> None:
        self._clock = clock
        self._queue = queue
        self._heap: list[tuple[int, str]] = []
        self._set: set[tuple[int, str]] = set()
        self.nudge = Nudge()

    def ring(self, runs: Iterable[Run]) -> None:
        """Ring for what is ready, at once or at its instant; runs that wait behind another are not rung for."""
        for run in runs:
            if run.state is RunState.WAITING and not run.is_behind:
                self.ring_at(run.ready_at, run.pool)

    def ring_at(self, instant: datetime, pool: str) -> None:
        """Ring for `pool` when `instant` comes; at once if it has passed."""
        alarm = (to_ms(instant), pool)
        if alarm in self._set or len(self._heap) >= ALARMS_MAX:
            return
        heappush(self._heap, alarm)
        self._set.add(alarm)
        if self._heap[0] == alarm:
            self.nudge()

    async def step(self) -> datetime:
        now = self._clock.now()
        now_ms = to_ms(now)
        while self._heap and self._heap[0][0] <= now_ms:
            alarm = heappop(self._heap)
            self._set.discard(alarm)
            await self._queue.ring(alarm[1], ())
        return from_ms(self._heap[0][0]) if self._heap else now + IDLE
