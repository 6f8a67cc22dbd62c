"""Lists of days: what they name, how they are written, and what is refused."""

from calendar import isleap
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from horarium.core.errors import BadValue
from horarium.core.schedule import holiday_lists
from horarium.core.schedule.cron import Cron, read_text
from horarium.core.schedule.day_lists import CalendarDays, Dates, DayList, Holidays, Weekdays
from horarium.core.schedule.day_sets import Stretches, United, Week, Yearly, day_number
from horarium.core.schedule.yearly_days import CronDaySet, EveryYear

AnyList = Dates | Weekdays | Holidays | CalendarDays
DAY = timedelta(days=1)


def left_out(days: AnyList, year: int) -> set[date]:
    """The days of the year on which nothing is due at noon."""
    noon = Cron(kind="cron", expression="0 12 * * *", timezone="UTC", except_=(days,))
    at, due = datetime(year, 1, 1, tzinfo=UTC) - timedelta(milliseconds=1), set()
    while (following := noon.next_due(at)) is not None and following.year == year:
        due.add(following.date())
        at = following
    return {date(year, 1, 1) + n * DAY for n in range(365 + isleap(year))} - due


def holidays(country: str, subdivision: str | None = None) -> Holidays:
    return Holidays(kind="holidays", country=country, subdivision=subdivision)


# From the laws, by hand: Easter Sunday is 28 March 2027.
BERLIN_2027 = [(1, 1), (3, 8), (3, 26), (3, 29), (5, 1), (5, 6), (5, 17), (10, 3), (12, 25), (12, 26)]
GERMANY_2027 = [day for day in BERLIN_2027 if day != (3, 8)]
# Juneteenth, Independence Day, Christmas and New Year 2028 fall on weekends and are kept on the weekday beside as well.
UNITED_STATES_2027 = [
    (1, 1), (1, 18), (2, 15), (5, 31), (6, 18), (6, 19), (7, 4), (7, 5), (9, 6), (10, 11), (11, 11), (11, 25), (12, 24),
    (12, 25), (12, 31),
]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (holidays("DE", "BE"), BERLIN_2027),
        (holidays("DE"), GERMANY_2027),
        (holidays("US"), UNITED_STATES_2027),
    ],
)
def test_public_holidays_of_2027(days: Holidays, expected: list[tuple[int, int]]) -> None:
    assert left_out(days, 2027) == {date(2027, *day) for day in expected}


def test_holidays_say_which_release_they_are_from() -> None:
    assert holiday_lists.version().count(".") >= 1


def test_beyond_the_years_a_country_knows_nothing_is_left_out() -> None:
    assert left_out(holidays("DE"), 2301) == set()
    assert left_out(holidays("DE"), 1971) == set()


def test_dates_and_stretches() -> None:
    listed = Dates(kind="dates", dates=("2028-02-29", "2028-12-24/2028-12-31", "2028-12-30/2029-01-02", "2028-05-01"))
    christmas = {date(2028, 12, day) for day in range(24, 32)}
    assert left_out(listed, 2028) == {date(2028, 2, 29), date(2028, 5, 1)} | christmas
    assert left_out(listed, 2029) == {date(2029, 1, 1), date(2029, 1, 2)}


def test_days_of_every_year() -> None:
    listed = Dates(kind="dates", dates=("--05-01", "--12-30/--01-02", "2028-06-01/2028-06-03", "--12-30"))
    turn = [(1, 1), (1, 2), (12, 30), (12, 31)]
    assert left_out(listed, 2027) == {date(2027, *day) for day in [*turn, (5, 1)]}
    assert left_out(listed, 2028) == {date(2028, *day) for day in [*turn, (5, 1), (6, 1), (6, 2), (6, 3)]}
    assert left_out(listed, 1970) == {date(1970, *day) for day in [*turn, (5, 1)]}
    assert left_out(listed, 9999) == {date(9999, *day) for day in [*turn, (5, 1)]}
    january = CalendarDays(kind="calendar", name="plant", version=1, days=("--01-01/--01-31",))
    assert left_out(january, 2027) == {date(2027, 1, day) for day in range(1, 32)}


