"""What the whole store says of itself: pools and counts. Read from partial indexes, so that a million tasks cost little."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from json import loads
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, or_, select, text, union

from horarium.core.instants import to_ms
from horarium.core.page import Counts, PoolRow
from horarium.stores.sql.rows import instant
from horarium.stores.sql.tables import ALIVE, OPEN, RUNNING, WAITING_READY, cursors, runs, tasks, workers
from horarium.stores.sql.task_filters import (
    DELETED,
    LIVING,
    failing_tasks,
    late_tasks,
    of_index,
    paused,
    running_tasks,
)
from horarium.stores.sql.task_orders import DUE, WITH_CURSOR

LATENESSES = 2_000
"""Of so many newest runs the latenesses are looked at."""
LATE_SEARCHED_MAX = 20_000
"""Undecided cursors and unstarted runs that are looked at for counting late tasks; in a larger backlog the count is a floor."""
POOLS_MAX = 1_000
DEFAULT_POOL = "default"


def pools(conn: Connection, now: datetime) -> Sequence[PoolRow]:
    """By name: each pool that a living worker names, that has a ready or running run, and the default one."""
    alive = conn.execute(select(workers.c.id, workers.c.pools, workers.c.slots).where(text(ALIVE))).all()
    serves = [(frozenset(loads(row[1])), row[2]) for row in alive]
    waiting, running = _waiting(conn, now), _running(conn)
    names = {DEFAULT_POOL, *waiting, *running, *(name for named, _ in serves for name in named)}
    return tuple(
        PoolRow(
            name=name,
            workers=sum(not named or name in named for named, _ in serves),
            slots=sum(slots for named, slots in serves if not named or name in named),
            running=running[name],
            waiting=waiting[name],
        )
        for name in sorted(names)[:POOLS_MAX]
    )


def counts(conn: Connection, now: datetime) -> Counts:
    """`tasks`: total (the living), one count for each state."""
    waiting_and_running = _one(conn, _open(OPEN, "runs_open", conn.dialect.name))
    running = _one(conn, _open(RUNNING, "runs_of_worker", conn.dialect.name))
    oldest: int | None = _one(
        conn, select(func.min(cursors.c.next_due_at)).where(DUE, cursors.c.next_due_at <= to_ms(now))
    )
    return Counts(
        tasks=_tasks(conn, now),
        waiting=waiting_and_running - running,
        running=running,
        oldest_undecided=instant(oldest),
        lateness_ms=_latenesses(conn),
    )


def _tasks(conn: Connection, now: datetime) -> dict[str, int]:
    dialect = conn.dialect.name
    is_paused, is_broken = paused(now), tasks.c.broken.is_not(None)
    total = _count(conn, select(func.count()).select_from(tasks).where(LIVING))
    # Few tasks are paused or broken; the counts of the others follow from sums over one index.
    apart = select(
        func.count().filter(or_(is_paused, is_broken)),
        func.count(cursors.c.next_due_at).filter(or_(is_paused, is_broken)),
        func.count().filter(is_paused),
        func.count().filter(is_broken),
    )
    maybe = union(
        select(tasks.c.id).where(text("paused_at IS NOT NULL")), select(tasks.c.id).where(text("broken IS NOT NULL"))
    )
    among = apart.select_from(WITH_CURSOR).where(tasks.c.id.in_(maybe), LIVING)
    aside, aside_due, paused_now, broken = conn.execute(among).one()
    active = _count(conn, select(func.count()).select_from(cursors).where(DUE)) - aside_due
    return {
        "total": total,
        "active": active,
        "paused": paused_now,
        "broken": broken,
        "deleted": _count(conn, select(func.count()).select_from(WITH_CURSOR).where(DELETED)),
        "running": _living(conn, running_tasks(dialect)),
        "failing": _living(conn, failing_tasks()),
        "late": _living(conn, late_tasks(now, dialect).limit(LATE_SEARCHED_MAX)),
        "ended": total - aside - active,
    }


def _living(conn: Connection, ids: Select[Any]) -> int:
    """Of these tasks, each once, the living ones."""
    found = ids.subquery()
    living = (
        select(func.count(func.distinct(found.c[0])))
        .select_from(found.join(tasks, tasks.c.id == found.c[0]))
        .where(LIVING)
    )
    return _count(conn, living)


def _latenesses(conn: Connection) -> tuple[int, ...]:
    newest = select(runs.c.first_started_at, runs.c.expected_at).order_by(runs.c.id.desc()).limit(LATENESSES).subquery()
    known = select(newest).where(newest.c.first_started_at.is_not(None), newest.c.expected_at.is_not(None))
    return tuple(max(0, row[0] - row[1]) for row in conn.execute(known))


def _waiting(conn: Connection, now: datetime) -> Counter[str]:
    ready_at: ColumnElement[int] = literal_column("ready_at")
    ready = _open(WAITING_READY, "runs_waiting", conn.dialect.name).where(ready_at <= to_ms(now))
    return _by_pool(conn, ready)


def _running(conn: Connection) -> Counter[str]:
    living = text(f"worker_id IN (SELECT id FROM workers WHERE {ALIVE})")
    return _by_pool(conn, _open(RUNNING, "runs_of_worker", conn.dialect.name).where(living))


def _by_pool(conn: Connection, found: Select[Any]) -> Counter[str]:
    pool: ColumnElement[str] = literal_column("pool")
    return Counter({row[1]: row[0] for row in conn.execute(found.add_columns(pool).group_by(pool))})


def _open(condition: str, index: str, dialect: str) -> Select[Any]:
    return of_index(index, condition, dialect).with_only_columns(func.count())


def _one(conn: Connection, found: Select[Any]) -> Any:
    return conn.execute(found).scalar_one()


def _count(conn: Connection, found: Select[Any]) -> int:
    return int(_one(conn, found))
