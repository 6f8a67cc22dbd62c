"""Lists of days that a schedule leaves out: written ones, weekdays, public holidays, a named calendar.

Days are local: of the list's own time zone, else of the schedule's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from horarium.core.errors import BadValue
from horarium.core.schedule import holiday_lists
from horarium.core.schedule.day_sets import YEARS, DaySet, Stretch, Stretches, Week, Yearly, day_number, united
from horarium.core.schedule.yearly_days import LEAP_YEAR, EveryYear, MonthDay, YearlyStretch
from horarium.core.schedule.zone import zone
from horarium.core.shape import Shape

DATES_MAX: Final = 1_000
LISTS_KEPT: Final = 256
"""Lists that were read before: one calendar stands in every task that uses it. Some 100 kilobytes each at most."""
CALENDAR_NAME_MAX: Final = 200
TWO_YEARS: Final = timedelta(days=2 * 366)
ALL_YEARS: Final = timedelta(days=28 * 366)
"""Within 28 years every day of the year comes on every weekday, the 29th of February too, as long as no century is passed."""
_DAY_OR_STRETCH: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?", re.ASCII)
_EVERY_YEAR: Final = re.compile(r"--(\d\d)-(\d\d)(?:/--(\d\d)-(\d\d))?", re.ASCII)
"""gMonthDay of XML Schema, part 2, section 3.3.12, without a time zone."""
_FORMS: Final = "2027-12-24 or 2027-12-24/2027-12-31, and for every year --12-24 or --12-24/--01-02"

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: Final[tuple[Weekday, ...]] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayList(Shape):
    """Base of all lists of days. `timezone`: whose days; None is the schedule's."""

    kind: str
    timezone: str | None = None

    def day_set(self) -> DaySet:
        raise NotImplementedError

    def repeats_after(self) -> timedelta | None:
        """After so long its days repeat with the kinds of years; None where they do not."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates(DayList):
    """`dates`: each "2027-12-24", or a stretch "2027-12-24/2027-12-31" with both ends included; "--12-24" is that day of every
    year, "--12-24/--01-02" a stretch of every year, which may pass the turn of the year.

    "--02-29" comes in leap years only. In other years, a stretch that ends there ends on the 28th, and one that begins there
    begins on 1 March.
    """

    kind: Literal["dates"]
    dates: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_zone(self)
        if not self.dates:
            raise BadValue("dates", "names no day", "name one, or take the list away")
        read_days("dates", self.dates)

    def day_set(self) -> DaySet:
        return _written_days(self.dates)

    def repeats_after(self) -> timedelta | None:
        return None if _read_all(self.dates)[0] else ALL_YEARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekdays(DayList):
    """Every week the same days."""

    kind: Literal["weekdays"]
    days: tuple[Weekday, ...]

    def __post_init__(self) -> None:
        _check_zone(self)
        if not self.days:
            raise BadValue("days", "names no weekday", "name one, or take the list away")
        if len(set(self.days)) != len(self.days):
            raise BadValue("days", "a weekday is named twice", "name each once")
        if len(self.days) == len(WEEKDAYS):
            raise BadValue("days", "leaves no day of the week", "leave one out")

    def day_set(self) -> DaySet:
        return Week(WEEKDAYS.index(day) for day in self.days)

    def repeats_after(self) -> timedelta | None:
        return TWO_YEARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays(DayList):
    """The public holidays of a country ("DE") or of a part of it ("BE"). `version`: of the lists of holidays that hold, written
    when the task is saved."""

    kind: Literal["holidays"]
    country: str
    subdivision: str | None = None
    version: str | None = None

    def __post_init__(self) -> None:
        _check_zone(self)
        holiday_lists.check(self.country, self.subdivision)

    def day_set(self) -> DaySet:
        country, subdivision = self.country, self.subdivision
        return Yearly(lambda year: holiday_lists.days(country, subdivision, year), holiday_lists.years(country))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDays(DayList):
    """The days of a calendar that is kept under a name. `days` (written like those of `dates`) and `version` are put in when
    the task is saved; no verb can be asked before."""

    kind: Literal["calendar"]
    name: str
    version: int | None = None
    days: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        _check_zone(self)
        if not 1 <= len(self.name) <= CALENDAR_NAME_MAX:
            raise BadValue("name", f"a calendar's name has 1 to {CALENDAR_NAME_MAX} characters")
        read_days("days", self.days or ())

    def day_set(self) -> DaySet:
        assert self.days is not None, "whoever saves a schedule puts the days of its calendars in first"
        return _written_days(self.days)


def read_days(field: str, texts: Sequence[str]) -> None:
    """Raises BadValue at `field` for what is no day."""
    if len(texts) > DATES_MAX:
        raise BadValue(field, f"more than {DATES_MAX:,} entries", "write days that follow each other as one stretch")
    try:
        _read_all(tuple(texts))
    except BadValue as bad:
        raise BadValue(f"{field}.{bad.field}", bad.message, bad.remedy) from None


def yearly(text: str) -> YearlyStretch | None:
    """First and last day of a text that means every year; None for one that means days of certain years."""
    match = _EVERY_YEAR.fullmatch(text)
    if match is None:
        return None
    first = int(match[1]), int(match[2])
    return first, first if match[3] is None else (int(match[3]), int(match[4]))


@lru_cache(maxsize=LISTS_KEPT)
def _read_all(texts: tuple[str, ...]) -> tuple[tuple[Stretch, ...], tuple[YearlyStretch, ...]]:
    """The days of certain years, counted from 1970-01-01, and those of every year."""
    of_years, every_year = [], []
    for index, text in enumerate(texts):
        stretch = yearly(text)
        if stretch is None:
            of_years.append(_read(str(index), text))
        else:
            for day in stretch:
                _check_month_day(str(index), day)
            every_year.append(stretch)
    return tuple(of_years), tuple(every_year)


@lru_cache(maxsize=LISTS_KEPT)
def _written_days(texts: tuple[str, ...]) -> DaySet:
    of_years, every_year = _read_all(texts)
    if not every_year:
        return Stretches(of_years)
    return united([Stretches(of_years), EveryYear(every_year)] if of_years else [EveryYear(every_year)])


def _read(field: str, text: str) -> Stretch:
    match = _DAY_OR_STRETCH.fullmatch(text)
    if match is None:
        raise BadValue(field, f"{text[:40]!r} is no day", f"write it like {_FORMS}")
    try:
        first = date.fromisoformat(match[1])
        last = first if match[2] is None else date.fromisoformat(match[2])
    except ValueError as error:
        raise BadValue(field, f"there is no such day: {error}", "check it against a calendar") from None
    if first.year not in YEARS or last.year not in YEARS:
        raise BadValue(field, "this day is outside the years 1970 to 9999")
    if last < first:
        raise BadValue(field, "the stretch ends before it begins", f"write {match[2]}/{match[1]}")
    return day_number(first), day_number(last)


def _check_month_day(field: str, day: MonthDay) -> None:
    try:
        date(LEAP_YEAR, *day)
    except ValueError as error:
        raise BadValue(field, f"there is no such day: {error}", "check it against a calendar") from None


def _check_zone(days: DayList) -> None:
    if days.timezone is not None:
        zone(days.timezone)
