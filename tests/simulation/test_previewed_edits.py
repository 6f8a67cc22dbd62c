"""What the preview of an edit says is what the scheduler then really does: two worlds, one edited and one left alone, and the
occurrences decided in both."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from horarium.clocks.simulated import SeededRandom, SimulatedClock
from horarium.control.announce import Announce
from horarium.control.schedule_controller import ScheduleController, Seen
from horarium.control.settings import Settings
from horarium.control.task_controller import TaskController
from horarium.core.access import Caller, Role
from horarium.core.action import Log
from horarium.core.ids import RunId, TaskId
from horarium.core.instants import from_ms, to_ms
from horarium.core.override import Wish
from horarium.core.policy import Policy
from horarium.core.schedule.schedule import Schedule
from horarium.core.task import Draft
from horarium.engine.alarm import Alarm
from horarium.engine.task_scheduler import TaskScheduler, Vigil
from horarium.stores.open import open_inline
from horarium.testing.loop import run
from tests.simulation.edits import Edits
from tests.simulation.quiet import quiet
from tests.sizes import size

SEEDS = size(200, 5_000)
SEEDS_PER_WORLD = 20
DENSE_SEEDS = size(6, 60)
DENSE_PER_WORLD = 3
START = datetime(2027, 3, 20, 9, 30, tzinfo=UTC)
"""A week before the clocks go forward in Europe, a week after they have in America."""
LIVED_HOURS_MAX = 72
WISHING = 0.4
"""How many of the tasks have skipped or moved occurrences when they are edited."""
WISHED_AMONG = 6
SOMEBODY = Caller(name="ada", role=Role.ADMIN)


class Deaf:
    """Hears what nobody in this world acts upon."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


@dataclass(frozen=True)
class Told:
    """What was decided of one task after the edit, and what became of the runs that waited."""

    revision: int
    decided: frozenset[datetime]
    runs: dict[RunId, tuple[str, int]]


class Planned:
    """A world in which the real scheduler decides, on the real store, and nobody carries anything out."""

    def __init__(self, seeds: Sequence[int], *, dense: bool) -> None:
        self._seeds = seeds
        self._dense = dense

    async def live(self, *, edited: bool, horizon: datetime | None = None) -> tuple[datetime, list[Seen], list[Told]]:
        """The instant of the edit, what the previews said there, and what was decided from there to the horizon (the last
        instant that a preview speaks of)."""
        self.clock = SimulatedClock(asyncio.get_running_loop(), START)
        self.store, sql = open_inline(self._yield)
        chance = SeededRandom(self._seeds[0])
        announce = Announce(bell=cast("Any", Deaf()))
        settings = Settings(store=self.store, default_timezone="Europe/Berlin")
        self.tasks = TaskController(
            store=self.store, clock=self.clock, random=chance, announce=announce, settings=settings
        )
        self.scheduler = TaskScheduler(
            store=self.store,
            clock=self.clock,
            alarm=cast("Alarm", Deaf()),
            stop=lambda _: None,
            tzdata="2026a",
            vigil=cast("Vigil", Deaf()),
        )
        previews = ScheduleController(store=self.store, clock=self.clock)
        edits = [Edits(seed, START, dense=self._dense) for seed in self._seeds]
        made = [
            await self.tasks.create(_draft(seed, one.before), SOMEBODY)
            for seed, one in zip(self._seeds, edits, strict=True)
        ]
        ids = [row.task.id for row in made]
        await self._until(START + timedelta(hours=chance.random() * LIVED_HOURS_MAX))
        at = self.clock.now()
        for task_id in ids:
            if chance.random() < WISHING:
                await self._wish(task_id, chance)
        seen = [
            await previews.preview(one.after, after=None, count=5, task_id=task_id)
            for task_id, one in zip(ids, edits, strict=True)
        ]
        if edited:
            for task_id, seed, one in zip(ids, self._seeds, edits, strict=True):
                await self.tasks.replace(task_id, None, _draft(seed, one.after), SOMEBODY)
        rows = sql("SELECT task_id, id, state, task_revision FROM runs")
        ends = [one.changes.through for one in seen if one.changes is not None]
        await self._until(horizon or max(ends))
        # Without jitter that is when it was due, where somebody moved it too.
        decided = sql(
            "SELECT task_id, expected_at FROM runs WHERE expected_at > ? AND cause IN ('schedule', 'catch_up')",
            to_ms(at),
        )
        others = sql("SELECT count(*) FROM skips WHERE reason <> 'skipped_by_user'")[0][0]
        assert others == 0, "each occurrence that nobody skipped has a row of its own here"
        told = [
            Told(
                revision=(await self.tasks.read(task_id)).task.revision,
                decided=frozenset(from_ms(due) for owner, due in decided if owner == task_id),
                runs={RunId(found): (state, revision) for owner, found, state, revision in rows if owner == task_id},
            )
            for task_id in ids
        ]
        return at, seen, told

    async def _wish(self, task_id: TaskId, chance: SeededRandom) -> None:
        """Skip or move one or two of the next occurrences, back and forth, also beyond others."""
        due, _ = await self.tasks.upcoming(task_id, None, WISHED_AMONG)
        now = self.clock.now()
        for due_at in chance.sample(due, min(len(due), chance.randrange(1, 3))):
            moved_to = None if chance.random() < 0.4 else due_at + timedelta(minutes=chance.randrange(-3_000, 3_000))
            if moved_to is None or moved_to > now:
                await self.tasks.override(task_id, Wish(due_at=due_at, moved_to=moved_to), SOMEBODY)

    async def _until(self, horizon: datetime) -> None:
        while (now := self.clock.now()) < horizon:
            wake = await self.scheduler.step()
            await self.clock.sleep(max(0.0, (min(wake, horizon) - now) / timedelta(seconds=1)))
        await self.scheduler.step()

    @staticmethod
    async def _yield() -> None:
        return None


