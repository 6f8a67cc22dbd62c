"""The API over the real store in memory, with a clock that is set by hand and an engine that only remembers what it was told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.types import ASGIApp

from horarium.api.app import build_app
from horarium.api.parts import Parts
from horarium.caches.live_events import LiveEvents
from horarium.clocks.simulated import SeededRandom
from horarium.control.access import Access, Standing
from horarium.control.announce import Announce
from horarium.control.bulk import Bulk
from horarium.control.calendar_controller import CalendarController
from horarium.control.condition import Condition
from horarium.control.crontab_import import CrontabImport
from horarium.control.live import Live
from horarium.control.run_controller import RunController
from horarium.control.schedule_controller import ScheduleController
from horarium.control.settings import Settings
from horarium.control.task_controller import TaskController
from horarium.control.trial import Trial
from horarium.control.upcoming import UpcomingController
from horarium.core.access import Role
from horarium.core.ids import RunId, WorkerId
from horarium.core.outcome import Outcome, Succeeded
from horarium.core.page import Chunk
from horarium.core.plan_overridden import plan_due
from horarium.core.run import Run
from horarium.core.schedule.zone import tzdata_version
from horarium.core.settle import Ending
from horarium.core.worker import Worker
from horarium.ports.engine import Pulse
from horarium.ports.store import Claim, Room, Store
from horarium.stores.open import open_memory
from tests.integration.api.client import Client

START = datetime(2027, 3, 1, 12, tzinfo=UTC)
ADA = WorkerId(b"ada" + bytes(13))
ROLES = {"viewer": Role.VIEWER, "operator": Role.OPERATOR, "editor": Role.EDITOR, "admin": Role.ADMIN}


class HandClock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return (self.moment - START).total_seconds()

    def since_boot(self) -> float:
        return self.monotonic()

    async def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Told:
    """What the engine was told, in words."""

    changes: int = 0
    lists: int = 0
    ready: list[Run] = field(default_factory=list)
    stopped: list[Run] = field(default_factory=list)
    said: Pulse = field(default_factory=Pulse)

    def schedule_changed(self) -> None:
        self.changes += 1

    def note_ready(self, runs: Sequence[Run]) -> None:
        self.ready += runs

    def stop(self, runs: Sequence[Run]) -> None:
        self.stopped += runs

    def pulse(self) -> Pulse:
        return self.said


class _Bell:
    def __init__(self, told: Told) -> None:
        self._told = told

    def schedule_changed(self) -> None:
        self._told.schedule_changed()

    def lists_changed(self) -> None:
        self._told.lists += 1

    def ready(self, runs: Sequence[Run]) -> None:
        self._told.note_ready(runs)

    def stop(self, runs: Sequence[Run]) -> None:
        self._told.stop(runs)


def secret(role: str) -> str:
    return f"hor_test_{role}"


@dataclass
class House:
    store: Store
    clock: HandClock
    told: Told
    access: Access
    parts: Parts
    app: ASGIApp
    events: LiveEvents

    @property
    def nobody(self) -> Client:
        return Client(self.app)

    def of(self, role: str) -> Client:
        return Client(self.app, {"Authorization": f"Bearer {secret(role)}"})

    @property
    def editor(self) -> Client:
        return self.of("editor")

    @property
    def admin(self) -> Client:
        return self.of("admin")

    # What the engine would do

    async def decide(self) -> list[Run]:
        """Plan whatever is due now; answers the runs that are ready."""
        now = self.clock.now()
        plans = [
            plan_due(due.task, due.cursor, now, tzdata_version(), due.overrides)
            for due in await self.store.due(now, 100)
        ]
        committed = await self.store.commit_plans([plan for plan in plans if plan is not None], now)
        return list(committed.waiting)

    async def claim(self) -> list[Claim]:
        """One worker takes all that is ready."""
        now = self.clock.now()
        if ADA not in {worker.id for worker in await self.store.workers()}:
            await self.store.begin_worker(
                Worker(id=ADA, name="ada", pools=(), slots=9, process_slots=9, version="1", started_at=now)
            )
        return list(await self.store.claim(Room(worker_id=ADA, pools=(), slots=9, process_slots=9), now))

    async def settle(self, claim: Claim, outcome: Outcome | None = None) -> Run:
        ending = Ending(run=claim.run, outcome=outcome or Succeeded(), policy=claim.policy)
        (run,) = (await self.store.settle([ending], self.clock.now())).runs
        assert run is not None
        return run

    async def writes(self, run_id: RunId, attempt: int, *pieces: bytes, start: int = 0) -> None:
        offset, line = start, 1
        for data in pieces:
            chunk = Chunk(offset=offset, stream="stdout", at=self.clock.now(), first_line=line, data=data)
            await self.store.add_output([(run_id, attempt, chunk)])
            offset, line = offset + len(data), line + data.count(b"\n")


def build_house(store: Store | None = None, **more: Any) -> House:
    """Put together as the wiring does it."""
    clock, random, told = HandClock(), SeededRandom(1), Told()
    events = LiveEvents(clock=clock, random=random)
    store = store or open_memory(tzdata_version(), events)
    standing = [Standing.of(secret(name), name=name, role=role) for name, role in ROLES.items()]
    access = Access(store=store, clock=clock, random=random, standing=standing)
    settings = Settings(store=store, default_timezone="Europe/Berlin")
    announce = Announce(bell=_Bell(told))
    tasks = TaskController(store=store, clock=clock, random=random, announce=announce, settings=settings)
    parts = Parts(
        tasks=tasks,
        crontabs=CrontabImport(tasks=tasks, store=store, clock=clock, settings=settings),
        runs=RunController(store=store, clock=clock, random=random, announce=announce),
        schedules=ScheduleController(store=store, clock=clock),
        upcoming=UpcomingController(store=store, clock=clock),
        bulk=Bulk(store=store, clock=clock, random=random, announce=announce),
        trial=Trial(store=store, clock=clock, random=random, announce=announce, settings=settings),
        calendars=CalendarController(store=store, clock=clock, announce=announce),
        access=access,
        settings=settings,
        condition=Condition(store=store, clock=clock, vitals=told, settings=settings),
        live=Live(store=store, events=events, clock=clock, checked_seconds=0.3),
        clock=clock,
        random=random,
        version="1.2.3",
        versions={"horarium": "1.2.3", "python": "3.11", "sqlite": "3.99", "tzdata": tzdata_version()},
        public_url="http://127.0.0.1:8787",
    )
    parts = replace(parts, **more)
    return House(store, clock, told, access, parts, build_app(parts), events)
