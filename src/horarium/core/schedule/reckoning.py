"""From readings of a wall clock to seconds of real time: a pattern in a zone, under one of four ways through clock changes.

Each span of constant offset answers for a stretch of readings, which begins where `_first_reading` says and ends with the span.
A reading below the span's own first one was skipped by the clock; its second is the span's first. So the four ways
(skipped readings run after the gap or not at all; repeated readings give the first pass or both) differ only in that beginning,
and "follow real time" is the way that drops the skipped and keeps both passes.
"""

from typing import Final, Protocol

from horarium.core.schedule.zone import BEGINNING, CYCLE, OFFSET_MAX, REGULAR_FROM, TABLE_END, Zone, folded

_NEAR: Final = 2 * OFFSET_MAX
_BEFORE_FOLD: Final = REGULAR_FROM + CYCLE - 1
CYCLES_MAX: Final = 22
"""More cycles of 400 years than there are up to the year 9999."""


class Readings(Protocol):
    """What can be reckoned: readings of an ideal clock, in order."""

    @property
    def cyclic(self) -> bool:
        """Whether it repeats every 400 years, for ever. Otherwise it is asked for readings as they are, up to the year 9999."""
        ...

    def next(self, reading: int) -> int | None:
        """The first reading from `reading` on; None where none follows, ever."""
        ...

    def last(self, reading: int) -> int | None:
        """The last reading up to `reading`; None where none precedes, ever."""
        ...

    def count(self, begin: int, end: int) -> int:
        """How many readings there are from `begin` on, before `end`."""
        ...


class Reckoning:
    """Next, last and count on whole seconds since 1970. Every loop is bounded by the zone's spans up to the year 2550 (1,300)."""

    __slots__ = ("_cyclic", "_per_cycle", "keep_repeated", "keep_skipped", "pattern", "zone")

    def __init__(self, pattern: Readings, zone: Zone, *, keep_skipped: bool, keep_repeated: bool) -> None:
        self.pattern = pattern
        self.zone = zone
        self.keep_skipped = keep_skipped
        self.keep_repeated = keep_repeated
        self._cyclic = pattern.cyclic
        self._per_cycle: int | None = None

    def next(self, second: int, cycles_max: int = CYCLES_MAX) -> int | None:
        """The first due second from `second` on. Of a pattern that is not cyclic, no more than so many cycles are searched."""
        cycles = 0
        if second > _BEFORE_FOLD:
            cycles, second = folded(second)
        # What one regular cycle of 400 years does not hold, none holds, where the pattern is cyclic too.
        for _ in range(2 if self._cyclic else cycles_max):
            due = self._next_in_table(second, cycles)
            if due is None:
                return None
            due += cycles * CYCLE
            if due < TABLE_END + cycles * CYCLE:
                return due
            if self._cyclic:
                cycles, second = cycles + 1, REGULAR_FROM
            else:
                cycles, second = folded(due - OFFSET_MAX)
        return None

    def last(self, second: int) -> int | None:
        """The last due second up to `second`, not before 1970."""
        if not self._cyclic and second > _BEFORE_FOLD:
            reading = self.pattern.last(second + OFFSET_MAX)
            if reading is None:
                return None
            second = min(second, reading + OFFSET_MAX)
        cycles, second = folded(second)
        searched = 0
        while True:
            floor = REGULAR_FROM if cycles else 0
            due = self._last_in_table(second, floor, cycles)
            if due is None or due >= floor:
                return None if due is None else due + cycles * CYCLE
            if cycles == 0:
                return None
            searched += 1
            if self._cyclic and searched == 2:
                # All of a regular cycle has been seen; only what the table lists is left.
                cycles, second = 0, REGULAR_FROM - 1
            else:
                cycles, second = cycles - 1, _BEFORE_FOLD

    def count(self, first: int, last: int) -> int:
        """How many seconds are due from `first` to `last`, both included."""
        if last < REGULAR_FROM + CYCLE:
            return self._count_in_table(first, last)
        if not self._cyclic:
            return self._count_by_cycles(first, last)
        if first < REGULAR_FROM:
            return self._count_in_table(first, REGULAR_FROM - 1) + self._count_regular(last)
        return self._count_regular(last) - self._count_regular(first - 1)

    def _count_regular(self, last: int) -> int:
        """From REGULAR_FROM to `last`."""
        if self._per_cycle is None:
            self._per_cycle = self._count_in_table(REGULAR_FROM, _BEFORE_FOLD)
        cycles, last = folded(last)
        return cycles * self._per_cycle + self._count_in_table(REGULAR_FROM, last)

    def _count_by_cycles(self, first: int, last: int) -> int:
        begin_cycle, first = folded(first)
        end_cycle, last = folded(last)
        total = 0
        for cycles in range(begin_cycle, end_cycle + 1):
            total += self._count_in_table(first, last if cycles == end_cycle else _BEFORE_FOLD, cycles)
            first = REGULAR_FROM
        return total

    def _next_in_table(self, second: int, cycles: int) -> int | None:
        """TABLE_END or more, about where to look next, if the table holds none; None where the pattern itself has ended."""
        zone = self.zone
        ahead = 0 if self._cyclic else cycles * CYCLE
        spans = len(zone.starts)
        i = zone.span(second)
        while i < spans:
            start, offset = zone.starts[i], zone.offsets[i]
            reading = self.pattern.next(self._reading_from(i, second) + ahead)
            if reading is not None and reading - ahead < zone.end(i) + offset:
                return max(start, reading - ahead - offset)
            if zone.end(i) - second <= _NEAR:
                i += 1  # the change ahead may repeat an earlier reading
            elif reading is None:
                return None
            else:
                i = max(i + 1, zone.span(reading - ahead - OFFSET_MAX))
            second = zone.starts[i] if i < spans else 0
        return TABLE_END

    def _last_in_table(self, second: int, floor: int, cycles: int) -> int | None:
        """BEGINNING where there is none from `floor` on, None where the pattern itself has not begun."""
        zone = self.zone
        ahead = 0 if self._cyclic else cycles * CYCLE
        i = zone.span(second)
        while i >= 0 and second >= floor:
            start, offset = zone.starts[i], zone.offsets[i]
            reading = self.pattern.last(second + offset + ahead)
            if reading is not None and reading - ahead >= self._first_reading(i):
                due = max(start, reading - ahead - offset)
                return due if due >= floor else BEGINNING
            if second - start <= _NEAR:
                i -= 1  # before that change the clock may have shown a later reading
            elif reading is None:
                return None
            else:
                i = min(i - 1, zone.span(reading - ahead + OFFSET_MAX))
            second = zone.end(i) - 1
        return BEGINNING

    def _count_in_table(self, first: int, last: int, cycles: int = 0) -> int:
        zone, count = self.zone, self.pattern.count
        ahead = 0 if self._cyclic else cycles * CYCLE
        total = 0
        if first > last:
            return 0
        for i in range(zone.span(first), zone.span(last) + 1):
            start, offset = zone.starts[i], zone.offsets[i]
            begin = self._reading_from(i, max(first, start)) + ahead
            end = min(last + 1, zone.end(i)) + offset + ahead
            if begin >= end:
                continue
            total += count(begin, end)
            own = start + offset + ahead
            if begin < own:
                total -= max(0, count(begin, own + 1) - 1)
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
