"""The times of day a rule names, where they are the same on each of its days.

They are kept as (outer, inner): every inner offset after every outer one, both in seconds. A rule with a time for each second
of some hours is so 24 numbers and 3,600 instead of 86,400.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from horarium.core.schedule.rrule_text import Frequency, RruleText
from horarium.core.schedule.tzif import DAY

HOUR: Final = 3600


class Times:
    """Next, last and rank of times of day. Inner offsets stay below `width`, the distance of the closest outer ones."""

    __slots__ = ("final", "first", "inner", "outer", "size", "width")

    def __init__(self, outer: Sequence[int], inner: Iterable[int], width: int) -> None:
        self.outer = outer
        self.inner = array("I", inner)
        self.width = width
        self.size = len(outer) * len(self.inner)
        self.first = outer[0] + self.inner[0] if self.size else 0
        self.final = outer[-1] + self.inner[-1] if self.size else 0

    def next(self, time: int) -> int:
        """The first time from `time` on, where there is one."""
        if time <= self.first:
            return self.first
        at = bisect_right(self.outer, time) - 1
        inner = bisect_left(self.inner, time - self.outer[at])
        if inner < len(self.inner):
            return self.outer[at] + self.inner[inner]
        return self.outer[at + 1] + self.inner[0]

    def last(self, time: int) -> int:
        """The last time up to `time`, where there is one."""
        if time >= self.final:
            return self.final
        at = bisect_right(self.outer, time) - 1
        inner = bisect_right(self.inner, time - self.outer[at]) - 1
        return self.outer[at] + self.inner[inner] if inner >= 0 else self.outer[at - 1] + self.inner[-1]

    def rank(self, time: int) -> int:
        """How many times lie before `time`."""
        at = bisect_right(self.outer, time) - 1
        return 0 if at < 0 else at * len(self.inner) + bisect_left(self.inner, time - self.outer[at])

    def nth(self, index: int) -> int:
        """The time of that index, counted from 0."""
        outer, inner = divmod(index, len(self.inner))
        return self.outer[outer] + self.inner[inner]


def times_of_day(text: RruleText, start_time: int) -> Times | None:
    """The times of a rule, empty where it has none; None where they differ from day to day (an interval that splits days).

    BYSETPOS is asked here where its period is a day or shorter.
    """
    hours, minutes, seconds = (tuple(sorted(part)) for part in (text.hours, text.minutes, text.seconds))
    hour, minute, second = start_time // HOUR, start_time // 60 % 60, start_time % 60
    match text.frequency:
        case Frequency.HOURLY:
            if 24 % text.interval:
                return None
            stepped = range(hour % text.interval, 24, text.interval)
            outer = [at * HOUR for at in stepped if not hours or at in hours]
            return Times(outer, unit_times(text, start_time), HOUR)
        case Frequency.MINUTELY:
            return _stepped(text, start_time, 60)
        case Frequency.SECONDLY:
            return _stepped(text, start_time, 1)
        case _:
            outer = [at * HOUR for at in hours or (hour,)]
            inner = [at * 60 + rest for at in minutes or (minute,) for rest in seconds or (second,)]
            times = Times(outer, inner, HOUR)
            if text.frequency is Frequency.DAILY and text.positions:
                return Times((0,), [times.nth(at) for at in chosen(text.positions, times.size)], DAY)
            return times


def unit_times(text: RruleText, start_time: int) -> list[int]:
    """The seconds within an hour, minute or second that a rule of that frequency names, after BYSETPOS."""
    minutes, seconds = sorted(text.minutes) or [start_time // 60 % 60], sorted(text.seconds) or [start_time % 60]
    if text.frequency is Frequency.HOURLY:
        times = [minute * 60 + second for minute in minutes for second in seconds]
    else:
        times = seconds if text.frequency is Frequency.MINUTELY else [0]
    return [times[at] for at in chosen(text.positions, len(times))] if text.positions else times


def unit_allowed(text: RruleText, unit: int) -> bytes:
    """One byte for each hour, minute or second of a day (`unit` seconds long): 1 where the rule's time parts let it be."""
    hours = text.hours or range(24)
    minutes = (text.minutes or range(60)) if unit < HOUR else (0,)
    seconds = (text.seconds or range(60)) if unit < 60 else (0,)
    each_hour = bytearray(HOUR // unit)
    for minute in minutes:
        for second in seconds:
            each_hour[(minute * 60 + second) // unit] = 1
    return b"".join(bytes(each_hour) if hour in hours else bytes(HOUR // unit) for hour in range(24))


def chosen(positions: tuple[int, ...], size: int) -> list[int]:
    """The indices, ascending, that BYSETPOS picks from a set of that size."""
    picked = {at - 1 if at > 0 else size + at for at in positions if abs(at) <= size}
    return sorted(picked)


def _stepped(text: RruleText, start_time: int, unit: int) -> Times | None:
    """Minutes or seconds in steps that divide the day."""
    step = text.interval * unit
    if DAY % step:
        return None
    allowed = unit_allowed(text, unit)
    inner = unit_times(text, start_time)
    if HOUR % step:
        begins = range(start_time % step // unit, DAY // unit, text.interval)
        return Times((0,), [at * unit + rest for at in begins if allowed[at] for rest in inner], DAY)
    hours = [hour for hour in range(24) if not text.hours or hour in text.hours]
    begins = range(start_time % step // unit, HOUR // unit, text.interval)
    first = hours[0] * HOUR // unit
    return Times(
        [hour * HOUR for hour in hours],
        [at * unit + rest for at in begins if allowed[first + at] for rest in inner],
        HOUR,
    )
