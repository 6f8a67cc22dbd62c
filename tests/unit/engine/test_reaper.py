"""When a worker counts as silent: by this process's own time, whatever other hosts' clocks say."""

import pytest

from horarium.core.ids import WorkerId
from horarium.core.worker import Worker
from horarium.engine.reaper import Pulse
from tests.making import T0


def worker(name: str = "a", beat: int = 0) -> Worker:
    return Worker(
        id=WorkerId(name.encode() * 16),
        name=name,
        pools=(),
        slots=1,
        process_slots=1,
        version="0",
        started_at=T0,
        beat=beat,
    )


A, B = worker("a").id, worker("b").id


@pytest.mark.parametrize(("seconds", "silent"), [(0.0, []), (7.999, []), (8.0, [(A, 3)]), (100, [(A, 3)])])
def test_eight_seconds_without_a_beat(seconds: float, silent: list[tuple[WorkerId, int]]) -> None:
    pulse = Pulse()
    assert pulse.silent([worker(beat=3)], 1_000) == []
    assert pulse.silent([worker(beat=3)], 1_000 + seconds) == silent


def test_a_worker_seen_for_the_first_time_is_not_silent() -> None:
    assert Pulse().silent([worker(beat=3)], 1e9) == []


def test_each_change_of_the_beat_counts_from_anew() -> None:
    pulse = Pulse()
    for second in range(0, 70, 7):
        assert pulse.silent([worker(beat=second)], second) == []
    assert pulse.silent([worker(beat=63)], 70.9) == []
    assert pulse.silent([worker(beat=63)], 71) == [(A, 63)]


def test_a_beat_that_went_back_has_changed_too() -> None:
    pulse = Pulse()
    pulse.silent([worker(beat=9)], 0)
    assert pulse.silent([worker(beat=1)], 10) == []


def test_after_a_long_absence_of_the_reaper_itself_a_beating_worker_lives() -> None:
    pulse = Pulse()
    pulse.silent([worker(beat=1)], 0)
    assert pulse.silent([worker(beat=2)], 1_000) == []


def test_workers_are_judged_apart() -> None:
    pulse = Pulse()
    pulse.silent([worker("a", 1), worker("b", 1)], 0)
    assert pulse.silent([worker("a", 1), worker("b", 2)], 5) == []
    assert pulse.silent([worker("a", 1), worker("b", 2)], 9) == [(A, 1)]
    assert pulse.silent([worker("b", 2)], 13) == [(B, 2)]


def test_who_is_gone_is_forgotten() -> None:
    pulse = Pulse()
    pulse.silent([worker("a", 1)], 0)
    pulse.silent([], 4)
    assert pulse.silent([worker("a", 1)], 9) == []