@pytest.mark.parametrize(
    ("text", "common", "leap"),
    [
        ("--02-29", [], [(2, 29)]),
        ("--02-27/--02-29", [(2, 27), (2, 28)], [(2, 27), (2, 28), (2, 29)]),
        ("--02-29/--03-02", [(3, 1), (3, 2)], [(2, 29), (3, 1), (3, 2)]),
        ("--02-28", [(2, 28)], [(2, 28)]),
    ],
)
def test_the_leap_day(text: str, common: list[tuple[int, int]], leap: list[tuple[int, int]]) -> None:
    listed = Dates(kind="dates", dates=(text,))
    assert left_out(listed, 2027) == {date(2027, *day) for day in common}
    assert left_out(listed, 2100) == {date(2100, *day) for day in common}  # no leap year
    assert left_out(listed, 2028) == {date(2028, *day) for day in leap}


def test_every_day_but_the_leap_day() -> None:
    noon = Cron(
        kind="cron", expression="0 12 * * *", timezone="UTC", except_=(Dates(kind="dates", dates=("--03-01/--02-28",)),)
    )
    assert noon.next_due(datetime(2097, 1, 1, tzinfo=UTC)) == datetime(2104, 2, 29, 12, tzinfo=UTC)
    assert noon.last_due(datetime(2103, 12, 31, tzinfo=UTC)) == datetime(2096, 2, 29, 12, tzinfo=UTC)


def test_weekdays() -> None:
    # 2 January 2027 is a Saturday.
    weekend = left_out(Weekdays(kind="weekdays", days=("saturday", "sunday")), 2027)
    assert len(weekend) == 104
    assert {date(2027, 1, 2), date(2027, 1, 3), date(2027, 12, 26)} < weekend
    assert date(2027, 1, 4) not in weekend
    assert left_out(Weekdays(kind="weekdays", days=("thursday",)), 1970) >= {date(1970, 1, 1), date(1970, 1, 8)}


def test_a_calendar_needs_its_days_before_it_is_asked() -> None:
    bare = CalendarDays(kind="calendar", name="plant")
    filled = CalendarDays(kind="calendar", name="plant", version=3, days=("2027-08-02/2027-08-20",))
    assert left_out(filled, 2027) == {date(2027, 8, day) for day in range(2, 21)}
    assert left_out(CalendarDays(kind="calendar", name="plant", version=4, days=()), 2027) == set()
    schedule = Cron(kind="cron", expression="0 12 * * *", timezone="UTC", except_=(bare,))
    for verb in (schedule.next_due, schedule.last_due):
        with pytest.raises(AssertionError, match="puts the days of its calendars in first"):
            verb(datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("make", "field", "said"),
    [
        (lambda: Dates(kind="dates", dates=()), "dates", "names no day"),
        (lambda: Dates(kind="dates", dates=("2027-1-1",)), "dates.0", "is no day"),
        (lambda: Dates(kind="dates", dates=("2027-01-01", "2027-02-29")), "dates.1", "no such day"),
        (lambda: Dates(kind="dates", dates=("2027-01-01/",)), "dates.0", "is no day"),
        (lambda: Dates(kind="dates", dates=("2027-01-01\n",)), "dates.0", "is no day"),
        (lambda: Dates(kind="dates", dates=("٢٠٢٧-01-01",)), "dates.0", "is no day"),
        (lambda: Dates(kind="dates", dates=("2027-02-01/2027-01-01",)), "dates.0", "ends before it begins"),
        (lambda: Dates(kind="dates", dates=("1969-12-31",)), "dates.0", "outside the years"),
        (lambda: Dates(kind="dates", dates=("--02-30",)), "dates.0", "no such day"),
        (lambda: Dates(kind="dates", dates=("--12-24", "--13-01/--01-01")), "dates.1", "no such day"),
        (lambda: Dates(kind="dates", dates=("--12-24/01-02",)), "dates.0", "is no day"),
        (lambda: Dates(kind="dates", dates=("--12-24/2028-01-02",)), "dates.0", "is no day"),
        (lambda: Dates(kind="dates", dates=("2027-12-24/--01-02",)), "dates.0", "is no day"),
        (lambda: Dates(kind="dates", dates=("-12-24",)), "dates.0", "is no day"),
        (lambda: Dates(kind="dates", dates=("2027-01-01",) * 1_001), "dates", "more than 1,000"),
        (lambda: Dates(kind="dates", dates=("2027-01-01",), timezone="PST"), "timezone", "abbreviation"),
        (lambda: Weekdays(kind="weekdays", days=()), "days", "names no weekday"),
        (lambda: Weekdays(kind="weekdays", days=("monday", "monday")), "days", "twice"),
        (
            lambda: Weekdays(
                kind="weekdays",
                days=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            ),
            "days",
            "leaves no day",
        ),
        (lambda: CalendarDays(kind="calendar", name=""), "name", "1 to 200"),
        (lambda: CalendarDays(kind="calendar", name="a", days=("tomorrow",)), "days.0", "is no day"),
    ],
)
def test_lists_that_cannot_be_meant(make: Callable[[], DayList], field: str, said: str) -> None:
    with pytest.raises(BadValue, match=said) as refused:
        make()
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("country", "subdivision", "field", "remedy"),
    [
        ("de", None, "country", "DE"),
        ("DEU", None, "country", "DE"),
        ("Germany", None, "country", "ISO 3166"),
        ("ZZ", None, "country", ""),
        ("", None, "country", "ISO 3166"),
        ("NYSE", None, "country", ""),
        ("DE", "Berlin", "subdivision", "write BE"),
        ("DE", "Bayer", "subdivision", "did you mean BY?"),
        ("DE", "be", "subdivision", "did you mean BE?"),
        ("DE", "", "subdivision", "use one of BB, BE"),
        ("GR", "A", "subdivision", "leave it out"),
        ("US", "XX", "subdivision", ""),
    ],
)
def test_unknown_places_name_the_nearest(country: str, subdivision: str | None, field: str, remedy: str) -> None:
    with pytest.raises(BadValue) as refused:
        holidays(country, subdivision)
    assert refused.value.field == field
    assert remedy in (refused.value.remedy or "")


