"""Sets of days, counted from 1970-01-01. Each answers four questions, two in each direction; a stretch is one step."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final, Protocol

from horarium.core.schedule.cron_days import EPOCH_ORDINAL

ROUNDS_MAX: Final = 10_000
"""Days of several lists may take turns for so long; weekends between two long stretches take two rounds."""
YEARS: Final = range(1970, 10_000)

Stretch = tuple[int, int]
"""First and last day, both included."""


class DaySet(Protocol):
    """None: there is no such day."""

    def listed_from(self, day: int) -> int | None:
        """The first listed day from `day` on."""

    def listed_until(self, day: int) -> int | None:
        """The last listed day up to `day`."""

    def free_from(self, day: int) -> int | None:
        """The first day from `day` on that is not listed."""

    def free_until(self, day: int) -> int | None:
        """The last day up to `day` that is not listed."""


class Stretches:
    """Written days. They are sorted and merged first, also where they only touch."""

    __slots__ = ("_firsts", "_lasts")

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        for first, last in sorted(stretches):
            if self._lasts and first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(self._lasts[-1], last)
            else:
                self._firsts.append(first)
                self._lasts.append(last)

    def listed_from(self, day: int) -> int | None:
        i = bisect_left(self._lasts, day)
        return max(day, self._firsts[i]) if i < len(self._lasts) else None

    def listed_until(self, day: int) -> int | None:
        i = bisect_right(self._firsts, day) - 1
        return min(day, self._lasts[i]) if i >= 0 else None

    def free_from(self, day: int) -> int:
        i = bisect_left(self._lasts, day)
        return self._lasts[i] + 1 if i < len(self._lasts) and self._firsts[i] <= day else day

    def free_until(self, day: int) -> int:
        i = bisect_right(self._firsts, day) - 1
        return self._firsts[i] - 1 if i >= 0 and self._lasts[i] >= day else day


class Week:
    """The same weekdays in every week; Monday is 0. At least one is listed and at least one is not."""

    __slots__ = ("_back", "_on")

    def __init__(self, weekdays: Iterable[int]) -> None:
        listed = frozenset(weekdays)
        assert 0 < len(listed) < 7
        free = frozenset(range(7)) - listed
        # [weekday] → how many days to the next listed and to the next free one, in both directions
        self._on = tuple((_steps(weekday, listed, 1), _steps(weekday, free, 1)) for weekday in range(7))
        self._back = tuple((_steps(weekday, listed, -1), _steps(weekday, free, -1)) for weekday in range(7))

    def listed_from(self, day: int) -> int:
        return day + self._on[(day + 3) % 7][0]

    def listed_until(self, day: int) -> int:
        return day - self._back[(day + 3) % 7][0]

    def free_from(self, day: int) -> int:
        return day + self._on[(day + 3) % 7][1]

    def free_until(self, day: int) -> int:
        return day - self._back[(day + 3) % 7][1]


class Yearly:
    """Days that somebody knows year by year, asked for only where they are needed. `years` are those that may hold any."""

    __slots__ = ("_days", "_years")

    def __init__(self, days: Callable[[int], Sequence[int]], years: range) -> None:
        self._days = days
        self._years = range(max(years.start, YEARS.start), min(years.stop, YEARS.stop))

    def listed_from(self, day: int) -> int | None:
        for year in range(max(_year(day), self._years.start), self._years.stop):
            days = self._days(year)
            i = bisect_left(days, day)
            if i < len(days):
                return days[i]
        return None

    def listed_until(self, day: int) -> int | None:
        for year in range(min(_year(day), self._years.stop - 1), self._years.start - 1, -1):
            days = self._days(year)
            i = bisect_right(days, day) - 1
            if i >= 0:
                return days[i]
        return None

    def free_from(self, day: int) -> int:
        while self._has(day):  # ends with the years
            day += 1
        return day

    def free_until(self, day: int) -> int:
        while self._has(day):
            day -= 1
        return day

    def _has(self, day: int) -> bool:
        year = _year(day)
        if year not in self._years:
            return False
        days = self._days(year)
        i = bisect_left(days, day)
        return i < len(days) and days[i] == day


class United:
    """Every day that one of several sets lists."""

    __slots__ = ("_sets",)

    def __init__(self, sets: Sequence[DaySet]) -> None:
        self._sets = tuple(sets)

    def listed_from(self, day: int) -> int | None:
        return min((found for one in self._sets if (found := one.listed_from(day)) is not None), default=None)

    def listed_until(self, day: int) -> int | None:
        return max((found for one in self._sets if (found := one.listed_until(day)) is not None), default=None)

    def free_from(self, day: int) -> int | None:
        return self._free(day, lambda one, at: one.free_from(at))

    def free_until(self, day: int) -> int | None:
        return self._free(day, lambda one, at: one.free_until(at))

    def _free(self, day: int, next_free: Callable[[DaySet, int], int | None]) -> int | None:
        """The sets take turns, each taking the day beyond its own ones, until none moves it any more."""
        for _ in range(ROUNDS_MAX):
            begun = day
            for one in self._sets:
                free = next_free(one, day)
                if free is None:
                    return None
                day = free
            if day == begun:
                return day
        return None


def united(sets: Sequence[DaySet]) -> DaySet:
    """One set of several."""
    return sets[0] if len(sets) == 1 else United(sets)


def day_number(day: date) -> int:
    """The day, counted from 1970-01-01."""
    return day.toordinal() - EPOCH_ORDINAL


def _year(day: int) -> int:
    ordinal = day + EPOCH_ORDINAL
    return date.fromordinal(ordinal).year if 1 <= ordinal <= date.max.toordinal() else (0 if ordinal < 1 else 10_000)


def _steps(weekday: int, among: frozenset[int], step: int) -> int:
    return next(count for count in range(7) if (weekday + step * count) % 7 in among)
