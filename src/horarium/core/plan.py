"""What is decided, and how: a pure result that the store commits whole or not at all.

`plan_due` decides every occurrence in (cursor.seen_through, now] exactly once, as a run or inside a counted skip. It costs
a few steps however many occurrences there are: long stretches are counted, never walked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from horarium.core.altered import altered, made
from horarium.core.cursor import Cursor, Skip, SkipReason
from horarium.core.ids import RunId, occurrence_run_id, skip_id
from horarium.core.instants import MILLISECOND
from horarium.core.overlap import Place, decide
from horarium.core.run import OF_OCCURRENCES, Cause, Run
from horarium.core.schedule.schedule import Schedule
from horarium.core.task import Task

MISSED_AFTER = timedelta(seconds=30)
"""Decided at most this long after its instant, an occurrence is merely late; later, it is missed."""
BISECTION_STEPS_MAX = 64
"""Enough to find any whole millisecond between 1970 and 9999 (2^48 of them)."""


class Replaces(Enum):
    """What stood when a plan decided to replace it; the store refuses the plan when something else stands there."""

    WAITING = auto()
    """Every waiting run that counts ends as replaced; the new run is holder."""
    RUNNING = auto()
    """The same, and the running holder is asked to stop; the new run waits behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`skips` are whole rows: the first may be the cursor's open skip, extended. `task` is what the runs carry out, as it
    stood at the cursor's version."""

    task: Task
    before: Cursor
    after: Cursor
    runs: tuple[Run, ...]
    skips: tuple[Skip, ...]
    replaces: Replaces | None = None
    overridden: tuple[datetime, ...] = ()
    """due_at of each skipped or moved occurrence that is decided here."""


def plan_due(task: Task, cursor: Cursor, now: datetime, tzdata: str) -> Plan | None:
    """Everything due by `now`, or None when there is nothing to write.

    While the task is paused nothing is decided. None as well when `now` lies before seen_through: a clock that went back
    repeats nothing.
    """
    if task.pause is not None and not task.pause.over(now):
        return None
    return _plan(task, cursor, now, tzdata, paused=True)


def plan_close(task: Task, cursor: Cursor, now: datetime, tzdata: str, *, catch_up: bool = False) -> Plan | None:
    """Decide up to `now` because the task changes there. A pause still open at `now` makes the stretch skip `paused`;
    with `catch_up` the stretch is planned as if the engine had been off instead."""
    return _plan(task, cursor, now, tzdata, paused=not catch_up)


def next_due(task: Task, after: datetime, since_edit: int) -> datetime | None:
    """The next instant after `after` that will be decided, `max_occurrences` and pause respected."""
    limit = task.schedule.max_occurrences
    if task.deleted_at is not None or (limit is not None and since_edit >= limit):
        return None
    if task.pause is None or task.pause.over(after):
        return task.schedule.next_due(after)
    until = task.pause.until
    if until is None:
        return None
    following = task.schedule.next_due(until - MILLISECOND)
    if following is None and task.schedule.next_due(after) is not None:
        return until  # nothing comes after the pause, and what fell into it must still be decided
    return following


def ready_at(task: Task, due_at: datetime) -> datetime:
    """The nominal instant plus the task's stable jitter."""
    return due_at + task.schedule.delay(task.id, due_at)


def moved_ready_at(task: Task, due_at: datetime, moved_to: datetime) -> datetime:
    """Where it was moved to plus the occurrence's jitter, which stays short of the next instant there too."""
    delay = task.schedule.delay(task.id, due_at)
    following = task.schedule.next_due(moved_to) if delay else None
    return moved_to + (delay if following is None else min(delay, following - moved_to - MILLISECOND))


def new_run(
    task: Task, run_id: RunId, cause: Cause, due_at: datetime, ready: datetime, tzdata: str, **more: object
) -> Run:
    """A waiting run pinned to the task's present revision."""
    pinned = {
        "id": run_id,
        "task_id": task.id,
        "task_revision": task.revision,
        "cause": cause,
        "due_at": due_at,
        "ready_at": ready,
        "expected_at": ready if cause in OF_OCCURRENCES else None,
        "pool": task.pool,
        "priority": task.priority,
        "needs_process": task.needs_process,
        "tzdata": tzdata,
    }
    return made(Run, {**pinned, **more})


