"""From readings of a wall clock to seconds of real time: a pattern in a zone, under one of four ways through clock changes.

Each span of constant offset answers for a stretch of readings, which begins where `_first_reading` says and ends with the span.
A reading below the span's own first one was skipped by the clock; its second is the span's first. So the four ways
(skipped readings run after the gap or not at all; repeated readings give the first pass or both) differ only in that beginning,
and "follow real time" is the way that drops the skipped and keeps both passes.
"""

from typing import Final

from horarium.core.schedule.cron_pattern import Pattern
from horarium.core.schedule.zone import CYCLE, OFFSET_MAX, REGULAR_FROM, TABLE_END, Zone, folded

_BEFORE_FOLD: Final = REGULAR_FROM + CYCLE - 1


class Reckoning:
    """Next, last and count on whole seconds since 1970. Every loop is bounded by the zone's spans up to the year 2550 (1,300)."""

    __slots__ = ("_per_cycle", "keep_repeated", "keep_skipped", "pattern", "zone")

    def __init__(self, pattern: Pattern, zone: Zone, *, keep_skipped: bool, keep_repeated: bool) -> None:
        self.pattern = pattern
        self.zone = zone
        self.keep_skipped = keep_skipped
        self.keep_repeated = keep_repeated
        self._per_cycle: int | None = None

    def next(self, second: int) -> int | None:
        """The first due second from `second` on."""
        cycles = 0
        if second > _BEFORE_FOLD:
            cycles, second = folded(second)
        due = self._next_in_table(second)
        if due is None:
            # What one regular cycle of 400 years does not hold, none holds.
            cycles += 1
            due = self._next_in_table(REGULAR_FROM)
        return None if due is None else due + cycles * CYCLE

    def last(self, second: int) -> int | None:
        """The last due second up to `second`, not before 1970."""
        cycles, second = folded(second)
        floor = REGULAR_FROM if cycles else 0
        due = self._last_in_table(second, floor)
        if due is None and cycles:
            # One more cycle back is enough to see all of a regular one; after that only what the table lists is left.
            cycles -= 1
            due = self._last_in_table(_BEFORE_FOLD, REGULAR_FROM if cycles else 0)
            if due is None:
                cycles = 0
                due = self._last_in_table(REGULAR_FROM - 1, 0)
        return None if due is None else due + cycles * CYCLE

    def count(self, first: int, last: int) -> int:
        """How many seconds are due from `first` to `last`, both included."""
        if last < REGULAR_FROM + CYCLE:
            return self._count_in_table(first, last)
        if first < REGULAR_FROM:
            return self._count_in_table(first, REGULAR_FROM - 1) + self._count_regular(last)
        return self._count_regular(last) - self._count_regular(first - 1)

    def _count_regular(self, last: int) -> int:
        """From REGULAR_FROM to `last`."""
        if self._per_cycle is None:
            self._per_cycle = self._count_in_table(REGULAR_FROM, _BEFORE_FOLD)
        cycles, last = folded(last)
        return cycles * self._per_cycle + self._count_in_table(REGULAR_FROM, last)

    def _next_in_table(self, second: int) -> int | None:
        zone = self.zone
        spans = len(zone.starts)
        i = zone.span(second)
        while i < spans:
            start, offset = zone.starts[i], zone.offsets[i]
            reading = self.pattern.next(self._reading_from(i, second))
            if reading is None:
                return None
            if reading < zone.end(i) + offset:
                due = max(start, reading - offset)
                return due if due < TABLE_END else None
            i = max(i + 1, zone.span(reading - OFFSET_MAX))
            second = zone.starts[i] if i < spans else 0
        return None

    def _last_in_table(self, second: int, floor: int) -> int | None:
        zone = self.zone
        i = zone.span(second)
        while i >= 0 and second >= floor:
            start, offset = zone.starts[i], zone.offsets[i]
            reading = self.pattern.last(second + offset)
            if reading is None:
                return None
            if reading >= self._first_reading(i):
                due = max(start, reading - offset)
                return due if due >= floor else None
            i = min(i - 1, zone.span(reading + OFFSET_MAX))
            second = zone.end(i) - 1
        return None

    def _count_in_table(self, first: int, last: int) -> int:
        zone, rank = self.zone, self.pattern.rank
        total = 0
        if first > last:
            return 0
        for i in range(zone.span(first), zone.span(last) + 1):
            start, offset = zone.starts[i], zone.offsets[i]
            begin = self._reading_from(i, max(first, start))
            end = min(last + 1, zone.end(i)) + offset
            if begin >= end:
                continue
            total += rank(end) - rank(begin)
            if begin < start + offset:
                merged = rank(start + offset + 1) - rank(begin)
                total -= max(0, merged - 1)
        return total

    def _reading_from(self, span: int, second: int) -> int:
        """The first reading whose second in this span is not before `second`."""
        first = self._first_reading(span)
        return first if second == self.zone.starts[span] else max(first, second + self.zone.offsets[span])

    def _first_reading(self, span: int) -> int:
        zone = self.zone
        own, reached = zone.starts[span] + zone.offsets[span], zone.reached[span]
        if own > reached:
            return reached if self.keep_skipped else own
        return own if self.keep_repeated else reached
