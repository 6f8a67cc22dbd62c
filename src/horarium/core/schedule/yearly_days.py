"""Sets of days that repeat with the calendar: the same days of every year, and those that the day fields of cron name.

Both go on for ever, in both directions: after 400 years the calendar repeats, weekdays included.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from horarium.core.schedule.cron_days import EPOCH_ORDINAL, MONTHS_SEARCHED_MAX, Days

CYCLE_DAYS: Final = 146_097
"""Days in 400 years."""
YEARS_SEARCHED_MAX: Final = 9
"""The rarest day of a year, 29 February, comes after 8 years around 1900 and 2100."""
_DAYS: Final = 366
LEAP_YEAR: Final = 2000
_LEAP_DAY: Final = 59
"""Of a leap year, counted from 0."""
_FULL: Final = (1 << _DAYS) - 1

MonthDay = tuple[int, int]
YearlyStretch = tuple[MonthDay, MonthDay]
"""First and last day, both included."""


class _Masked:
    """A set whose days are bits of a mask: the days that are not listed are those of the mask turned over."""

    __slots__ = ()

    def listed_from(self, day: int) -> int | None:
        return self._from(day, flip=False)

    def listed_until(self, day: int) -> int | None:
        return self._until(day, flip=False)

    def free_from(self, day: int) -> int | None:
        return self._from(day, flip=True)

    def free_until(self, day: int) -> int | None:
        return self._until(day, flip=True)

    def _from(self, day: int, *, flip: bool) -> int | None:
        raise NotImplementedError

    def _until(self, day: int, *, flip: bool) -> int | None:
        raise NotImplementedError


class EveryYear(_Masked):
    """The same stretches in every year, both ends included; one that ends before it begins passes the turn of the year.

    29 February is a day of leap years only: in others, a stretch that ends there ends on the 28th, and one that begins there
    begins on 1 March.
    """

    __slots__ = ("_common", "_leap")

    def __init__(self, stretches: Iterable[YearlyStretch]) -> None:
        leap = 0
        for first, last in stretches:
            begin, end = _of_leap_year(first), _of_leap_year(last)
            stretch = (2 << end) - (1 << begin) if begin <= end else _FULL ^ ((1 << begin) - (2 << end))
            leap |= stretch
        self._leap = leap
        self._common = leap & (1 << _LEAP_DAY) - 1 | leap >> _LEAP_DAY + 1 << _LEAP_DAY

    def _from(self, day: int, *, flip: bool) -> int | None:
        at = _folded(day)
        year, passed = at.year, at.timetuple().tm_yday - 1
        first = day - passed
        for _ in range(YEARS_SEARCHED_MAX):
            length, mask = self._year(year, flip)
            rest = mask >> passed
            if rest:
                return first + passed + (rest & -rest).bit_length() - 1
            first, year, passed = first + length, year + 1, 0
        return None

    def _until(self, day: int, *, flip: bool) -> int | None:
        at = _folded(day)
        year, passed = at.year, at.timetuple().tm_yday - 1
        first = day - passed
        kept = (2 << passed) - 1
        for _ in range(YEARS_SEARCHED_MAX):
            rest = self._year(year, flip)[1] & kept
            if rest:
                return first + rest.bit_length() - 1
            year, kept = year - 1, _FULL
            first -= 366 if _is_leap(year) else 365
        return None

    def _year(self, year: int, flip: bool) -> tuple[int, int]:
        """(its length, the listed days of it or the others)."""
        length, mask = (366, self._leap) if _is_leap(year) else (365, self._common)
        return length, mask ^ (1 << length) - 1 if flip else mask


class CronDaySet(_Masked):
    """The days that the day fields of a cron text name."""

    __slots__ = ("_days",)

    def __init__(self, days: Days) -> None:
        self._days = days

    def _from(self, day: int, *, flip: bool) -> int | None:
        at = _folded(day)
        year, month, first, passed = at.year, at.month, day - at.day + 1, at.day
        for _ in range(MONTHS_SEARCHED_MAX):
            length, mask = self._days.month(year, month)
            rest = (mask ^ (2 << length) - 2 if flip else mask) >> passed
            if rest:
                return first + passed - 1 + (rest & -rest).bit_length() - 1
            first, passed = first + length, 0
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return None

    def _until(self, day: int, *, flip: bool) -> int | None:
        at = _folded(day)
        year, month, first, kept = at.year, at.month, day - at.day + 1, (2 << at.day) - 1
        for _ in range(MONTHS_SEARCHED_MAX):
            length, mask = self._days.month(year, month)
            rest = (mask ^ (2 << length) - 2 if flip else mask) & kept
            if rest:
                return first + rest.bit_length() - 2
            kept = -1
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
            first -= self._days.month(year, month)[0]
        return None


def _folded(day: int) -> date:
    """A day of the years 1970 to 2369 that has the same place in the calendar."""
    return date.fromordinal(day % CYCLE_DAYS + EPOCH_ORDINAL)


def _of_leap_year(day: MonthDay) -> int:
    return date(LEAP_YEAR, *day).timetuple().tm_yday - 1


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def last_of(month: int) -> int:
    """The last day of a month, of February in a leap year."""
    return 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
