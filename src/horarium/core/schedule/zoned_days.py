"""Days of a time zone as stretches of real time, in whole seconds since 1970.

A day is all the seconds at which the clock shows its date. They are nearly always in one piece; where a clock goes back over
midnight they are not, so every step here stays within one span of constant offset.
"""

from collections.abc import Sequence
from typing import Final

from horarium.core.schedule.day_sets import DaySet, united
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import CYCLE, Zone, folded, zone

NEAR: Final = 2 * DAY
"""A clock that is set back shows no day that is further away."""
SPANS_MAX: Final = 10_000
NEVER: Final = 1 << 60
"""Later than any instant."""
BEFORE: Final = -1
"""Earlier than any instant."""


class ZonedDays:
    """A set of days in one zone."""

    __slots__ = ("days", "zone")

    def __init__(self, zone: Zone, days: DaySet) -> None:
        self.zone = zone
        self.days = days

    def free_from(self, second: int) -> int:
        """The first second from `second` on whose day is not listed, or NEVER."""
        return self._from(second, listed=False)

    def listed_from(self, second: int) -> int:
        """The first second from `second` on whose day is listed, or NEVER."""
        return self._from(second, listed=True)

    def free_until(self, second: int) -> int:
        """The last second up to `second` whose day is not listed, or BEFORE."""
        zone = self.zone
        for _ in range(SPANS_MAX):
            if second < 0:
                return BEFORE
            cycles, folded_second = folded(second)
            span = zone.span(folded_second)
            offset, start = zone.offsets[span], zone.starts[span] + cycles * CYCLE
            day = (second + offset) // DAY
            found = self.days.free_until(day)
            if found == day:
                return second
            if found is None:
                return BEFORE
            at = (found + 1) * DAY - offset - 1
            if at >= start:
                return at
            second = start - 1 if start > second - NEAR else min(start - 1, at + NEAR)
        raise AssertionError("each step passes a clock change")

    def _from(self, second: int, *, listed: bool) -> int:
        zone = self.zone
        ask = self.days.listed_from if listed else self.days.free_from
        for _ in range(SPANS_MAX):
            cycles, folded_second = folded(second)
            span = zone.span(folded_second)
            offset, change = zone.offsets[span], zone.end(span) + cycles * CYCLE
            day = (second + offset) // DAY
            found = ask(day)
            if found == day:
                return second
            if found is None:
                return NEVER
            at = found * DAY - offset
            if at < change:
                return at
            # All days between are of one sort; only a change soon after may show one before them again.
            second = change if change < second + NEAR else max(change, at - NEAR)
        raise AssertionError("each step passes a clock change")


class Cover:
    """What the day lists of a schedule cover, each in its own zone."""

    __slots__ = ("_by_zone",)

    def __init__(self, zoned: Sequence[tuple[str, DaySet]]) -> None:
        names = dict.fromkeys(name for name, _ in zoned)
        self._by_zone = tuple(
            ZonedDays(zone(name), united([days for its, days in zoned if its == name])) for name in names
        )

    def free_from(self, second: int) -> int:
        """The first second from `second` on that is not covered, or NEVER."""
        for _ in range(SPANS_MAX):
            begun = second
            for days in self._by_zone:
                second = days.free_from(second)
                if second >= NEVER:
                    return NEVER
            if second == begun or len(self._by_zone) == 1:
                return second
        return NEVER

    def free_until(self, second: int) -> int:
        """The last second up to `second` that is not covered, or BEFORE."""
        for _ in range(SPANS_MAX):
            begun = second
            for days in self._by_zone:
                second = days.free_until(second)
                if second < 0:
                    return BEFORE
            if second == begun or len(self._by_zone) == 1:
                return second
        return BEFORE

    def covered_from(self, second: int) -> int:
        """The first second from `second` on that is covered, or NEVER."""
        return min((days.listed_from(second) for days in self._by_zone), default=NEVER)
