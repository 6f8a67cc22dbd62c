"""Elapsed time, single instants, and the bounds around all schedules."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from horarium.core.errors import BadValue
from horarium.core.instants import LAST
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.schedule import Schedule, first_dues

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MS = timedelta(milliseconds=1)
TASK = bytes(range(16))


def every(seconds: float, **more: Any) -> Every:
    return Every(kind="every", seconds=seconds, **({"anchor": NOON} | more))


def test_the_anchor_is_due_and_nothing_before_it() -> None:
    tick = every(60)
    assert tick.next_due(NOON - timedelta(days=400)) == NOON
    assert tick.next_due(NOON - MS) == NOON
    assert tick.next_due(NOON) == NOON + 60 * SECOND
    assert tick.next_due(NOON + 59.999 * SECOND) == NOON + 60 * SECOND
    assert tick.last_due(NOON - MS) is None
    assert tick.last_due(NOON) == NOON
    assert tick.last_due(NOON + 60 * SECOND) == NOON + 60 * SECOND
    assert tick.count(NOON - MS, NOON) == 1
    assert tick.count(NOON - timedelta(days=1), NOON - MS) == 0
    assert tick.count(NOON, NOON + timedelta(days=7)) == 7 * 24 * 60


def test_elapsed_time_does_not_drift() -> None:
    tick = every(1.001)
    due = NOON
    for beat in range(1, 2_000):
        due = tick.next_due(due) or LAST
        assert due == NOON + beat * timedelta(milliseconds=1001)


def test_an_anchor_is_written_once() -> None:
    created = NOON + timedelta(microseconds=123_456)
    assert every(90, anchor=None).anchored(created).anchor == NOON + 90 * SECOND
    assert every(1.5, anchor=None).anchored(created).anchor == NOON + 1.5 * SECOND
    assert every(90).anchored(created).anchor == NOON
    with pytest.raises(AssertionError, match="anchor"):
        every(90, anchor=None).next_due(NOON)


@pytest.mark.parametrize("seconds", [1, 1.0, 1.001, 2.5, 0.1 + 2.9, 86_400, 3_155_760_000, 59.999])
def test_periods_on_whole_milliseconds(seconds: float) -> None:
    every(seconds)


@pytest.mark.parametrize(
    "seconds",
    [
        0,
        -1,
        0.999,
        1.0005,
        1.00000001,
        1.3000000000000003,
        3_155_760_001,
        float("nan"),
        float("inf"),
        10**400,
        True,
        "5",
    ],
)
def test_other_periods_are_refused(seconds: Any) -> None:
    with pytest.raises(BadValue) as refused:
        every(seconds)
    assert refused.value.field == "seconds"


def test_time_ends_with_the_year_9999() -> None:
    end = datetime(9999, 12, 31, 23, 59, 30, tzinfo=UTC)
    assert every(60).next_due(end) is None
    assert every(60).last_due(LAST) == datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        minutely = Cron(kind="cron", expression="* * * * *", timezone=zone)
        assert minutely.next_due(end) is None
        assert minutely.last_due(LAST) == datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
        assert minutely.count(end - timedelta(days=1), LAST) == 24 * 60
    yearly = Cron(kind="cron", expression="0 0 1 1 *", timezone="UTC")
    assert yearly.next_due(datetime(9999, 6, 1, tzinfo=UTC)) is None
    assert yearly.count(datetime(1970, 1, 1, tzinfo=UTC), LAST) == 8_029


def test_time_begins_with_1970() -> None:
    before = datetime(1960, 1, 1, tzinfo=UTC)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    minutely = Cron(kind="cron", expression="* * * * *", timezone="Europe/Berlin")
    assert minutely.next_due(before) == epoch
    assert minutely.last_due(epoch) == epoch
    assert minutely.last_due(epoch - MS) is None
    assert minutely.count(before, epoch) == 1
    assert (
        Cron(kind="cron", expression="0 0 29 2 *", timezone="UTC").last_due(datetime(1972, 2, 28, tzinfo=UTC)) is None
    )


def test_a_week_of_every_second_is_counted_without_walking() -> None:
    secondly = Cron(kind="cron", expression="* * * * * *", timezone="Europe/Berlin")
    assert secondly.count(NOON, NOON + timedelta(days=7)) == 7 * 86_400
    assert secondly.count(datetime(1970, 1, 1, tzinfo=UTC), LAST) == 253_402_300_799


def test_once_is_due_once() -> None:
    once = Once(kind="once", at=NOON)
    assert once.next_due(NOON - MS) == NOON
    assert once.next_due(NOON) is None
    assert once.last_due(NOON - MS) is None
    assert once.last_due(NOON) == NOON
    assert once.count(NOON - MS, NOON) == 1
    assert once.count(NOON, NOON + SECOND) == 0


def bounded(kind: type, **bounds: Any) -> Schedule:
    made: Schedule
    if kind is Every:
        made = every(3600, **bounds)
    elif kind is Cron:
        made = Cron(kind="cron", expression="0 * * * *", timezone="UTC", **bounds)
    else:
        made = Once(kind="once", at=NOON, **bounds)
    return made


@pytest.mark.parametrize("kind", [Every, Cron])
def test_both_bounds_are_inclusive(kind: type) -> None:
    hour = timedelta(hours=1)
    schedule = bounded(kind, starts_at=NOON + hour, ends_at=NOON + 3 * hour)
    assert first_dues(schedule, NOON - 9 * hour, 9) == (NOON + hour, NOON + 2 * hour, NOON + 3 * hour)
    assert schedule.next_due(NOON + 3 * hour) is None
    assert schedule.last_due(NOON + 9 * hour) == NOON + 3 * hour
    assert schedule.last_due(NOON + hour) == NOON + hour
    assert schedule.last_due(NOON + hour - MS) is None
    assert schedule.count(NOON - 9 * hour, NOON + 9 * hour) == 3
    assert schedule.count(NOON + hour, NOON + 3 * hour - MS) == 1
    assert schedule.count(NOON + 9 * hour, NOON + 10 * hour) == 0
    assert schedule.count(NOON + 2 * hour, NOON) == 0


def test_a_once_outside_its_bounds_is_never_due() -> None:
    assert bounded(Once, starts_at=NOON + SECOND).next_due(NOON - SECOND) is None
    assert bounded(Once, ends_at=NOON - SECOND).next_due(NOON - 2 * SECOND) is None
    assert bounded(Once, ends_at=NOON, starts_at=NOON).count(NOON - SECOND, NOON + SECOND) == 1


@pytest.mark.parametrize(
    ("bounds", "field"),
    [
        ({"starts_at": NOON, "ends_at": NOON - MS}, "ends_at"),
        ({"max_occurrences": 0}, "max_occurrences"),
        ({"max_occurrences": -3}, "max_occurrences"),
        ({"jitter_seconds": -1}, "jitter_seconds"),
        ({"jitter_seconds": 86_401}, "jitter_seconds"),
        ({"jitter_seconds": 0.0001}, "jitter_seconds"),
        ({"jitter_seconds": True}, "jitter_seconds"),
        ({"jitter_seconds": float("nan")}, "jitter_seconds"),
    ],
)
@pytest.mark.parametrize("kind", [Once, Every, Cron])
def test_bounds_that_cannot_be_meant(kind: type, bounds: dict[str, Any], field: str) -> None:
    with pytest.raises(BadValue) as refused:
        bounded(kind, **bounds)
    assert refused.value.field == field


def test_a_preview_counts_the_maximum_from_its_start() -> None:
    schedule = every(60, max_occurrences=3)
    assert len(first_dues(schedule, NOON, 10)) == 3
    assert len(first_dues(schedule, NOON, 2)) == 2
    assert len(first_dues(schedule, NOON, 10, since_edit=2)) == 1
    assert first_dues(schedule, NOON, 10, since_edit=7) == ()
    assert schedule.count(NOON, NOON + timedelta(hours=1)) == 60
    with pytest.raises(AssertionError):
        first_dues(schedule, NOON, 1_001)


def test_jitter_is_stable_and_fills_its_width() -> None:
    schedule = every(3600, jitter_seconds=10)
    dues = first_dues(schedule, NOON, 1_000)
    delays = [schedule.delay(TASK, due) for due in dues]
    assert delays == [schedule.delay(TASK, due) for due in dues]
    assert delays != [schedule.delay(TASK[::-1], due) for due in dues]
    assert all(timedelta(0) <= delay < 10 * SECOND and delay % MS == timedelta(0) for delay in delays)
    mean = sum(delays, timedelta(0)) / len(delays)
    assert 4.5 * SECOND < mean < 5.5 * SECOND
    assert max(delays) > 9.8 * SECOND
    assert min(delays) < 0.2 * SECOND
    assert every(3600).delay(TASK, NOON) == timedelta(0)


def test_jitter_never_reaches_the_next_occurrence() -> None:
    dense = every(1, jitter_seconds=86_400)
    delays = [dense.delay(TASK, due) for due in first_dues(dense, NOON, 500)]
    assert max(delays) < SECOND
    assert max(delays) > 0.9 * SECOND
    last = Once(kind="once", at=NOON, jitter_seconds=5)
    assert last.delay(TASK, NOON) < 5 * SECOND
