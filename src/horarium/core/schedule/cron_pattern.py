"""The readings a cron text names on an ideal wall clock that never changes. A reading is seconds since 1970 of that clock."""

from typing import Final

from horarium.core.schedule.cron_days import Days
from horarium.core.schedule.cron_text import CronText
from horarium.core.schedule.tzif import DAY


class Pattern:
    """Next, last and rank of readings: bits within a day, cached masks within a month."""

    __slots__ = ("days", "first", "hours", "last_of_day", "minutes", "per_day", "seconds")

    cyclic: Final = True

    def __init__(self, text: CronText) -> None:
        self.seconds = text.seconds
        self.minutes = text.minutes
        self.hours = text.hours
        self.days = Days(text.days)
        self.first = (_low(self.hours) * 60 + _low(self.minutes)) * 60 + _low(self.seconds)
        self.last_of_day = (_high(self.hours) * 60 + _high(self.minutes)) * 60 + _high(self.seconds)
        self.per_day = self.hours.bit_count() * self.minutes.bit_count() * self.seconds.bit_count()

    def next(self, reading: int) -> int | None:
        """The first named reading from `reading` on."""
        day, time = divmod(reading, DAY)
        if time > self.last_of_day:
            day += 1
        elif self.days.has(day):
            return day * DAY + (self.first if time <= self.first else self._next_time(time))
        found = self.days.next(day)
        return None if found is None else found * DAY + self.first

    def last(self, reading: int) -> int | None:
        """The last named reading up to `reading`."""
        day, time = divmod(reading, DAY)
        if time < self.first:
            day -= 1
        elif self.days.has(day):
            return day * DAY + (self.last_of_day if time >= self.last_of_day else self._last_time(time))
        found = self.days.last(day)
        return None if found is None else found * DAY + self.last_of_day

    def count(self, begin: int, end: int) -> int:
        """How many readings are named from `begin` on, before `end`."""
        return self.rank(end) - self.rank(begin)

    def rank(self, reading: int) -> int:
        """How many readings are named before `reading`, from some fixed one on: differences of ranks count readings."""
        day, time = divmod(reading, DAY)
        rank = self.days.rank(day) * self.per_day
        return rank + self._count_before(time) if self.days.has(day) else rank

    def _next_time(self, time: int) -> int:
        """The first named time of day from `time` on, where there is one."""
        minute, second = divmod(time, 60)
        hour, minute = divmod(minute, 60)
        if self.hours >> hour & 1:
            if self.minutes >> minute & 1 and (rest := self.seconds >> second):
                return time + _low(rest)
            if rest := self.minutes >> minute + 1:
                return (hour * 60 + minute + 1 + _low(rest)) * 60 + _low(self.seconds)
        hour += 1 + _low(self.hours >> hour + 1)
        return (hour * 60 + _low(self.minutes)) * 60 + _low(self.seconds)

    def _last_time(self, time: int) -> int:
        """The last named time of day up to `time`, where there is one."""
        minute, second = divmod(time, 60)
        hour, minute = divmod(minute, 60)
        if self.hours >> hour & 1:
            if self.minutes >> minute & 1 and (rest := self.seconds & (2 << second) - 1):
                return (hour * 60 + minute) * 60 + _high(rest)
            if rest := self.minutes & (1 << minute) - 1:
                return (hour * 60 + _high(rest)) * 60 + _high(self.seconds)
        hour = _high(self.hours & (1 << hour) - 1)
        return (hour * 60 + _high(self.minutes)) * 60 + _high(self.seconds)

    def _count_before(self, time: int) -> int:
        minute, second = divmod(time, 60)
        hour, minute = divmod(minute, 60)
        per_minute = self.seconds.bit_count()
        count = _below(self.hours, hour) * self.minutes.bit_count() * per_minute
        if self.hours >> hour & 1:
            count += _below(self.minutes, minute) * per_minute
            if self.minutes >> minute & 1:
                count += _below(self.seconds, second)
        return count


def _low(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _high(mask: int) -> int:
    return mask.bit_length() - 1


def _below(mask: int, bit: int) -> int:
    return (mask & (1 << bit) - 1).bit_count()
