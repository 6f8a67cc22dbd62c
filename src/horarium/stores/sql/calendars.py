"""Calendars in their versions, and the tasks that still use an older one. What used a calendar's days is changed like by any
edit: up to that instant it is decided by the old days, after it by the new."""

from collections.abc import Sequence
from datetime import datetime
from json import dumps

import structlog
from sqlalchemy import Connection

from horarium.core.calendar import IN_USE_NAMED, Calendar, CalendarInUse, CalendarSaved, Outdated
from horarium.core.change import Change, to_itself
from horarium.core.errors import NotFound, StoreError
from horarium.core.ids import to_ulid
from horarium.core.instants import to_ms
from horarium.core.page import PageOf, Window
from horarium.core.schedule.shared_lists import CALENDAR, HOLIDAYS
from horarium.core.task import Broken
from horarium.ports.store import Altered
from horarium.stores.sql import statements, tasks
from horarium.stores.sql.keyset import decoded, encoded
from horarium.stores.sql.plans import mark_broken
from horarium.stores.sql.shared_lists import HolidaysVersion, calendar_of, holding, nearest_calendar

LIST = "calendars"
VERSIONS = "calendar_versions"
VERSION_MAX = 2**31 - 1
NOBODY = "horarium"
"""By whom a task is changed when the installed list of holidays is another one."""

log = structlog.get_logger(__name__)


def calendar(conn: Connection, name: str, version: int | None) -> Calendar | None:
    """The one that holds, or any version that ever held, a deletion included."""
    if version is None:
        return holding(conn, name)
    found = statements.row(conn, "calendar_version", name=name, version=version)
    return None if found is None else calendar_of(found)


def calendars(conn: Connection, window: Window) -> PageOf[Calendar]:
    """By name."""
    after = "" if window.cursor is None else decoded(window.cursor, {LIST: (str,)})[1][0]
    found = statements.rows(conn, "calendars", after=after, limit=window.limit + 1)
    items = tuple(calendar_of(row) for row in found[: window.limit])
    return PageOf(
        items=items,
        next_cursor=encoded(LIST, (items[-1].name,)) if len(found) > window.limit else None,
        total=statements.row(conn, "count_calendars")[0] if window.total else None,
    )


def versions(conn: Connection, name: str, window: Window) -> PageOf[Calendar]:
    """Newest first, deletions included."""
    before = VERSION_MAX if window.cursor is None else decoded(window.cursor, {VERSIONS: (int,)})[1][0]
    found = statements.rows(conn, "calendar_versions", name=name, before=before, limit=window.limit + 1)
    items = tuple(calendar_of(row) for row in found[: window.limit])
    return PageOf(
        items=items,
        next_cursor=encoded(VERSIONS, (items[-1].version,)) if len(found) > window.limit else None,
        total=statements.row(conn, "count_calendar_versions", name=name)[0] if window.total else None,
    )


def put_calendar(
    conn: Connection, name: str, days: tuple[str, ...], description: str, now: datetime, by: str
) -> CalendarSaved:
    """A new version, unless it says what the present one says."""
    there = holding(conn, name)
    if there is not None and (there.days, there.description) == (days, description):
        return CalendarSaved(calendar=there, made=False, changed=False)
    saved = Calendar(
        name=name, version=_next(conn, name), days=days, description=description, updated_at=now, updated_by=by
    )
    _write(conn, saved)
    return CalendarSaved(calendar=saved, made=there is None, changed=True)


def delete_calendar(conn: Connection, name: str, now: datetime, by: str) -> None:
    """Raises NotFound, CalendarInUse. The deletion is a version of its own; its name may be used again."""
    there = holding(conn, name)
    if there is None:
        raise NotFound("calendar", name, nearest_calendar(conn, name))
    users = statements.rows(conn, "users_of_list", list=CALENDAR + name, limit=IN_USE_NAMED)
    if users:
        count = statements.row(conn, "count_users_of_list", list=CALENDAR + name)[0]
        raise CalendarInUse(name, [row[0] for row in users], count)
    _write(
        conn,
        Calendar(
            name=name,
            version=_next(conn, name),
            days=(),
            description=there.description,
            updated_at=now,
            updated_by=by,
            deleted=True,
        ),
    )