def _plan(task: Task, cursor: Cursor, now: datetime, tzdata: str, *, paused: bool) -> Plan | None:
    start = cursor.seen_through
    if now < start or task.deleted_at is not None:
        return None
    assert not cursor.overrides, "with overrides it is for plan_overridden"
    books = Decisions(task, cursor, now, tzdata)
    if paused and task.pause is not None:
        until = task.pause.until
        paused_through = now if until is None else max(start, min(now, until - MILLISECOND))
        books.skip(SkipReason.PAUSED, start, paused_through, books.count(start, paused_through))
        start = paused_through
    through = _through(task, start, now, books)
    if through is not None:
        _decide(task, start, through, books)
    return books.plan(now)


def _through(task: Task, start: datetime, now: datetime, books: "Decisions") -> datetime | None:
    """The last instant that max_occurrences lets pass, at most `now`; None when nothing may pass."""
    limit = task.schedule.max_occurrences
    if limit is None:
        return now
    left = limit - books.since_edit
    if left <= 0:
        return None
    return last_of(task.schedule, start, now, left)


def last_of(schedule: Schedule, start: datetime, end: datetime, left: int) -> datetime:
    """The last instant up to `end` so that the schedule names at most `left` in between. Each step counts only the half that
    is still in question."""
    if schedule.count(start, end) <= left:
        return end
    low, high = start, end
    for _ in range(BISECTION_STEPS_MAX):
        if high - low <= MILLISECOND:
            return low
        middle = low + (high - low) // 2 // MILLISECOND * MILLISECOND
        found = schedule.count(low, middle)
        if found <= left:
            low, left = middle, left - found
        else:
            high = middle
    raise AssertionError("an interval of milliseconds is bisected in 64 steps")


def _decide(task: Task, start: datetime, end: datetime, books: "Decisions") -> None:
    schedule, policy, now = task.schedule, task.policy, books.now
    last_missed = min(end, now - MISSED_AFTER - MILLISECOND)
    missed = schedule.count(start, last_missed) if last_missed > start else 0
    if not missed:
        _overlapping(task, start, end, books)
        return
    old_through = max(start, min(end, now - policy.catch_up.window - MILLISECOND))
    books.skip(SkipReason.TOO_OLD, start, old_through, schedule.count(start, old_through))
    start = old_through
    if policy.catch_up.mode == "none":
        late_from = max(start, last_missed)
        books.skip(SkipReason.MISSED, start, late_from, schedule.count(start, late_from))
        _overlapping(task, late_from, end, books)
        return
    total = schedule.count(start, end)
    if not total:
        return
    if policy.catch_up.mode == "latest" or policy.overlap == "replace":
        _newest_only(task, start, end, total, books)
        return
    kept = _newest(task, end, min(total, policy.catch_up.max_runs))
    books.skip(SkipReason.LIMIT, start, kept[0] - MILLISECOND, total - len(kept))
    for due in kept:
        books.run(due, decide("allow" if policy.overlap == "allow" else "queue", books.held, 0))


def _newest_only(task: Task, start: datetime, end: datetime, total: int, books: "Decisions") -> None:
    newest = task.schedule.last_due(end)
    assert newest is not None and newest > start
    books.skip(SkipReason.COALESCED, start, newest - MILLISECOND, total - 1)
    books.ask(newest)


def _newest(task: Task, through: datetime, how_many: int) -> list[datetime]:
    """The newest `how_many` instants up to `through`, oldest first."""
    found: list[datetime] = []
    for _ in range(how_many):
        due = task.schedule.last_due(through)
        assert due is not None, "the caller counted them"
        found.append(due)
        through = due - MILLISECOND
    return found[::-1]


def _overlapping(task: Task, start: datetime, end: datetime, books: "Decisions") -> None:
    """Ask overlap for each occurrence in due order. There are few: all lie within MISSED_AFTER."""
    if task.policy.overlap == "replace":
        total = task.schedule.count(start, end)
        if total:
            _newest_only(task, start, end, total, books)
        return
    for due in _walk(task, start, end):
        books.ask(due)


def _walk(task: Task, start: datetime, end: datetime) -> Iterator[datetime]:
    due = task.schedule.next_due(start)
    while due is not None and due <= end:  # bounded: at least a second apart, all within MISSED_AFTER
        yield due
        due = task.schedule.next_due(due)


