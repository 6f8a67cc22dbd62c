"""Where schedules start and end, in the words of people: days without a year, weekdays to come, ends of months."""

from datetime import UTC, datetime
from typing import Any

import pytest

from horarium.core.schedule.phrase import parse

NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)  # a Friday, 11:20 in Berlin
BERLIN = "Europe/Berlin"


def bounds(text: str, now: datetime = NOW, zone: str = BERLIN) -> tuple[str | None, str | None]:
    """The two ends of a schedule in UTC; of an end that is the last millisecond of a day, the day's own midnight after it."""
    read: Any = parse(text, zone, now).schedule
    start = None if read.starts_at is None else f"{read.starts_at:%Y-%m-%dT%H:%M}"
    end = None if read.ends_at is None else f"{read.ends_at:%Y-%m-%dT%H:%M:%S}"
    return start, end


# In Berlin a day of winter begins at 23:00 UTC of the day before, one of summer (28 March to 30 October 2027) at 22:00.
@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("from 1 December until 24 December", "2027-11-30T23:00", "2027-12-24T22:59:59"),
        ("from December 1 to December 24", "2027-11-30T23:00", "2027-12-24T22:59:59"),
        ("from 24 December to 2 January", "2027-12-23T23:00", "2028-01-02T22:59:59"),
        ("from 1 January until 20 January", "2026-12-31T23:00", "2027-01-20T22:59:59"),  # it has begun
        ("from 2027-04-01 to 2027-06-30", "2027-03-31T22:00", "2027-06-30T21:59:59"),
        ("from tomorrow until Friday", "2027-01-15T23:00", "2027-01-22T22:59:59"),
        ("until 24 December", None, "2027-12-24T22:59:59"),
        ("until 10 January", None, "2028-01-10T22:59:59"),
        ("until 29 February", None, "2028-02-29T22:59:59"),
        ("until Monday", None, "2027-01-18T22:59:59"),
        ("until the end of the week", None, "2027-01-17T22:59:59"),
        ("until the end of the month", None, "2027-01-31T22:59:59"),
        ("until the end of this quarter", None, "2027-03-31T21:59:59"),
        ("until the end of the year", None, "2027-12-31T22:59:59"),
        ("until end of year", None, "2027-12-31T22:59:59"),
        ("until end of June", None, "2027-06-30T21:59:59"),
        ("until the last day of February 2028", None, "2028-02-29T22:59:59"),
        ("starting 1 December", "2027-11-30T23:00", None),
        ("from Monday", "2027-01-17T23:00", None),
        ("starting Monday", "2027-01-17T23:00", None),
        ("starting Monday until Friday", "2027-01-17T23:00", "2027-01-22T22:59:59"),
        ("starting 2027-02-03 until the end of the month", "2027-02-02T23:00", "2027-02-28T22:59:59"),
        ("from now until the end of the month", "2027-01-15T10:20", "2027-01-31T22:59:59"),
        ("starting in 3 days", "2027-01-17T23:00", None),
        ("starting 2 weeks from now", "2027-01-28T23:00", None),
        ("starting in 90 minutes", "2027-01-15T11:50", None),
    ],
)
def test_where_it_starts_and_ends(said: str, start: str | None, end: str | None) -> None:
    assert bounds(f"every day at 9:00 {said}") == (start, end)
    assert bounds(f"{said}, every day at 9:00") == (start, end)


def test_a_stretch_without_years_is_the_one_that_ends_next() -> None:
    during = datetime(2027, 12, 28, 12, 0, tzinfo=UTC)
    assert bounds("every day at 9 from 24 December to 2 January", during) == ("2027-12-23T23:00", "2028-01-02T22:59:59")
    after = datetime(2028, 1, 3, 12, 0, tzinfo=UTC)
    assert bounds("every day at 9 from 24 December to 2 January", after) == ("2028-12-23T23:00", "2029-01-02T22:59:59")


@pytest.mark.parametrize(
    ("said", "dates"),
    [
        ("except tomorrow", [("2027-01-16",)]),
        ("except today and tomorrow", [("2027-01-15",), ("2027-01-16",)]),
        ("except next Monday", [("2027-01-18",)]),
    ],
)
def test_days_ahead_can_be_left_out(said: str, dates: list[tuple[str, ...]]) -> None:
    read: Any = parse(f"every day at 9:00 {said}", BERLIN, NOW).schedule
    assert [each.dates for each in read.except_] == dates


def test_days_ahead_are_those_of_the_place() -> None:
    late = datetime(2027, 1, 15, 23, 30, tzinfo=UTC)  # the 16th in Berlin
    assert bounds("every day at 9 starting in 3 days", late) == ("2027-01-18T23:00", None)
    assert bounds("every day at 9 starting in 3 days in New York", late) == ("2027-01-18T05:00", None)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            "every day at 9 until 24 December",
            "24 December is read as 2027-12-24 alone, not as that day of every year",
        ),
        ("every day at 9 until Monday", "Monday is 2027-01-18 in Europe/Berlin"),
        ("every day at 9 until the end of the year", "end of the year is 2027-12-31 in Europe/Berlin"),
        ("every day at 9 until end of June", "end of June is 2027-06-30 in Europe/Berlin"),
        ("every day at 9 starting in 3 days", "in 3 days is 2027-01-18 in Europe/Berlin"),
        ("every day at 9 starting in 2 hours", "in 2 hours is 2027-01-15 13:20:00 in Europe/Berlin"),
    ],
)
def test_what_day_that_is_stands_in_the_notes(text: str, note: str) -> None:
    assert note in parse(text, BERLIN, NOW).notes


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("half past seven every morning", "30 7 * * *"),
        ("half past seven every evening", "30 19 * * *"),
        ("every evening at half past seven", "30 19 * * *"),
        ("at quarter to nine", "45 8 * * *"),
        ("quarter to nine every evening", "45 20 * * *"),
        ("at 8 every evening", "0 20 * * *"),
        ("at 8 and 10 every evening", "0 20,22 * * *"),
        ("at 8 on Monday evening", "0 20 * * 1"),
        ("at 9 on Friday and Saturday nights", "0 21 * * 5,6"),
        ("at 20:00 every evening", "0 20 * * *"),
        ("every evening at 8 and 10", "0 20,22 * * *"),
        ("at midnight every night", "0 0 * * *"),
        ("every day at 9 from March to June", "0 9 * 3-6 *"),
    ],
)
def test_times_may_stand_before_their_part_of_the_day(text: str, expression: str) -> None:
    read: Any = parse(text, BERLIN, NOW).schedule
    assert read.expression == expression


def test_each_part_of_the_day_has_its_own_times() -> None:
    read: Any = parse("Monday morning at 8 and Friday evening at 9", BERLIN, NOW).schedule
    assert [member.expression for member in read.schedules] == ["0 8 * * 1", "0 21 * * 5"]


def test_times_of_a_list_before_their_part_of_the_day_that_share_no_minutes() -> None:
    read: Any = parse("at 8 and 9:30 every evening", BERLIN, NOW).schedule
    assert [member.expression for member in read.schedules] == ["0 20 * * *", "30 21 * * *"]