def outdated(conn: Connection, limit: int, name: str | None, holidays: HolidaysVersion) -> list[Outdated]:
    """At most `limit` tasks whose schedule holds another version of a list (of that calendar) than the present one."""
    found: dict[bytes, Outdated] = {}
    for list_, version, what, by in _present(conn, name, holidays):
        left = limit - len(found)
        if left <= 0:
            break
        for (task_id,) in statements.rows(conn, "outdated_tasks", list=list_, version=version, limit=left):
            found.setdefault(task_id, Outdated(task_id=task_id, what=what, by=by))
    return list(found.values())


def count_outdated(conn: Connection, name: str) -> int:
    """Tasks whose schedule still holds other days than this calendar's present ones."""
    there = holding(conn, name)
    if there is None:
        return 0
    values = {"list": CALENDAR + name, "version": str(there.version)}
    count: int = statements.row(conn, "count_outdated_tasks", **values)[0]
    return count


def refresh(
    conn: Connection, found: Sequence[Outdated], now: datetime, tzdata: str, holidays: HolidaysVersion
) -> tuple[Altered, ...]:
    """Each task in a savepoint of its own: one that fails takes no other with it."""
    altered = [_refreshed(conn, one, now, tzdata, holidays) for one in found]
    return tuple(one for one in altered if one is not None)


def _refreshed(
    conn: Connection, one: Outdated, now: datetime, tzdata: str, holidays: HolidaysVersion
) -> Altered | None:
    """Saved once more as it is, which fills in the lists of now. None where it cannot be: then it is broken from now on, and
    is not found again."""
    change = Change(what=one.what, by=one.by, apply=to_itself)
    cursor = conn.connection.cursor()
    cursor.execute("SAVEPOINT one")
    try:
        altered = tasks.change_task(conn, one.task_id, None, change, now, tzdata, holidays)
    except Exception as fault:
        if isinstance(fault, StoreError | conn.dialect.loaded_dbapi.Error):
            raise
        cursor.execute("ROLLBACK TO one")
        cursor.execute("RELEASE one")
        _break(conn, one, fault)
        return None
    cursor.execute("RELEASE one")
    return altered


def _break(conn: Connection, one: Outdated, fault: Exception) -> None:
    there = tasks.task(conn, one.task_id)
    if isinstance(there, Broken):
        mark_broken(conn, there.id, there.revision, there.field, there.reason)
        return
    log.error("a task cannot be planned and is marked broken", task=to_ulid(one.task_id), exc_info=fault)
    mark_broken(conn, one.task_id, None, "schedule", f"it cannot be planned: {fault!r}")


def _present(conn: Connection, name: str | None, holidays: HolidaysVersion) -> list[tuple[str, str, str, str]]:
    """The lists that may be outdated somewhere: name in the books, present version, what the history says, by whom."""
    if name is not None:
        there = holding(conn, name)
        changed: Sequence[tuple[str, int, str]] = [] if there is None else [(name, there.version, there.updated_by)]
    else:
        changed = statements.rows(conn, "outdated_calendars")
    found = [(CALENDAR + known, str(version), f"calendar {known}", by) for known, version, by in changed]
    if name is None and statements.row(conn, "uses_list", list=HOLIDAYS)[0]:
        version = holidays()
        found.append((HOLIDAYS, version, f"{HOLIDAYS} {version}", NOBODY))
    return found


def _next(conn: Connection, name: str) -> int:
    newest = statements.row(conn, "newest_calendar", name=name)
    return 1 if newest is None else int(newest[1]) + 1


def _write(conn: Connection, new: Calendar) -> None:
    statements.change(conn, "retire_calendar", name=new.name)
    values = (new.name, new.version, dumps(new.days), new.description, to_ms(new.updated_at), new.updated_by)
    statements.write(conn, "add_calendar", [(*values, int(new.deleted), int(not new.deleted))])
