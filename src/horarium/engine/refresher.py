"""Brings the days of shared lists to the tasks that use them: whatever a change of a calendar has left to do, also before a
crash, and what another version of the holidays means."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from horarium.core.run import Run
from horarium.engine.alarm import Alarm
from horarium.engine.part import Nudge
from horarium.ports.clock import Clock
from horarium.ports.store import CalendarStore

REFRESH_BATCH_MAX = 20
"""Tasks changed in one transaction: some 30 ms."""
BETWEEN_BITES = timedelta(milliseconds=20)
IDLE = timedelta(hours=1)

log = structlog.get_logger()


class Refresher:
    """Looks at the start and when it is told; any number may run, since each task is changed by compare-and-set."""

    def __init__(
        self,
        *,
        store: CalendarStore,
        clock: Clock,
        alarm: Alarm,
        stop: Callable[[Sequence[Run]], None],
        changed: Callable[[], None],
        look_every: timedelta = IDLE,
    ) -> None:
        """`changed` is told that cursors have moved. `look_every`: on a store shared with others, who do not tell this one."""
        self._store = store
        self._clock = clock
        self._alarm = alarm
        self._stop = stop
        self._changed = changed
        self._look_every = look_every
        self.nudge = Nudge()

    async def step(self) -> datetime:
        now = self._clock.now()
        refreshed = await self._store.refresh(REFRESH_BATCH_MAX, now)
        runs = [run for altered in refreshed.altered for run in altered.runs]
        self._alarm.ring(runs)
        self._stop(runs)
        if refreshed.altered:
            log.info("tasks follow a changed list of days", tasks=len(refreshed.altered))
            self._changed()
        return now + (BETWEEN_BITES if refreshed.more else self._look_every)
