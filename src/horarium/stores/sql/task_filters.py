"""Which tasks a list means, composed in SQLAlchemy Core, and how to find them when they are few.

A list is read along the index of its order. Where a filter names only a few tasks by an index of its own (a tag, a rare
state), those are fetched and sorted instead: a filter that finds three among a million answers at once and completely.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias, assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)

from horarium.core.instants import to_ms
from horarium.core.page import TaskFilter, TaskStateName
from horarium.stores.sql.search import Condition
from horarium.stores.sql.tables import OPEN, RUNNING, WAITING_READY, Id, cursors, task_tags, tasks
from horarium.stores.sql.task_words import read_whole, said, words_of

Ids: TypeAlias = Select[Any]

LATE_AFTER = timedelta(seconds=5)
"""A due instant undecided, or a ready run unstarted, for longer than this makes its task late."""
FEW_MAX = 1_000
"""At most so many candidates are fetched and sorted; more are searched along the order."""

LIVING = tasks.c.deleted_at.is_(None)
DELETED = and_(tasks.c.deleted_at.is_not(None), cursors.c.task_id.is_not(None))
"""By somebody: the task of a test run was born so, and has no cursor."""
READABLE = tasks.c.broken.is_(None)
FAILING = text("cursors.last_state = 'failed'")


def wanted_tasks(wanted: TaskFilter, now: datetime, dialect: str) -> list[Condition]:
    """All of them hold at once; over `tasks` left-joined with `cursors`."""
    conditions: list[Condition] = [in_states(wanted.states, now, dialect)] if wanted.states else [LIVING]
    conditions += [exists().where(task_tags.c.tag == tag, task_tags.c.task_id == tasks.c.id) for tag in wanted.tags]
    if wanted.pool is not None:
        conditions.append(tasks.c.pool == wanted.pool)
    if wanted.kind is not None:
        conditions.append(tasks.c.kind == wanted.kind)
    return conditions + said(words_of(wanted.words), dialect)


def in_states(states: tuple[TaskStateName, ...], now: datetime, dialect: str) -> Condition:
    """Any of the states; each but `deleted` is one of living tasks."""
    living = [_in_state(state, now, dialect) for state in states if state != "deleted"]
    found = [and_(LIVING, or_(*living))] if living else []
    if "deleted" in states:
        found.append(DELETED)
    return or_(*found)


def paused(now: datetime) -> Condition:
    return and_(tasks.c.paused_at.is_not(None), or_(tasks.c.paused_until.is_(None), tasks.c.paused_until > to_ms(now)))


def _in_state(state: TaskStateName, now: datetime, dialect: str) -> Condition:
    match state:
        case "paused":
            return paused(now)
        case "broken":
            return tasks.c.broken.is_not(None)
        case "failing":
            return cursors.c.last_state == "failed"
        case "running":
            return tasks.c.id.in_(running_tasks(dialect))
        case "late":
            return or_(cursors.c.next_due_at < _late(now), exists(_unstarted_of_task(now, dialect)))
        case "active":
            return and_(READABLE, ~paused(now), cursors.c.next_due_at.is_not(None))
        case "ended":
            return and_(READABLE, ~paused(now), cursors.c.next_due_at.is_(None))
        case "deleted":
            return DELETED
        case _:
            assert_never(state)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Selects of ids, in each of which all wanted tasks lie. `few`: those of at most FEW_MAX ids, none where no filter is that
    narrow. `saying`: the tasks that say the words, however many, where all tasks can be read for them."""

    few: list[Ids]
    saying: list[Ids]

    @property
    def counted(self) -> list[Ids]:
        """Where to count: nothing that is to be found one by one is left to an index of another order."""
        return self.few or self.saying


def candidates(conn: Connection, wanted: TaskFilter, now: datetime) -> Candidates:
    named = [_tagged(tag) for tag in wanted.tags]
    of_states = [_candidates(state, now, conn.dialect.name) for state in wanted.states]
    by_state = [ids for ids in of_states if ids is not None]
    if by_state and len(by_state) == len(of_states):
        named.append(by_state[0] if len(by_state) == 1 else _any_of(by_state))
    narrowed = narrow(conn, named)
    words = words_of(wanted.words)
    if narrowed or not words or (whole := read_whole(conn, words)) is None:
        return Candidates(narrowed, [])
    found = conn.execute(whole.limit(FEW_MAX + 1)).scalars().all()
    if len(found) <= FEW_MAX:
        return Candidates([select(tasks.c.id).where(tasks.c.id.in_(found))], [])
    return Candidates([], [whole])


def narrow(conn: Connection, named: list[Ids]) -> list[Ids]:
    """Those of the selects that name at most FEW_MAX rows, counted in one query."""
    if not named:
        return []
    bitten = [ids.limit(FEW_MAX + 1) for ids in named]
    counts = [select(func.count()).select_from(ids.subquery()).scalar_subquery() for ids in bitten]
    found = conn.execute(select(*counts)).one()
    return [ids for ids, count in zip(bitten, found, strict=True) if count <= FEW_MAX]


def running_tasks(dialect: str) -> Ids:
    """Tasks of running runs, one row for each run."""
    return of_index("runs_of_worker", RUNNING, dialect)


def failing_tasks() -> Ids:
    return select(cursors.c.task_id).where(FAILING)


def late_tasks(now: datetime, dialect: str) -> Ids:
    """One row for each undecided cursor and each unstarted run."""
    undecided = select(cursors.c.task_id).where(cursors.c.next_due_at < _late(now))
    ready_at: ColumnElement[int] = literal_column("ready_at")
    unstarted = of_index("runs_waiting", WAITING_READY, dialect).where(ready_at < _late(now))
    return _any_of([undecided, unstarted])


def of_index(index: str, condition: str, dialect: str, column: str = "task_id") -> Ids:
    """A column of the runs that a partial index holds.

    SQLite, without statistics, would rather read all of a bigger index that covers the query, so there it is told.
    """
    source = f"runs INDEXED BY {index}" if dialect == "sqlite" else "runs"
    wanted: ColumnElement[bytes] = literal_column(column, Id)
    return select(wanted).select_from(text(source)).where(text(condition))


def _unstarted_of_task(now: datetime, dialect: str) -> Select[Any]:
    ready_at: ColumnElement[int] = literal_column("ready_at")
    ready = text(f"runs.task_id = tasks.id AND {OPEN} AND {WAITING_READY}")
    return of_index("runs_open", "1 = 1", dialect).where(ready, ready_at < _late(now))


def _late(now: datetime) -> int:
    return to_ms(now - LATE_AFTER)


def _tagged(tag: str) -> Ids:
    return select(task_tags.c.task_id).where(task_tags.c.tag == tag)


def _candidates(state: TaskStateName, now: datetime, dialect: str) -> Ids | None:
    match state:
        case "broken":
            return select(tasks.c.id).where(text("broken IS NOT NULL"))
        case "deleted":
            return select(tasks.c.id).where(text("deleted_at IS NOT NULL"))
        case "failing":
            return failing_tasks()
        case "running":
            return running_tasks(dialect)
        case "late":
            return late_tasks(now, dialect)
        case "paused" | "active" | "ended":
            return None
        case _:
            assert_never(state)


def _any_of(selects: list[Ids]) -> Ids:
    merged = union_all(*selects).subquery()
    return select(merged.c[0])