SETS: list[Any] = [
    Stretches([(3, 5), (6, 7), (20, 20), (22, 30), (25, 26)]),
    Week([0, 4, 5]),
    Yearly(lambda year: tuple(day_number(date(year, *day)) for day in ((1, 1), (1, 2), (12, 31))), range(1971, 1974)),
]
SETS.append(United(SETS))
SETS += [
    EveryYear([((12, 30), (1, 2)), ((2, 29), (2, 29)), ((5, 1), (5, 3))]),
    CronDaySet(read_text("* * 1-5 * 5L")[0].days),
    CronDaySet(read_text("* * * 1-3,12 2#2")[0].days),
]


@pytest.mark.parametrize("days", SETS)
def test_the_four_questions_agree(days: Any) -> None:
    """Each answer is found again by going from day to day."""

    def is_listed(day: int) -> bool:
        return bool(days.free_from(day) != day)

    span = range(-10, 1_500)
    for day in range(700):
        assert days.listed_from(day) == next((d for d in range(day, 3_000) if is_listed(d)), None)
        assert days.listed_until(day) == next((d for d in range(day, -3_000, -1) if is_listed(d)), None)
        assert days.free_from(day) == next(d for d in range(day, span.stop) if not is_listed(d))
        assert days.free_until(day) == next(d for d in range(day, -3_000, -1) if not is_listed(d))


def test_sets_list_the_days_they_were_given() -> None:
    stretches, week, yearly, united, every_year, first_days, second_tuesdays = SETS

    def listed(days: Any, stop: int) -> list[int]:
        return [day for day in range(stop) if days.free_from(day) != day]

    assert listed(stretches, 40) == [3, 4, 5, 6, 7, 20, *range(22, 31)]
    assert listed(week, 9) == [1, 2, 4, 8]  # day 0 is a Thursday
    assert listed(yearly, 800) == [365, 366, 729, 730, 731]
    assert listed(every_year, 130) == [0, 1, 120, 121, 122]
    assert listed(every_year, 800)[-3:] == [730, 731, 789]  # 1972 is a leap year
    assert listed(first_days, 60) == [0, 1, 2, 3, 4, 29, 31, 32, 33, 34, 35, 57, 59]  # 30 January 1970 is a Friday
    assert listed(second_tuesdays, 400) == [12, 40, 68, 341, 376]
    assert listed(united, 9) == [1, 2, 3, 4, 5, 6, 7, 8]
