"""Occurrences that move off the days left out."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

import pytest

from horarium.core.errors import BadValue
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import Dates, Holidays, Weekdays
from horarium.core.schedule.every import Every
from horarium.core.schedule.schedule import first_dues

MS = timedelta(milliseconds=1)
DAY = timedelta(days=1)
WEEKEND = Weekdays(kind="weekdays", days=("saturday", "sunday"))
GERMANY = Holidays(kind="holidays", country="DE")
Roll = Literal["forward", "back"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cron(text: str, *exceptions: Any, roll: Roll = "forward", **more: Any) -> Cron:
    return Cron(kind="cron", expression=text, except_=exceptions, roll=roll, **({"timezone": "Europe/Berlin"} | more))


def plain(text: str) -> Cron:
    return Cron(kind="cron", expression=text, timezone="Europe/Berlin")


def dates(*texts: str) -> Dates:
    return Dates(kind="dates", dates=texts)


@pytest.mark.parametrize(
    ("roll", "expected"),
    [
        # 1 January 2027 is a Friday and a holiday; 1 May a Saturday and a holiday; 1 August and 1 November are a Sunday and a
        # Monday. Berlin is at +1 until 28 March, then at +2 until 31 October.
        ("forward", ["01-04T08", "02-01T08", "03-01T08", "04-01T07", "05-03T07", "06-01T07", "07-01T07", "08-02T07"]),
        ("back", ["02-01T08", "03-01T08", "04-01T07", "04-30T07", "06-01T07", "07-01T07", "07-30T07", "09-01T07"]),
    ],
)
def test_the_first_of_the_month(roll: Roll, expected: list[str]) -> None:
    monthly = cron("0 9 1 * *", WEEKEND, GERMANY, roll=roll)
    named = tuple(at(f"2027-{text}:00") for text in expected)
    assert first_dues(monthly, at("2027-01-01"), 8) == named
    assert monthly.last_due(at("2027-01-03")) == (
        at("2026-12-01T08:00") if roll == "forward" else at("2026-12-31T08:00")
    )
    assert monthly.count(at("2027-01-01"), named[-1]) == 8
    for before, due in pairwise(named):
        assert monthly.last_due(due - MS) == before
        assert monthly.last_due(due) == due
        assert monthly.names(due)
        assert not monthly.names(due + MS)


def test_two_on_one_instant_are_one() -> None:
    daily = cron("0 9 * * *", WEEKEND)
    monday = at("2027-03-08T08:00")
    assert first_dues(daily, at("2027-03-05T08:00"), 2) == (monday, monday + DAY)
    assert daily.count(at("2027-03-01"), at("2027-03-08")) == 5
    back = cron("0 9 * * *", WEEKEND, roll="back")
    assert first_dues(back, at("2027-03-05"), 2) == (at("2027-03-05T08:00"), monday)


def test_other_times_of_day_join_those_of_the_day() -> None:
    mixed = AnyOf(
        kind="any_of",
        schedules=(plain("0 9 * * MON-FRI"), plain("0 7,11 * * SAT"), plain("30 10 * * SUN")),
        except_=(WEEKEND,),
        roll="forward",
    )
    assert first_dues(mixed, at("2027-03-05T12:00"), 5) == tuple(
        at(f"2027-03-{text}") for text in ("08T06:00", "08T08:00", "08T09:30", "08T10:00", "09T08:00")
    )
    assert mixed.last_due(at("2027-03-08T09:59")) == at("2027-03-08T09:30")
    assert mixed.count(at("2027-03-05T12:00"), at("2027-03-09")) == 4


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("30 2 27 3 *", "2027-03-27", "2027-03-28T01:00"),  # skipped there: the first instant after the gap
        ("30 2 30 10 *", "2027-10-30", "2027-10-31T00:30"),  # repeated there: the first pass
    ],
)
def test_onto_a_day_on_which_the_clock_changes(text: str, day: str, expected: str) -> None:
    assert cron(text, dates(day)).next_due(at("2027-01-01")) == at(expected)


def test_both_passes_roll_onto_one_instant() -> None:
    twice = cron("30 2 * * *", dates("2027-10-31"), dst_fold="both")
    assert first_dues(twice, at("2027-10-30T12:00"), 2) == (at("2027-11-01T01:30"), at("2027-11-02T01:30"))
    assert twice.count(at("2027-10-30T12:00"), at("2027-11-01T12:00")) == 1


def test_milliseconds_stay() -> None:
    period = Every(kind="every", seconds=86_400, anchor=at("2027-01-02T10:00:00.250"))
    moved = AnyOf(
        kind="any_of",
        schedules=(period, plain("0 9 * * MON")),
        except_=(WEEKEND,),
        roll="forward",
    )
    assert moved.next_due(at("2027-01-04T08:00")) == at("2027-01-04T10:00:00.250")


def test_nobody_waits_longer_than_a_year() -> None:
    # From 1 January 2027 it is 366 days to 2 January 2028.
    assert cron("0 9 1 1 *", dates("2027-01-01/2028-01-01")).next_due(at("2026-06-01")) == at("2028-01-02T08:00")
    late = cron("0 9 1 1 *", dates("2027-01-01/2028-01-02"))
    assert first_dues(late, at("2026-06-01"), 2) == (at("2028-01-03T08:00"), at("2029-01-01T08:00"))
    assert late.count(at("2026-06-01"), at("2028-12-01")) == 1
    back = cron("0 9 31 12 *", dates("2026-12-31/2027-12-31"), roll="back")
    # From 31 December 2027 it is 366 days back to 30 December 2026, on which that of 2026 falls as well.
    assert first_dues(back, at("2026-06-01"), 2) == (at("2026-12-30T08:00"), at("2028-12-31T08:00"))
    further = cron("0 9 31 12 *", dates("2026-12-30/2027-12-31"), roll="back")
    assert first_dues(further, at("2026-06-01"), 2) == (at("2026-12-29T08:00"), at("2028-12-31T08:00"))
    assert further.last_due(at("2028-12-30")) == at("2026-12-29T08:00")
    never_back = cron("0 9 * * *", dates("1970-01-01/2027-06-30"), roll="back")
    assert never_back.next_due(at("2026-01-01")) == at("2027-07-01T07:00")
    assert never_back.last_due(at("2027-07-01")) is None


def test_instants_left_out_are_judged_where_they_land() -> None:
    # Saturday and Sunday land on Monday at nine, which is left out; Monday's own as well.
    weekly = cron("0 9 * * *", WEEKEND, plain("0 9 * * MON"))
    assert first_dues(weekly, at("2027-03-05"), 2) == (at("2027-03-05T08:00"), at("2027-03-09T08:00"))
    assert weekly.count(at("2027-03-05T12:00"), at("2027-03-09")) == 0
    # What is left out by its own instant, on the Saturday, is moved away before anybody looks.
    assert cron("0 9 * * SAT", WEEKEND, plain("0 9 * * SAT")).next_due(at("2027-03-05")) == at("2027-03-08T08:00")


def test_bounds_judge_where_they_land() -> None:
    saturday = at("2027-03-06T08:00")
    assert cron("0 9 6 3 *", WEEKEND, starts_at=saturday + DAY).next_due(at("2027-01-01")) == saturday + 2 * DAY
    ended = cron("0 9 6 3 *", WEEKEND, ends_at=saturday + 400 * DAY)
    assert ended.last_due(at("2029-01-01")) == at("2028-03-06T08:00")  # 6 March 2028 is a Monday
    assert cron("0 9 6 3 *", WEEKEND, ends_at=at("2028-03-06")).last_due(at("2029-01-01")) == saturday + 2 * DAY


def test_jitter_fills_the_way_to_where_the_next_lands() -> None:
    daily = cron("0 9 * * *", WEEKEND, jitter_seconds=86_400)
    assert max(daily.delay(bytes([n]) * 16, at("2027-03-05T08:00")) for n in range(50)) > 20 * (DAY / 24)
    close = cron("0 9 * * FRI,SAT", dates("2027-03-06"), roll="back", jitter_seconds=86_400)
    assert close.next_due(at("2027-03-05T08:00")) == at("2027-03-12T08:00")


def test_every_minute_of_the_week_rolls() -> None:
    minutely = cron("* * * * *", WEEKEND)
    assert minutely.count(at("2027-03-01") - MS, at("2027-03-08") - MS) == 5 * 1_440
    assert minutely.next_due(at("2027-03-05T22:59")) == at("2027-03-07T23:00")
    assert minutely.last_due(at("2027-03-07T22:59")) == at("2027-03-05T22:59")


@pytest.mark.parametrize(
    ("make", "field", "said"),
    [
        (lambda: Cron(kind="cron", expression="0 9 * * *", timezone="UTC", roll="back"), "roll", "no day to roll off"),
        (lambda: cron("0 9 * * *", plain("0 9 1 * *")), "roll", "no day to roll off"),
        (
            lambda: cron("0 9 * * *", WEEKEND, Dates(kind="dates", dates=("2027-01-01",), timezone="UTC")),
            "roll",
            "several time zones",
        ),
        (lambda: cron("*/30 * * * * *", WEEKEND), "roll", "at most 1,440"),
    ],
)
def test_rolls_that_are_refused(make: Any, field: str, said: str) -> None:
    with pytest.raises(BadValue, match=said) as refused:
        make()
    assert refused.value.field == field
    assert refused.value.remedy
