"""Schedules before anybody saves them, seen against what is in the books. Nothing is written."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from horarium.control.difference import Difference, Side, difference
from horarium.control.preview import (
    CROWDED_COUNTED_MAX,
    CROWDED_LOOKED_MAX,
    Preview,
    as_saved,
    crowded,
    passed,
    previewed,
    tight,
)
from horarium.control.preview_notes import Note, day_zone, instant_words
from horarium.core.calendar import UnknownCalendar
from horarium.core.change import changed
from horarium.core.cursor import Cursor
from horarium.core.errors import BadValue, NotFound, ScheduleTooSparse
from horarium.core.ids import RunId, TaskId, to_ulid
from horarium.core.instants import LAST, MILLISECOND
from horarium.core.override import Override, kept
from horarium.core.page import RunFilter, TaskRow, Window
from horarium.core.run import OF_OCCURRENCES, Cause, Run, RunState
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.shared_lists import same_rule, uses_lists
from horarium.core.task import Task
from horarium.ports.clock import Clock
from horarium.ports.store import Store

WAITING_SHOWN_MAX: Final = 20
FORGOTTEN_SHOWN_MAX: Final = 5
MINUTE: Final = timedelta(minutes=1)

Fate: TypeAlias = Literal["kept", "cancelled", "untouched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A run that waits now, and what the edit makes of it: kept (it takes the new definition), cancelled (its instant is no
    longer named), untouched (it was attempted already, or is a retry: it keeps the definition it was made with)."""

    run_id: RunId
    due_at: datetime
    cause: Cause
    becomes: Fate
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`changes` where there is something to compare with, `waiting` where that is a task: newest first, WAITING_SHOWN_MAX of
    them at most."""

    preview: Preview
    changes: Difference | None = None
    waiting: tuple[Waiting, ...] | None = None


class ScheduleController:
    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def preview(
        self,
        schedule: Schedule,
        *,
        after: datetime | None,
        count: int,
        before: Schedule | None = None,
        task_id: TaskId | None = None,
    ) -> Seen:
        """What `schedule` will do after `after` (now); against the schedule `before`, or as an edit of a task made now.

        Raises NotFound, and BadValue also for what leaves out so much that its next instant is not found.
        """
        now = self._clock.now()
        since = now if after is None else after
        with _placed("schedule"):
            if task_id is not None:
                return await self._edit(schedule, await self._row(task_id, now), since, count, now)
            saved = as_saved(await self._with_days(schedule, "schedule"), now)
            seen = previewed(schedule, Side(schedule=saved), since, count, passed(schedule, now))
        notes = await self._crowded(saved, seen.due, None)
        changes = None
        if before is not None:
            with _placed("before"):
                other = as_saved(await self._with_days(before, "before"), now)
                changes = difference(Side(schedule=other), Side(schedule=saved), since)
        return Seen(preview=_with_notes(seen, notes), changes=changes)

    async def _edit(self, schedule: Schedule, row: TaskRow, since: datetime, count: int, now: datetime) -> Seen:
        """Up to now the old schedule decides, whatever is asked for. A pause is left out of account: what is due in it is
        skipped before the edit and after it."""
        task = row.task if isinstance(row.task, Task) else None
        begin = max(since, now)
        filled = await self._with_days(schedule, "schedule")
        before = None if task is None else task.schedule
        saved = as_saved(filled, now, before)
        old = None if task is None else _side(task, row)
        new = Side(schedule=saved, seen_through=now) if old is None or task is None else _edited(task, saved, old, now)
        seen = previewed(schedule, new, since, count, passed(schedule, now, before))
        notes = [note for note in [tight(seen.due, row.usual_ms)] if note is not None]
        notes += await self._crowded(saved, seen.due, row.next_due_at)
        notes += _forgotten(old, new)
        waiting = () if task is None else await self._waiting(task, saved, now)
        return Seen(preview=_with_notes(seen, notes), changes=difference(old, new, begin), waiting=waiting)

    async def _crowded(self, saved: Schedule, due: tuple[datetime, ...], own: datetime | None) -> list[Note]:
        """Of the first instants; `own` is what the task itself has in the books."""
        found: list[Note] = []
        minutes: set[datetime] = set()
        for at in due[:CROWDED_LOOKED_MAX]:
            minute = at.replace(second=0, microsecond=0)
            if minute in minutes or minute > LAST - MINUTE:
                continue
            minutes.add(minute)
            others = await self._store.due_between(minute, minute + MINUTE, CROWDED_COUNTED_MAX + 2)
            others -= own is not None and minute <= own < minute + MINUTE
            note = crowded(at, others, day_zone(saved))
            found += [] if note is None else [note]
        return found

    async def _with_days(self, schedule: Schedule, member: str) -> Schedule:
        """With the days that shared lists hold now. Raises UnknownCalendar at its place in the request."""
        if not uses_lists(schedule):
            return schedule
        try:
            return await self._store.with_days(schedule)
        except UnknownCalendar as unknown:
            field = unknown.field.removeprefix("schedule.")
            raise BadValue(f"{member}.{field}", unknown.message, unknown.remedy) from None

    async def _waiting(self, task: Task, saved: Schedule, now: datetime) -> tuple[Waiting, ...]:
        wanted = RunFilter(task_id=task.id, states=(RunState.WAITING,))
        page = await self._store.run_rows(wanted, Window(limit=WAITING_SHOWN_MAX))
        runs = [row.run for row in page.items]
        oldest = min((run.due_at for run in runs), default=now)
        overrides = await self._store.overrides(task.id, oldest - MILLISECOND) if runs else ()
        return judged(task, saved, runs, overrides, now)

    async def _row(self, task_id: TaskId, now: datetime) -> TaskRow:
        row = await self._store.task_row(task_id, now)
        if row is None or row.task.deleted_at is not None:
            raise NotFound("task", to_ulid(task_id))
        return row


def judged(
    task: Task, saved: Schedule, waiting: list[Run], overrides: Sequence[Override], now: datetime
) -> tuple[Waiting, ...]:
    """What an edit made now does to runs that wait, by the function that does it."""
    new = replace(task, schedule=saved, revision=task.revision + 1)
    cursor = Cursor(
        task_id=task.id,
        version=0,
        task_revision=task.revision,
        seen_through=now,
        next_due_at=None,
        kept_from=now,
        tzdata="",
    )
    touched = {run.id: run for run in changed(task, new, cursor, waiting, now, overrides).runs}
    name = day_zone(saved)
    return tuple(_told(run, touched.get(run.id), new.revision, name) for run in waiting)


def _told(run: Run, becomes: Run | None, revision: int, name: str) -> Waiting:
    since = instant_words(run.due_at, name)
    whose = f"The run due {since}" if run.cause in OF_OCCURRENCES else f"The run asked for {since}"
    fate: Fate
    if becomes is not None and becomes.state is RunState.CANCELLED:
        fate, text = "cancelled", f"{whose} is cancelled: the new schedule does not name its instant."
    elif becomes is not None and becomes.task_revision == revision:
        named = ": the new schedule names its instant too" if run.cause in OF_OCCURRENCES else ""
        fate, text = "kept", f"{whose} goes on waiting and takes the new definition{named}."
    else:
        fate, text = "untouched", f"{whose} is left as it is, with the definition it was made with."
    return Waiting(run_id=run.id, due_at=run.due_at, cause=run.cause, becomes=fate, text=text)


def _side(task: Task, row: TaskRow) -> Side:
    """The task as it stands in the books."""
    seen_through = None if row.books is None else row.books.seen_through
    return Side(schedule=task.schedule, used=row.since_edit, overrides=row.overrides, seen_through=seen_through)


def _edited(task: Task, saved: Schedule, old: Side, now: datetime) -> Side:
    """What a change at `now` leaves of it: another rule counts anew, and only overrides of occurrences that it names stay."""
    used = 0
    if same_rule(task.schedule, saved):
        used = old.used + _decided_until(old, now)
    stay = kept(old.overrides, replace(task, schedule=saved), used, now)
    return Side(schedule=saved, used=used, overrides=stay, seen_through=now)


def _forgotten(old: Side | None, new: Side) -> list[Note]:
    """What people asked for by hand and the edit takes away, the first of it."""
    lost = [] if old is None else [one for one in old.overrides if one.decided_at is None and one not in new.overrides]
    place = "UTC" if old is None else day_zone(old.schedule)
    return [
        Note(
            kind="forgotten",
            at=one.due_at,
            text=(
                f"{instant_words(one.due_at, place)} was {'skipped' if one.moved_to is None else 'moved'} by hand; "
                "the new schedule does not name it, so that is lost."
            ),
        )
        for one in lost[:FORGOTTEN_SHOWN_MAX]
    ]


def _decided_until(side: Side, now: datetime) -> int:
    """What the books do not hold yet, and will have decided by `now`. An occurrence that is moved beyond is not."""
    start = side.seen_through
    if start is None or start >= now:
        return 0
    beyond = sum(one.decided_at is None and start < one.due_at <= now for one in side.overrides)
    return side.schedule.count(start, now) - beyond


@contextmanager
def _placed(member: str) -> Iterator[None]:
    """What a schedule finds out about itself only when it is asked is told where it stands in the request."""
    try:
        yield
    except ScheduleTooSparse as sparse:
        raise BadValue(f"{member}.{sparse.field}", sparse.message, sparse.remedy) from None


def _with_notes(seen: Preview, notes: list[Note]) -> Preview:
    """Before the next clock changes, which come last."""
    if not notes:
        return seen
    own = [note for note in seen.notes if note.kind != "clock_change"]
    return replace(seen, notes=(*own, *notes, *seen.notes[len(own) :]))
