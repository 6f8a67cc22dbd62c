"""Schedules that leave out whole days, however densely they name them; what is due at the end of time; what judging costs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from horarium.core.errors import BadValue
from horarium.core.instants import EPOCH, LAST
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import Dates, Weekdays
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.phrase import parse
from horarium.core.schedule.rrule import Rrule

WEEKEND = Weekdays(kind="weekdays", days=("saturday", "sunday"))
MS = timedelta(milliseconds=1)
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cron(text: str, *exceptions: Any, **more: Any) -> Cron:
    return Cron(kind="cron", expression=text, except_=exceptions, **({"timezone": "Europe/Berlin"} | more))


LAST_FRIDAY = "2027-01-28T23:00", "2027-01-29T23:00"
"""29 January 2027 in Berlin."""


@pytest.mark.parametrize(
    ("base", "left_out", "step"),
    [
        ("* * * * *", "* * * * 5L", 60),
        ("* * * * * *", "* * * * * 5L", 1),
        ("*/5 * * * *", "* * * * 5L", 300),
        ("*/10 * * * * *", "* * * * * 5L", 10),
        ("*/7 * * * *", "*/30 * * * * 5L", 420),  # also names the half minutes, of which the base has none
    ],
)
def test_a_dense_schedule_without_the_last_friday(base: str, left_out: str, step: int) -> None:
    schedule = cron(base, cron(left_out))
    begin, end = map(at, LAST_FRIDAY)
    before = schedule.last_due(begin - MS)
    assert before is not None
    assert begin - timedelta(seconds=step) <= before < begin
    for asked in (before, begin - MS, begin, begin + 7 * DAY / 24, end - MS):
        assert schedule.next_due(asked) == end
        assert schedule.last_due(max(asked, before)) == before
    assert schedule.count(begin - MS, end - MS) == 0
    assert schedule.count(begin - MS, end) == 1
    assert not schedule.names(begin)
    assert schedule.names(end)


def test_seconds_between_the_minutes_that_are_left_out_stay() -> None:
    """`* * * * 5L` names the first second of each minute only."""
    begin, end = map(at, LAST_FRIDAY)
    schedule = cron("*/20 * * * * *", cron("* * * * 5L"))
    assert schedule.next_due(begin - MS) == begin + timedelta(seconds=20)
    assert schedule.count(begin - MS, end - MS) == 2 * 1_440
    halves = Every(kind="every", seconds=0.5 + 0.5 + 0.5, anchor=begin, except_=(cron("* * * * * 5L"),))
    assert halves.next_due(begin - MS) == begin + timedelta(seconds=1.5)


def test_minutes_of_a_zone_that_were_not_those_of_utc_are_judged_one_by_one() -> None:
    """Liberia was 44 minutes and 30 seconds behind until 7 January 1972."""
    every = Every(kind="every", seconds=60, anchor=EPOCH, except_=(cron("* * * * *", timezone="Africa/Monrovia"),))
    assert every.next_due(at("1971-06-01")) == at("1971-06-01T00:01")


def test_nothing_rolls_off_the_days_of_a_schedule() -> None:
    friday = cron("0 9 * * 5", cron("* * * * 5L"), WEEKEND, roll="forward")
    assert friday.next_due(at("2027-01-22T12:00")) == at("2027-02-05T08:00")


DENSE = (
    "every minute on weekdays except in January",
    "every 5 minutes by the clock except in January",
    "every 10 seconds except on Sundays and in August",
    "every minute except the last Friday of the month",
    "every minute by the clock except the last Friday of the month",
    "every second by the clock except the 1st and in January to November",
    "every 10 seconds except from 2 January to 30 December and Mondays",
)


@pytest.mark.parametrize("phrase", DENSE)
def test_dense_phrases_find_their_way_over_what_they_leave_out(phrase: str) -> None:
    """More instants in a row than the search may look at one by one (10,000); what it costs is measured in bench/words.py."""
    now = at("2026-11-24T11:00")
    schedule = parse(phrase, "Europe/Berlin", now).schedule
    if isinstance(schedule, Every):
        schedule = schedule.anchored(now - 400 * DAY)
    for days in range(0, 400, 29):
        asked = now + days * DAY
        due, last = schedule.next_due(asked), schedule.last_due(asked)
        assert due is not None
        assert last is not None
        assert last <= asked < due
        assert schedule.next_due(last) == due
        assert schedule.last_due(due) == due


END = at("9999-12-31T12:00")
FRIDAYS = Weekdays(kind="weekdays", days=("friday",), timezone="UTC")
TURN = Dates(kind="dates", dates=("--12-24/--01-02",), timezone="UTC")


def test_the_last_day_of_all_is_a_friday() -> None:
    with pytest.raises(BadValue, match="every occurrence is left out"):
        Once(kind="once", at=END, except_=(FRIDAYS,), roll="forward")
    back = Once(kind="once", at=END, except_=(FRIDAYS,), roll="back")
    assert back.next_due(EPOCH) == back.last_due(LAST) == END - DAY


@pytest.mark.parametrize("days", [FRIDAYS, TURN])
@pytest.mark.parametrize("roll", ["none", "forward", "back"])
def test_a_schedule_that_begins_shortly_before_the_end(days: Any, roll: Any) -> None:
    daily = Every(kind="every", seconds=86_400, anchor=at("9999-12-20T12:00"), except_=(days,), roll=roll)
    expected = [at("9999-12-20T12:00") + n * DAY for n in range(12)]
    expected = (
        [due for due in expected if due.day < 24] if days is TURN else [due for due in expected if due.day % 7 != 3]
    )
    found, after = [], EPOCH
    while (due := daily.next_due(after)) is not None:
        found.append(due)
        after = due
    assert found == expected  # what rolls meets what is there, or goes beyond the end
    assert daily.last_due(LAST) == expected[-1]
    assert daily.count(EPOCH, LAST) == len(expected)


def test_what_rolls_before_the_beginning_is_left_out() -> None:
    days = Dates(kind="dates", dates=("1970-01-01/1970-01-03",), timezone="UTC")
    daily = Every(kind="every", seconds=86_400, anchor=EPOCH, except_=(days,), roll="back")
    assert daily.next_due(EPOCH) == EPOCH + 3 * DAY
    assert daily.last_due(EPOCH + 2 * DAY) is None
    assert daily.count(EPOCH, EPOCH + 4 * DAY) == 2


def leaf(index: int) -> Cron:
    return cron(f"{index % 60} {index % 24} * * *")


def tree() -> AnyOf:
    inner = (AnyOf(kind="any_of", schedules=tuple(leaf(i * 9 + j) for j in range(9))) for i in range(9))
    return AnyOf(kind="any_of", schedules=tuple(inner))


JUDGED: tuple[Callable[[], Any], ...] = (
    lambda: cron("0 9 * * 6,0", WEEKEND, cron("0 9 * * 1"), roll="forward"),
    lambda: cron("0 9 * * *", cron("0 9 * * *")),
    lambda: cron("* * * * *", cron("* * * * *", starts_at=at("2020-01-01"))),
    lambda: cron("*/30 * * * *", Dates(kind="dates", dates=("2026-01-01/2026-12-31",)), roll="forward"),
    lambda: cron("* * * * *", Dates(kind="dates", dates=("--01-02/--12-31",)), roll="back"),
    lambda: cron("* * * * *", *(cron(f"*/2 * * {month} *") for month in range(1, 13)), WEEKEND),
    lambda: AnyOf(kind="any_of", schedules=(tree(),), except_=(tree(),)),
    lambda: AnyOf(kind="any_of", schedules=(tree(),), except_=(tree(), WEEKEND), roll="back"),
    lambda: AnyOf(kind="any_of", schedules=(cron("* * * * *", cron("0-59 * * * *")),), except_=(WEEKEND,)),
    lambda: Rrule(
        kind="rrule",
        rule="FREQ=MINUTELY;INTERVAL=7;BYDAY=SA",
        start="2020-01-01T00:00:00",
        timezone="Europe/Berlin",
        except_=(WEEKEND,),
    ),
)
"""Whether these leave anything is hard to see; bench/words.py measures what judging them costs."""


@pytest.mark.parametrize(
    "make",
    [
        lambda: cron("0 9 * * SAT", WEEKEND),
        lambda: cron("0 9 * * 6,0", WEEKEND, cron("0 9 * * 1"), roll="forward"),
        lambda: cron("0 9 24 12 *", Dates(kind="dates", dates=("--12-24",))),
        lambda: cron("0 9 * * 1-5", cron("* * * * 1-5")),
        lambda: cron("* * * * *", cron("* * * * *")),
        lambda: cron("0 9 * * *", Dates(kind="dates", dates=("--03-01/--02-29",))),
        lambda: AnyOf(kind="any_of", schedules=(cron("0 9 * * SAT"), cron("0 8 * * SUN")), except_=(WEEKEND,)),
    ],
)
def test_what_leaves_nothing_for_as_long_as_the_calendar_takes_to_repeat_is_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(BadValue, match="every occurrence is left out"):
        make()
