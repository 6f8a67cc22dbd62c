"""The part that brings changed lists to the tasks that use them: at its start, when told, bite by bite."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from horarium.clocks.simulated import SimulatedClock
from horarium.core.run import Run, RunState
from horarium.engine.alarm import Alarm
from horarium.engine.refresher import BETWEEN_BITES, IDLE, REFRESH_BATCH_MAX, Refresher
from horarium.ports.store import Altered, Refreshed
from horarium.queues.in_process import InProcessQueue
from tests.making import a_run, every, running, task
from tests.unit.engine.jumping import clock, jumping


@dataclass
class Shelf:
    """Gives prepared answers and remembers how much was asked for."""

    answers: list[Refreshed]
    asked: list[tuple[int, datetime]] = field(default_factory=list)

    async def refresh(self, limit: int, now: datetime, calendar: str | None = None) -> Refreshed:
        assert calendar is None, "whatever is outdated"
        self.asked.append((limit, now))
        return self.answers.pop(0)


def altered(*runs: Run) -> Altered:
    return Altered(task=task(every(60)), runs=runs, changed=True)


def refresher(shelf: Shelf, told: list[str], time: SimulatedClock) -> Refresher:
    def stop(runs: Sequence[Run]) -> None:
        told.append(f"stop {len(runs)}")

    return Refresher(
        store=shelf,  # type: ignore[arg-type]
        clock=time,
        alarm=Alarm(clock=time, queue=InProcessQueue()),
        stop=stop,
        changed=lambda: told.append("changed"),
    )


@jumping
async def test_where_nothing_is_outdated_it_asks_once_and_sleeps() -> None:
    time, told = clock(), list[str]()
    shelf = Shelf([Refreshed(altered=(), more=False)])
    wake = await refresher(shelf, told, time).step()
    assert wake == time.now() + IDLE
    assert shelf.asked == [(REFRESH_BATCH_MAX, time.now())]
    assert "changed" not in told


@jumping
async def test_many_are_changed_in_bites_and_the_engine_is_told() -> None:
    time, told = clock(), list[str]()
    stopped = running(2, cancel_reason=None)
    assert stopped.state is RunState.RUNNING
    shelf = Shelf(
        [Refreshed(altered=(altered(a_run(1)), altered(stopped)), more=True), Refreshed(altered=(), more=False)]
    )
    part = refresher(shelf, told, time)
    assert await part.step() == time.now() + BETWEEN_BITES
    assert told == ["stop 2", "changed"]
    assert await part.step() == time.now() + IDLE
