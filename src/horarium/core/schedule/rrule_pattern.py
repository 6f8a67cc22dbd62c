"""The readings a rule names on an ideal wall clock that never changes. A reading is seconds since 1970 of that clock.

Three ways find them, each blind to the age of `start`: a rule whose days all have the same times (`Daily`, nearly all rules), one
whose BYSETPOS chooses within a week, month or year (rrule_picks), and one that steps through days at changing times
(rrule_steps).
"""

from typing import Final, Protocol

from horarium.core.errors import BadSchedule
from horarium.core.schedule.local import END_DAY
from horarium.core.schedule.rrule_days import Days
from horarium.core.schedule.rrule_picks import Picks
from horarium.core.schedule.rrule_steps import Steps
from horarium.core.schedule.rrule_text import Frequency, RruleText
from horarium.core.schedule.rrule_times import Times, times_of_day
from horarium.core.schedule.rrule_years import YearMasks
from horarium.core.schedule.tzif import DAY

END: Final = END_DAY * DAY
STEPPED_YEARS_MAX: Final = 50
"""A rule that steps through days at changing times must come to its first reading, and to the last of its COUNT, within so many
years: then it is read or refused within 50 ms. All others are judged by the whole calendar."""


class Readings(Protocol):
    """A rule without beginning and end. The callers stay within [0, END)."""

    def next(self, reading: int, end: int | None = None) -> int | None:
        """The first named reading from `reading` on. `end` lets a long search stop early."""
        ...

    def last(self, reading: int, floor: int) -> int | None:
        """The last named reading up to `reading`, not before `floor`."""
        ...

    def count(self, begin: int, end: int) -> int:
        """How many readings are named from `begin` on, before `end`."""
        ...

    def nth(self, start: int, count: int, end: int | None = None) -> int | None:
        """The reading that many named ones on, `start` included; None where the calendar (or a long search) ends before."""
        ...


class Daily:
    """The same times on each of its days."""

    __slots__ = ("days", "times")

    def __init__(self, days: Days, times: Times) -> None:
        self.days = days
        self.times = times

    def next(self, reading: int, end: int | None = None) -> int | None:
        day, time = divmod(reading, DAY)
        if time > self.times.final:
            day, time = day + 1, 0
        found = self.days.next(day)
        if found is None:
            return None
        return found * DAY + (self.times.next(time) if found == day else self.times.first)

    def last(self, reading: int, floor: int) -> int | None:
        day, time = divmod(reading, DAY)
        if time < self.times.first:
            day, time = day - 1, DAY
        found = self.days.last(day, floor // DAY)
        if found is None:
            return None
        last = found * DAY + (self.times.last(time) if found == day else self.times.final)
        return last if last >= floor else None

    def count(self, begin: int, end: int) -> int:
        return self._rank(end, begin // DAY) - self._rank(begin, begin // DAY)

    def nth(self, start: int, count: int, end: int | None = None) -> int | None:
        first_day, time = divmod(start, DAY)
        index = count - 1 + (self.times.rank(time) if self.days.has(first_day) else 0)
        days, rest = divmod(index, self.times.size)
        day = self.days.nth(first_day, days)
        return None if day is None else day * DAY + self.times.nth(rest)

    def _rank(self, reading: int, first_day: int) -> int:
        """How many readings lie before it, from midnight of `first_day` on."""
        day, time = divmod(reading, DAY)
        rank = self.days.count(first_day, day) * self.times.size
        if time > self.times.first and self.days.has(day):
            rank += self.times.rank(time)
        return rank


class Pattern:
    """What Reckoning asks of a rule: its readings from `first` to `final`. Raises BadSchedule where there is none."""

    __slots__ = ("_readings", "final", "first")

    cyclic: Final = False
    """It begins somewhere and its interval may divide no cycle: what 400 years hold says nothing about the next 400."""

    def __init__(self, text: RruleText, start: int) -> None:
        self._readings = _readings(text, start)
        horizon = start + STEPPED_YEARS_MAX * 366 * DAY if isinstance(self._readings, Steps) else None
        first = self._readings.next(start, horizon)
        if first is None and horizon is not None:
            message = f"no such time comes within {STEPPED_YEARS_MAX} years of the start"
            raise BadSchedule("rule", message, _remedy(text), _column(text))
        if first is None:
            raise BadSchedule("rule", "no such day or time ever comes", _remedy(text), _column(text))
        self.first = first
        self.final = END - 1
        if text.until is not None:
            if text.until < first:
                message = "the rule ends before its first day or time comes"
                raise BadSchedule("rule", message, "let UNTIL follow the start", text.columns["UNTIL"])
            self.final = min(text.until, self.final)
        elif text.count is not None:
            final = self._readings.nth(first, text.count, horizon)
            if final is None and horizon is not None:
                message = f"counting to {text.count:,} takes more than {STEPPED_YEARS_MAX} years"
                raise BadSchedule("rule", message, "end the rule with UNTIL instead", text.columns["COUNT"])
            self.final = self.final if final is None else final

    def next(self, reading: int) -> int | None:
        """The first named reading from `reading` on."""
        if reading <= self.first:
            return self.first
        if reading > self.final:
            return None
        found = self._readings.next(reading)
        return None if found is None or found > self.final else found

    def last(self, reading: int) -> int | None:
        """The last named reading up to `reading`."""
        if reading < self.first:
            return None
        return self._readings.last(min(reading, self.final), self.first)

    def count(self, begin: int, end: int) -> int:
        """How many readings are named from `begin` on, before `end`."""
        begin, end = max(begin, self.first), min(end, self.final + 1)
        return self._readings.count(begin, end) if begin < end else 0


def _readings(text: RruleText, start: int) -> Readings:
    day, time = divmod(start, DAY)
    masks = YearMasks(text, day)
    if not masks.any():
        raise BadSchedule("rule", "no year has such a day", _remedy(text), _column(text))
    times = times_of_day(text, time)
    if times is None:
        return Steps(text, start, Days(text, day, masks))
    if times.size == 0:
        raise BadSchedule("rule", "no day has such a time", _remedy(text), _column(text))
    if text.frequency is Frequency.WEEKLY and text.positions:
        most = max(len({weekday for weekday, _ in text.weekdays}), 1) * times.size
        if all(abs(at) > most for at in text.positions):
            message = f"a week of this rule has no more than {most:,} instants to choose from"
            raise BadSchedule("rule", message, _remedy(text), text.columns["BYSETPOS"])
    if text.positions and text.frequency <= Frequency.WEEKLY:
        return Picks(text, day, masks, times)
    return Daily(Days(text, day, masks), times)


_DAY_PARTS: Final = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYMONTH")
_TIME_PARTS: Final = ("BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS", "INTERVAL")


def _column(text: RruleText) -> int | None:
    """Where the part stands that a person should look at first."""
    names = [name for name in (*_DAY_PARTS, *_TIME_PARTS) if name in text.columns]
    return text.columns[names[0]] if names else None


def _remedy(text: RruleText) -> str:
    named = [name for name in (*_DAY_PARTS, *_TIME_PARTS) if name in text.columns]
    return f"check {', '.join(named)} against each other and against start"