class Decisions:
    """Collects the decisions of one plan in due order."""

    def __init__(self, task: Task, cursor: Cursor, now: datetime, tzdata: str) -> None:
        self.task = task
        self.cursor = cursor
        self.now = now
        self.tzdata = tzdata
        self.runs: list[Run] = []
        self.skips: list[Skip] = []
        self.holder = cursor.holder
        self.holder_running = cursor.holder_running
        self.behind = cursor.behind
        self.decided = 0
        self.replaces: Replaces | None = None
        self.open = cursor.open_skip

    @property
    def held(self) -> bool:
        return self.holder is not None

    @property
    def since_edit(self) -> int:
        return self.cursor.since_edit + self.decided

    def count(self, start: datetime, end: datetime) -> int:
        """How many occurrences (start, end] holds, not more than max_occurrences leaves."""
        found = self.task.schedule.count(start, end) if end > start else 0
        limit = self.task.schedule.max_occurrences
        return found if limit is None else max(0, min(found, limit - self.since_edit))

    def ask(self, due: datetime, moved_to: datetime | None = None) -> None:
        self.run(due, decide(self.task.policy.overlap, self.held, self.behind), moved_to)

    def run(self, due: datetime, place: Place, moved_to: datetime | None = None) -> None:
        match place:
            case Place.SKIPPED_OVERLAP | Place.SKIPPED_COALESCED:
                reason = SkipReason.OVERLAP if place is Place.SKIPPED_OVERLAP else SkipReason.COALESCED
                return self._skipped(reason, due, due, 1) if moved_to is None else self.skip_overridden(reason, due)
            case _:
                pass
        missed = self.now - (moved_to or due) > MISSED_AFTER
        ready = ready_at(self.task, due) if moved_to is None else moved_ready_at(self.task, due, moved_to)
        run_id = occurrence_run_id(self.task.id, due)
        is_behind = place is Place.BEHIND
        if place is Place.REPLACE:
            self.replaces = Replaces.RUNNING if self.holder_running else Replaces.WAITING
            is_behind, self.behind = self.holder_running, 0
        if is_behind:
            self.behind += 1
        elif place is not Place.FREE:
            self.holder, self.holder_running = run_id, False
        cause = Cause.CATCH_UP if missed else Cause.SCHEDULE
        self.runs.append(new_run(self.task, run_id, cause, due, ready, self.tzdata, is_behind=is_behind))
        self.decided += 1
        self.open = None

    def skip(self, reason: SkipReason, start: datetime, end: datetime, count: int) -> None:
        """One counted stretch: `count` occurrences in (start, end]."""
        if count < 1:
            return
        first = self.task.schedule.next_due(start)
        assert first is not None
        if count == self.task.schedule.count(start, end):
            last = self.task.schedule.last_due(end)
        else:  # max_occurrences cut it
            cut = _through(self.task, start, end, self)
            last = None if cut is None else self.task.schedule.last_due(cut)
        assert last is not None
        self._skipped(reason, first, last, count)

    def stretch(self, reason: SkipReason, first: datetime, last: datetime, count: int) -> None:
        """The same where the caller knows its first and last occurrence."""
        self._skipped(reason, first, last, count)

    def skip_overridden(self, reason: SkipReason, due: datetime) -> None:
        """One occurrence that a person skipped or moved: a row of its own, which no other skip extends."""
        self.open = None
        self._skipped(reason, due, due, 1)
        self.open = None

    def _skipped(self, reason: SkipReason, first: datetime, last: datetime, count: int) -> None:
        self.decided += count
        same = self.open
        if same is not None and (same.reason, same.task_revision, same.tzdata) == (
            reason,
            self.task.revision,
            self.tzdata,
        ):
            grown = altered(same, last_due_at=last, count=same.count + count, decided_at=self.now)
            if self.skips and self.skips[-1].id == same.id:
                self.skips[-1] = grown
            else:
                self.skips.append(grown)
        else:
            grown = Skip(
                id=skip_id(self.task.id, first),
                task_id=self.task.id,
                first_due_at=first,
                last_due_at=last,
                count=count,
                reason=reason,
                task_revision=self.task.revision,
                tzdata=self.tzdata,
                decided_at=self.now,
            )
            self.skips.append(grown)
        self.open = grown

    def plan(self, now: datetime) -> Plan:
        since_edit = self.since_edit
        after = altered(
            self.cursor,
            version=self.cursor.version + 1,
            seen_through=now,
            next_due_at=next_due(self.task, now, since_edit),
            tzdata=self.tzdata,
            decided=self.cursor.decided + self.decided,
            since_edit=since_edit,
            holder=self.holder,
            holder_running=self.holder_running,
            behind=self.behind,
            open_skip=self.open,
        )
        return Plan(
            task=self.task,
            before=self.cursor,
            after=after,
            runs=tuple(self.runs),
            skips=tuple(self.skips),
            replaces=self.replaces,
        )
