"""The shared lists of days of a task that is saved: filled in from the calendars that hold, in the very transaction that saves
it, so that no calendar can change in between; and kept by task, so that a change of a list finds who uses it."""

from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from json import loads
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import Connection

from horarium.core.calendar import BadDays, Calendar, UnknownCalendar
from horarium.core.errors import BadValue
from horarium.core.instants import from_ms
from horarium.core.schedule.bounds import Bounded
from horarium.core.schedule.day_lists import CalendarDays
from horarium.core.schedule.shared_lists import Shared, marks, same_rule, with_lists
from horarium.core.task import Stored, Task
from horarium.stores.sql import statements

S = TypeVar("S", bound=Bounded)
HolidaysVersion: TypeAlias = Callable[[], str]
"""Asked only where a schedule leaves out holidays: the library need not be there for the others."""

NEIGHBOURS: Final = 200
"""Names looked at on each side of a mistyped one."""


def filled(conn: Connection, task: Task, holidays: HolidaysVersion, old: Stored | None = None, index: int = 0) -> Task:
    """The task with what its lists hold now; a tombstone stays as it is. `old` is what stood there.

    Raises UnknownCalendar, and BadDays where a schedule that a person wrote leaves nothing: what others do to a list later
    ends its tasks at most.
    """
    if task.deleted_at is not None:
        return task
    schedule = with_days(conn, task.schedule, holidays, index)
    if schedule is task.schedule:
        return task
    written = task is not old and not (isinstance(old, Task) and same_rule(old.schedule, schedule))
    if written:
        _check_left_over(schedule, index)
    return replace(task, schedule=schedule)


def _check_left_over(schedule: Bounded, index: int) -> None:
    try:
        nothing = schedule.leaves_nothing()
    except BadValue as bad:
        raise BadDays(f"schedule.{bad.field}", bad.message, bad.remedy, index) from None
    if nothing:
        raise BadDays("schedule.except", "every occurrence is left out", "leave out less", index)


def with_days(conn: Connection, schedule: S, holidays: HolidaysVersion, index: int = 0) -> S:
    """As it would be saved now. Raises UnknownCalendar."""
    known: dict[str, Calendar | None] = {}

    def fill(at: str, shared: Shared) -> Shared:
        if not isinstance(shared, CalendarDays):
            return replace(shared, version=holidays())
        name = shared.name
        if name not in known:
            known[name] = holding(conn, name)
        calendar = known[name]
        if calendar is None:
            raise UnknownCalendar(f"schedule.{at}.name", name, nearest_calendar(conn, name), index)
        return replace(shared, version=calendar.version, days=calendar.days)

    return with_lists(schedule, fill)


def note(conn: Connection, task: Task, old: Stored | None) -> None:
    """Keep which lists `task` uses from now on; `old` is what stood there, None for a new task."""
    after = _marks(task)
    if isinstance(old, Task) and _marks(old) == after:
        return
    if old is not None:
        forget(conn, old)
    statements.write(conn, "add_schedule_list", [(task.id, *mark) for mark in sorted(after)])


def forget(conn: Connection, task: Stored) -> None:
    """It uses none any more."""
    statements.change(conn, "drop_schedule_lists", task_id=task.id)


def holding(conn: Connection, name: str) -> Calendar | None:
    """The calendar of that name, unless it is deleted."""
    found = statements.row(conn, "holding_calendar", name=name)
    return None if found is None else calendar_of(found)


def nearest_calendar(conn: Connection, name: str) -> str | None:
    """Among the first names and those near it in the alphabet."""
    first = statements.rows(conn, "calendar_names_from", name="", limit=NEIGHBOURS)
    after = statements.rows(conn, "calendar_names_from", name=name, limit=NEIGHBOURS)
    before = statements.rows(conn, "calendar_names_before", name=name, limit=NEIGHBOURS)
    names = sorted({row[0] for row in [*first, *after, *before]})
    return next(iter(get_close_matches(name, names, n=1, cutoff=0.6)), None)


def calendar_of(row: Any) -> Calendar:
    """From columns of `calendars`."""
    return Calendar(
        name=row[0],
        version=row[1],
        days=tuple(loads(row[2])),
        description=row[3],
        updated_at=from_ms(row[4]),
        updated_by=row[5],
        deleted=row[6] == 1,
    )


def _marks(task: Task) -> frozenset[tuple[str, str]]:
    return frozenset() if task.deleted_at is not None else marks(task.schedule)
