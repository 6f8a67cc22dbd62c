"""What is due when, of many tasks in one order: hour by hour, dense tasks folded into one entry an hour. Pure.

Hours are whole hours of UTC. The work follows what is shown, not what is due: a task costs a few questions for each hour in
which it is due, however often that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from horarium.control.preview_notes import Note
from horarium.core.errors import ScheduleTooSparse
from horarium.core.ids import TaskId
from horarium.core.instants import LAST, MILLISECOND, from_ms, to_ms
from horarium.core.override import Override, Plain, left_after
from horarium.core.schedule.every import Every
from horarium.ports.store import Due

FOLDED_FROM: Final = 4
"""So many occurrences of one task in one hour are one entry."""
WALKED_MAX: Final = 60
"""Occurrences of one entry that are looked at one by one to see whether they are evenly spaced."""
HOUR: Final = timedelta(hours=1)
HOUR_MS: Final = 3_600_000

Becomes: TypeAlias = Literal["run", "moved", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`count` occurrences of one task from `at` to `last_at`, `every_seconds` apart where that is even. One that was moved
    stands where it was moved to; its own instant is `due_at`. `notes`: what clocks and closed days did to it."""

    task_id: TaskId
    task_name: str
    becomes: Becomes
    due_at: datetime
    at: datetime
    last_at: datetime
    count: int = 1
    every_seconds: float | None = None
    notes: tuple[Note, ...] = ()


class Line:
    """One task's occurrences, asked for hour by hour."""

    def __init__(self, due: Due, since: datetime) -> None:
        """Those at `since` or later that are not decided yet, nor lie in a pause."""
        cursor, schedule = due.cursor, due.task.schedule
        assert cursor.next_due_at is not None, "it is due some time"
        self._task = due.task
        self._seen = cursor.seen_through
        begin = max(since, cursor.next_due_at)
        self._after = begin - MILLISECOND
        self._plain = Plain(schedule, due.overrides, cursor.seen_through)
        self._left = left_after(schedule, cursor.since_edit, cursor.seen_through, due.overrides)
        waiting = [one for one in due.overrides if one.decided_at is None and one.instant >= begin]
        self._special = sorted(waiting, key=_instant, reverse=True)
        self.next = self._next()

    def take(self, end: datetime) -> list[Entry]:
        """The entries before `end`; `next` is what comes after them."""
        found = [self._entry_of(self._special.pop()) for _ in range(self._special_before(end))]
        last = self._cut(end - MILLISECOND)
        count = self._plain.count(self._after, last)
        if count:
            found += self._folded(count, last) if count >= FOLDED_FROM else [self._one(at) for at in self._dues(count)]
        self._after = end - MILLISECOND
        self.next = self._next() if last == self._after else self._special_next()
        return found

    def _next(self) -> datetime | None:
        plain = self._plain.next_due(self._after)
        if plain is not None and not self._may_be(plain):
            plain = None
        special = self._special_next()
        return min((at for at in (plain, special) if at is not None), default=None)

    def _special_next(self) -> datetime | None:
        return self._special[-1].instant if self._special else None

    def _special_before(self, end: datetime) -> int:
        return sum(override.instant < end for override in self._special)

    def _may_be(self, instant: datetime) -> bool:
        """Whether its maximum lets there be an occurrence at `instant`."""
        return self._left is None or self._task.schedule.count(self._seen, instant) <= self._left

    def _cut(self, last: datetime) -> datetime:
        """`last`, or the last instant before it up to which the maximum reaches."""
        if self._may_be(last):
            return last
        low, high = (
            to_ms(self._after),
            to_ms(last),
        )  # the maximum reaches low, or ends before it, and does not reach high
        while high - low > 1:  # halved each time
            middle = (low + high) // 2
            low, high = (middle, high) if self._may_be(from_ms(middle)) else (low, middle)
        return from_ms(low)

    def _dues(self, count: int) -> list[datetime]:
        dues: list[datetime] = []
        due: datetime | None = self._after
        for _ in range(count):
            assert due is not None
            due = self._plain.next_due(due)
            if due is not None:
                dues.append(due)
        return dues

    def _one(self, at: datetime) -> Entry:
        return Entry(task_id=self._task.id, task_name=self._task.name, becomes="run", due_at=at, at=at, last_at=at)

    def _entry_of(self, override: Override) -> Entry:
        return Entry(
            task_id=self._task.id,
            task_name=self._task.name,
            becomes="skipped" if override.moved_to is None else "moved",
            due_at=override.due_at,
            at=override.instant,
            last_at=override.instant,
        )

    def _folded(self, count: int, through: datetime) -> list[Entry]:
        schedule = self._task.schedule
        even: float | None = None
        if count <= WALKED_MAX:
            dues = self._dues(count)
            first, last = dues[0], dues[-1]
            gaps = {later - earlier for earlier, later in pairwise(dues)}
            even = next(iter(gaps)).total_seconds() if len(gaps) == 1 else None
        else:
            begin, end = self._plain.next_due(self._after), self._plain.last_due(through)
            assert begin is not None
            assert end is not None
            first, last = begin, end
            if (
                isinstance(schedule, Every)
                and count * schedule.seconds == (last - first).total_seconds() + schedule.seconds
            ):
                even = float(schedule.seconds)
        return [
            Entry(
                task_id=self._task.id,
                task_name=self._task.name,
                becomes="run",
                due_at=first,
                at=first,
                last_at=last,
                count=count,
                every_seconds=even,
            )
        ]


