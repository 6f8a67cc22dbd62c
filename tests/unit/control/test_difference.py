"""What an edit adds, removes and moves, worked out by hand on the calendar of 2027."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from horarium.control.difference import Difference, Move, Side, difference
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.schedule import Schedule

SINCE = datetime(2027, 9, 25, tzinfo=UTC)
"""A Saturday, two in the morning in Berlin."""


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cron(expression: str, zone: str = "Europe/Berlin", **more: Any) -> Cron:
    return Cron(kind="cron", expression=expression, timezone=zone, **more)


def every(seconds: int, anchor: datetime, **more: Any) -> Every:
    return Every(kind="every", seconds=seconds, anchor=anchor, **more)


def compared(before: Schedule, after: Schedule, since: datetime = SINCE) -> Difference:
    return difference(Side(schedule=before), Side(schedule=after), since)


def days(*numbers: int, month: int, at: str) -> list[datetime]:
    return [instant(f"2027-{month:02}-{day:02}T{at}") for day in numbers]


def test_another_time_of_day_moves_and_fewer_days_remove() -> None:
    found = compared(cron("0 9 * * *"), cron("0 18 * * MON-FRI"))
    september, october = (27, 28, 29, 30), (1, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 25)
    old = days(*september, month=9, at="07:00") + days(*october, month=10, at="07:00")
    assert found.moved == tuple(Move(from_=at, to=at + timedelta(hours=9)) for at in old)
    weekends = days(25, 26, month=9, at="07:00") + days(2, 3, 9, 10, 16, 17, 23, 24, month=10, at="07:00")
    assert (found.removed, found.added) == (tuple(weekends), ())
    assert (found.through, found.truncated) == (instant("2027-10-25T21:59:59.999"), False)


def test_what_is_added_beside_what_stays_moves_nothing() -> None:
    found = compared(cron("0 9 * * *"), cron("0 9,18 * * *"))
    assert (len(found.added), found.removed, found.moved) == (31, (), ())
    assert found.added[0] == instant("2027-09-25T16:00")


def test_two_for_one_on_a_day_is_no_move() -> None:
    found = compared(cron("0 9 1 * *"), cron("0 10,11 1 * *"))
    assert found.removed == (instant("2027-10-01T07:00"),)
    assert found.added == (instant("2027-10-01T08:00"), instant("2027-10-01T09:00"))
    assert found.moved == ()


def test_another_day_is_no_move() -> None:
    found = compared(cron("0 9 1 10 *"), cron("0 9 2 10 *"))
    assert (found.removed, found.added) == ((instant("2027-10-01T07:00"),), (instant("2027-10-02T07:00"),))


def test_days_are_those_of_the_new_zone() -> None:
    to_tokyo = compared(cron("0 20 1 10 *"), cron("0 6 2 10 *", "Asia/Tokyo"))
    assert to_tokyo.moved == (Move(from_=instant("2027-10-01T18:00"), to=instant("2027-10-01T21:00")),)
    from_tokyo = compared(cron("0 6 2 10 *", "Asia/Tokyo"), cron("0 23 1 10 *"))
    assert from_tokyo.moved == ()  # both at 21:00Z: nothing changes at all
    assert (from_tokyo.added, from_tokyo.removed) == ((), ())
    to_elapsed = compared(cron("0 1 2 10 *"), Once(kind="once", at=instant("2027-10-02T21:00")))
    assert to_elapsed.moved == (Move(from_=instant("2027-10-01T23:00"), to=instant("2027-10-02T21:00")),)


def test_the_same_instants_said_otherwise_change_nothing() -> None:
    daily = Rrule(kind="rrule", rule="FREQ=DAILY", start="2027-01-01T09:00", timezone="Europe/Berlin")
    for after in (daily, cron("0 9 * * *")):
        found = compared(cron("0 9 * * *"), after)
        assert (found.added, found.removed, found.moved) == ((), (), ())


def test_a_dense_schedule_is_compared_through_its_thousandth_instant() -> None:
    found = compared(every(60, SINCE), every(60, SINCE + timedelta(seconds=30)))
    assert (found.through, found.truncated) == (SINCE + timedelta(seconds=59_970), True)
    assert len(found.removed) == 999
    assert len(found.added) == 1_000
    assert found.added[0] == SINCE + timedelta(seconds=30)


def test_on_the_day_that_is_cut_short_nothing_is_called_moved() -> None:
    dense = cron("* 0-15 * * *", "UTC")
    gone, came = instant("2027-09-26T00:00"), instant("2027-09-26T00:00:30")
    edited = AnyOf(
        kind="any_of",
        schedules=(cron("* 0-15 * * *", "UTC", except_=(Once(kind="once", at=gone),)), Once(kind="once", at=came)),
    )
    cut = compared(dense, edited)
    assert (cut.through, cut.truncated) == (instant("2027-09-26T00:40"), True)
    assert (cut.removed, cut.added, cut.moved) == ((gone,), (came,), ())
    thin = cron("0 0 * * *", "UTC")
    whole = compared(
        thin,
        AnyOf(
            kind="any_of",
            schedules=(cron("0 0 * * *", "UTC", except_=(Once(kind="once", at=gone),)), Once(kind="once", at=came)),
        ),
    )
    assert whole.moved == (Move(from_=gone, to=came),)


def test_a_maximum_counts_what_is_used_up() -> None:
    three = cron("0 9 * * *", max_occurrences=3)
    found = difference(Side(schedule=three, used=1), Side(schedule=cron("0 9 * * *", max_occurrences=1)), SINCE)
    assert (found.removed, found.added) == ((instant("2027-09-26T07:00"),), ())
    over = difference(Side(schedule=three, used=3), Side(schedule=three), SINCE)
    assert over.added == tuple(days(25, 26, 27, month=9, at="07:00"))


def test_where_nothing_was_due_all_is_added() -> None:
    found = difference(None, Side(schedule=cron("0 9 1 * *")), SINCE)
    assert (found.added, found.removed) == ((instant("2027-10-01T07:00"),), ())


@pytest.mark.parametrize("since", ["9999-12-30T12:00", "9999-12-31T23:59:59.999"])
def test_the_end_of_time_is_no_trouble(since: str) -> None:
    found = compared(cron("0 9 * * *", "UTC"), cron("0 10 * * *", "UTC"), instant(since))
    assert found.through == instant("9999-12-31T23:59:59.999")
