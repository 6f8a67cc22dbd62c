"""The parts of one process, put together: what its roles ask for, driven until it is told to stop."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from horarium.core import worker as records
from horarium.core.ids import TaskId
from horarium.core.instants import shown
from horarium.core.run import Run, RunState
from horarium.engine.alarm import Alarm
from horarium.engine.heart import BEAT_EVERY, Heart
from horarium.engine.janitor import Janitor
from horarium.engine.output_pump import OutputWriter
from horarium.engine.part import LOOK_EVERY, Part, drive
from horarium.engine.reaper import Reaper, settle_orphans
from horarium.engine.refresher import Refresher
from horarium.engine.task_scheduler import IDLE, TaskScheduler
from horarium.engine.vitals import EngineVitals
from horarium.engine.worker import Worker, key_of
from horarium.ports.action import Doer
from horarium.ports.clock import Clock
from horarium.ports.queue import DispatchQueue
from horarium.ports.store import Store

ADOPT_BATCH = 500
LISTS_LOOK = timedelta(minutes=1)
"""Where other processes change calendars too, and tell nobody."""
TZDATA = "tzdata"
"""The setting that remembers under which time-zone database the books were last decided."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Makeup:
    """What one engine is made of. `shared`: other processes work on the same store, so beats and looks are needed."""

    record: records.Worker
    schedules: bool
    works: bool
    shared: bool
    tzdata: str
    drain_seconds: float = 30.0


class Engine:
    """Its bell (`schedule_changed`, `ready`, `stop`) is what the control floor rings after a commit."""

    def __init__(
        self, makeup: Makeup, *, store: Store, queue: DispatchQueue, clock: Clock, doers: Mapping[str, Doer]
    ) -> None:
        self._makeup = makeup
        self._store = store
        self._queue = queue
        self._clock = clock
        self._doers = doers
        record = makeup.record
        self.vitals = EngineVitals(clock=clock, plans=makeup.schedules, slots=record.slots if makeup.works else 0)
        self._alarm = Alarm(clock=clock, queue=queue)
        self._worker = Worker(
            worker_id=record.id,
            pools=record.pools,
            slots=record.slots,
            process_slots=record.process_slots,
            store=store,
            queue=queue,
            clock=clock,
            alarm=self._alarm,
            output=OutputWriter(store=store, clock=clock),
            doers=doers,
            vitals=self.vitals,
        )
        self._scheduler = TaskScheduler(
            store=store,
            clock=clock,
            alarm=self._alarm,
            stop=self.stop,
            tzdata=makeup.tzdata,
            births=self._worker if makeup.works else None,
            look_every=LOOK_EVERY if makeup.shared else IDLE,
            vigil=self.vitals,
        )
        self._heart = Heart(
            worker=self._worker, store=store, clock=clock, every=BEAT_EVERY if makeup.shared else timedelta(hours=1)
        )
        self._reaper = Reaper(store=store, clock=clock, alarm=self._alarm)
        self._janitor = Janitor(store=store, clock=clock)
        self._refresher = Refresher(
            store=store,
            clock=clock,
            alarm=self._alarm,
            stop=self.stop,
            changed=self.schedule_changed,
            look_every=LISTS_LOOK if makeup.shared else IDLE,
        )
        self._driven: dict[str, tuple[Part, asyncio.Event, asyncio.Task[None]]] = {}
        self._drained = asyncio.Event()

    # The bell

    def schedule_changed(self) -> None:
        """A cursor may be due earlier than the scheduler believes."""
        self._scheduler.nudge()

    def lists_changed(self) -> None:
        """Tasks may hold other days than their shared lists do now."""
        self._refresher.nudge()

    def ready(self, runs: Sequence[Run]) -> None:
        """Ring for those that are ready now or later."""
        self._alarm.ring(runs)

    def stop(self, runs: Sequence[Run]) -> None:
        """Stop those that were asked to stop and are carried out here; elsewhere the next beat tells."""
        self._worker.stop(
            key_of(run) for run in runs if run.state is RunState.RUNNING and run.cancel_reason is not None
        )

    # Its life

    async def begin(self) -> None:
        """Before the first plan: register, and, alone on the store, settle what a former life left open."""
        if not (self._makeup.schedules or self._makeup.works):
            return
        for doer in self._doers.values():
            await doer.start()
        if self._makeup.schedules:
            await self._adopt_tzdata()
        await self._store.begin_worker(self._makeup.record)
        if not self._makeup.shared:
            now = self._clock.now()
            await self._store.take_over(self._makeup.record.id, now)
            lost = await settle_orphans(self._store, self._alarm, now)
            if lost:
                log.warning("runs of a former life were open and are settled as lost", runs=lost)

    async def _adopt_tzdata(self) -> None:
        """Instants to come follow the shipped time-zone database; tasks whose next one moves are listed."""
        version = self._makeup.tzdata
        if await self._store.setting(TZDATA) == version:
            return
        after: TaskId | None = None
        while True:  # bounded: each bite goes on behind the one before
            moved, after = await self._store.adopt_tzdata(after, ADOPT_BATCH)
            for one in moved:
                log.warning(
                    "a task's next instant moves with the new time-zone database",
                    task=one.name,
                    before=one.before and shown(one.before),
                    after=one.after and shown(one.after),
                    tzdata=version,
                )
            if after is None:
                break
        await self._store.set_setting(TZDATA, version)

    async def run(self) -> None:
        """Drive all parts until drained; a part that fails for an unexpected reason fails the engine."""
        async with asyncio.TaskGroup() as group:
            for name, part in self._parts().items():
                stopping = asyncio.Event()
                task = group.create_task(drive(part, self._clock, self.vitals, stopping), name=name)
                self._driven[name] = (part, stopping, task)
            group.create_task(self._drained.wait(), name="engine")

    async def drain(self) -> None:
        """Plan and claim no more, let runs end, hand back the rest, sign off; `run` then returns."""
        self.vitals.draining = True
        try:
            await self._queue.close()
            await self._end(("scheduler", "refresher", "janitor", "reaper", "worker"))
            if self._makeup.schedules or self._makeup.works:
                stopped = await self._worker.drain(self._makeup.drain_seconds)
                if stopped:
                    log.warning("runs were stopped and handed back", runs=stopped)
                await self._end(("heart", "settler", "alarm"))
                await self._store.end_worker(self._makeup.record.id, self._clock.now())
                for doer in self._doers.values():
                    await doer.close()
        finally:
            self._drained.set()

    def hurry(self) -> None:
        """Do not wait for runs any longer while draining."""
        self._worker.hurry()

    def _parts(self) -> dict[str, Part]:
        parts: dict[str, Part] = {}
        if self._makeup.schedules or self._makeup.works:
            parts |= {"alarm": self._alarm, "heart": self._heart, "settler": self._worker.settler}
        if self._makeup.schedules:
            parts |= {"scheduler": self._scheduler, "janitor": self._janitor, "refresher": self._refresher}
            if self._makeup.shared:
                parts["reaper"] = self._reaper
        if self._makeup.works:
            parts["worker"] = self._worker
        return parts

    async def _end(self, names: Sequence[str]) -> None:
        ending = [self._driven[name] for name in names if name in self._driven]
        for part, stopping, _ in ending:
            stopping.set()
            part.nudge()
        if ending:
            await asyncio.wait([task for _, _, task in ending])
