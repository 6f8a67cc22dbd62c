"""Decides what is due: reads due cursors, asks the pure planner, commits plans, rings for what waits."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from horarium.core.plan import Plan
from horarium.core.plan_overridden import plan_due
from horarium.core.run import Run
from horarium.engine.alarm import Alarm
from horarium.engine.part import Nudge
from horarium.engine.wall_watch import Wall, WallWatch
from horarium.ports.clock import Clock
from horarium.ports.store import Claim, Due, EngineStore, Room

PLAN_BATCH_MAX = 250
"""Cursors planned in one transaction: enough to share a commit, few enough to keep it short."""
CROWDED_BATCH_MAX = 1_000
"""Cursors planned in one transaction while no slot is free: their runs only wait, which is less work."""
PATIENCE_SECONDS = 0.25
"""How long a due batch waits for a free slot before it is planned without one. Short runs end sooner than that, and then
one transaction decides and claims; long ones cost this once per batch."""
IDLE = timedelta(hours=1)
LEAP_LOOK = timedelta(seconds=1)

log = structlog.get_logger()


class Births(Protocol):
    """A worker in the same process that can take runs the moment they are made."""

    def reserve(self, limit: int) -> Room | None:
        """Free slots, held until `accept`; None when there is none."""
        ...

    def accept(self, room: Room, claims: tuple[Claim, ...]) -> None: ...

    async def slot_freed(self, seconds: float) -> None:
        """Return when a slot is free or after that long."""
        ...


class Vigil(Protocol):
    """Is told how planning goes, for health and statistics."""

    def planned(self, next_due: datetime | None) -> None: ...

    def leapt(self) -> None: ...

    def steady(self) -> None: ...

    def stepped(self) -> None: ...


class TaskScheduler:
    """Any number may run on one store: a plan takes effect only where its cursor has not moved."""

    def __init__(
        self,
        *,
        store: EngineStore,
        clock: Clock,
        alarm: Alarm,
        stop: Callable[[Sequence[Run]], None],
        tzdata: str,
        vigil: Vigil,
        births: Births | None = None,
        look_every: timedelta = IDLE,
    ) -> None:
        """`stop` asks for running runs to be stopped at once where this process carries them out.

        `look_every`: on a store shared with other schedulers at most a second, since others move cursors too.
        """
        self._store = store
        self._clock = clock
        self._alarm = alarm
        self._stop = stop
        self._tzdata = tzdata
        self._births = births
        self._look_every = look_every
        self._vigil = vigil
        self._crowded = CROWDED_BATCH_MAX if births is not None else PLAN_BATCH_MAX
        self._crowd = False
        self._watch = WallWatch(clock)
        self.nudge = Nudge()

    async def step(self) -> datetime:
        room = await self._room()
        claims: tuple[Claim, ...] = ()
        try:
            now = self._clock.now()
            if not self._trusted(now):
                return now + LEAP_LOOK
            limit = room.slots if room else self._crowded
            due = await self._store.due(now, limit)
            if due:
                claims = await self._commit(due, now, room)
        finally:
            if room is not None and self._births is not None:
                self._births.accept(room, claims)
        self._crowd = len(due) == limit
        if self._crowd:
            return now  # there is more
        next_due = await self._store.next_due_at()
        self._vigil.planned(next_due)
        latest = now + self._look_every
        return latest if next_due is None else min(next_due, latest)

    def _trusted(self, now: datetime) -> bool:
        wall = self._watch.look(now)
        if wall is Wall.LEAPT:
            self._vigil.leapt()
        elif wall is Wall.STEPPED:
            self._vigil.stepped()
        if wall is Wall.LEAPT:
            return False
        self._vigil.steady()
        return True

    async def _room(self) -> Room | None:
        if self._births is None:
            return None
        room = self._births.reserve(PLAN_BATCH_MAX)
        if room is None and (self._crowd or await self._store.due(self._clock.now(), 1)):
            await self._births.slot_freed(PATIENCE_SECONDS)
            room = self._births.reserve(PLAN_BATCH_MAX)
        return room

    async def _commit(self, due: Sequence[Due], now: datetime, room: Room | None) -> tuple[Claim, ...]:
        plans = [plan for one in due if (plan := await self._planned(one, now)) is not None]
        if not plans:
            return ()
        committed = await self._store.commit_plans(plans, now, room)
        self._alarm.ring(committed.waiting)
        if committed.cancelled:
            self._stop(committed.cancelled)
        return committed.claims

    async def _planned(self, due: Due, now: datetime) -> Plan | None:
        try:
            return plan_due(due.task, due.cursor, now, self._tzdata, due.overrides)
        except Exception as fault:  # one task that cannot be planned must not stop the others
            log.exception("a task cannot be planned and is marked broken", task=due.task.name)
            await self._store.mark_broken(due.task.id, "schedule", f"it cannot be planned: {fault!r}", now)
            return None