def _draft(seed: int, schedule: Schedule) -> Draft:
    log = Log(kind="log", message="hello")
    return Draft(name=f"task {seed}", schedule=schedule, action=log, policy=Policy(overlap="allow"))


def compare(seeds: Sequence[int], *, dense: bool) -> int:
    """How many occurrences differ, after every promise of every preview was held against both worlds."""
    with quiet():
        at, seen, touched = run(Planned(seeds, dense=dense).live(edited=True))
        again, same, alone = run(Planned(seeds, dense=dense).live(edited=False))
    assert (at, seen) == (again, same), "both worlds are one until the edit"
    found = 0
    for seed, said, new, old in zip(seeds, seen, touched, alone, strict=True):
        changes = said.changes
        assert changes is not None
        becomes = {due for due in new.decided if due <= changes.through}
        was = {due for due in old.decided if due <= changes.through}
        moved_from = {one.from_ for one in changes.moved}
        moved_to = {one.to for one in changes.moved}
        assert becomes - was == {*changes.added} | moved_to, seed
        assert was - becomes == {*changes.removed} | moved_from, seed
        assert len(changes.moved) == len(moved_from) == len(moved_to), seed
        assert said.waiting is not None
        for one in said.waiting:
            state, revision = new.runs[one.run_id]
            assert one.becomes == ("cancelled" if state == "cancelled" else "kept"), seed
            assert state == "cancelled" or revision == new.revision, seed
        found += len(becomes ^ was)
    return found


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS_PER_WORLD))
def test_what_an_edit_is_said_to_change_is_what_changes(first: int) -> None:
    assert compare(range(first, min(first + SEEDS_PER_WORLD, SEEDS)), dense=False) > 0


@pytest.mark.parametrize("first", range(0, DENSE_SEEDS, DENSE_PER_WORLD))
def test_so_it_is_for_schedules_too_dense_for_the_whole_stretch(first: int) -> None:
    assert compare(range(first, first + DENSE_PER_WORLD), dense=True) > 0