def _instant(override: Override) -> datetime:
    return override.instant


@dataclass(slots=True, kw_only=True)
class Agenda:
    """Filled by `step` until `done`. Complete before `next_from`, or before `before` where that is None.

    `more`: occurrences of the last hour shown for which there was no room. `sparse`: tasks whose next instant is hidden behind
    too much that is left out. `is_cut`: not all of the hour shown was looked at.
    """

    before: datetime
    limit: int
    entries: list[Entry]
    heap: list[tuple[datetime, int, Line]]
    hour: list[Entry]
    hour_end: datetime | None = None
    next_from: datetime | None = None
    more: int = 0
    sparse: int = 0
    is_cut: bool = False
    done: bool = False

    @staticmethod
    def of(dues: Sequence[Due], since: datetime, before: datetime, limit: int) -> "Agenda":
        heap: list[tuple[datetime, int, Line]] = []
        sparse = 0
        for n, due in enumerate(dues):
            try:
                line = Line(due, since)
            except ScheduleTooSparse:
                sparse += 1
                continue
            if line.next is not None and line.next < before:
                heap.append((line.next, n, line))
        heapify(heap)
        return Agenda(before=before, limit=limit, entries=[], heap=heap, hour=[], sparse=sparse)

    def step(self, lines: int) -> None:
        """Ask at most `lines` tasks for an hour of theirs."""
        for _ in range(lines):
            if not self.heap or self.hour_end is None or self.heap[0][0] >= self.hour_end:
                self._close_hour()
                if self.done:
                    return
            _, n, line = heappop(self.heap)
            assert self.hour_end is not None, "the hour before has been closed"
            try:
                self.hour += line.take(min(self.hour_end, self.before))
            except ScheduleTooSparse:
                self.sparse += 1
                continue
            if line.next is not None and line.next < self.before:
                heappush(self.heap, (line.next, n, line))

    def stop(self) -> None:
        """There is no more time: what is complete stays, or, where nothing is, what there is of the first hour."""
        if self.hour_end is not None:
            self.next_from = self.hour_end - HOUR if self.entries else self.hour_end
            if not self.entries:
                self._show(self.limit)
                self.is_cut = True
        self.done = True

    def _close_hour(self) -> None:
        if len(self.entries) + len(self.hour) > self.limit:
            assert self.hour_end is not None
            self.next_from = self.hour_end - HOUR
            if not self.entries:  # this hour alone is too much
                self._show(self.limit)
                self.next_from = min(self.hour_end, self.before)
            self.next_from = None if self.next_from >= self.before else self.next_from
            self.done = True
            return
        self._show(len(self.hour))
        if not self.heap:
            self.done = True
            return
        hour = to_ms(self.heap[0][0]) // HOUR_MS + 1
        self.hour_end = from_ms(min(hour * HOUR_MS, to_ms(LAST)))

    def _show(self, room: int) -> None:
        self.hour.sort(key=_order)
        self.entries += self.hour[:room]
        self.more = sum(entry.count for entry in self.hour[room:])
        self.hour = []


def _order(entry: Entry) -> tuple[datetime, str, TaskId]:
    return entry.at, entry.task_name, entry.task_id
