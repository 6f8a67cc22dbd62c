"""Pages of runs, one run, and its attempts.

A run's place in a list is its id, newest first: the id begins with due_at, or for a run that repeats another (cause retry)
with the instant somebody asked for it. `since` and `before` bound that place. Test runs show only where cause test is asked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, select, text

from horarium.core.ids import RunId, TaskId
from horarium.core.instants import to_ms
from horarium.core.page import PageOf, RunFilter, RunRow, Window
from horarium.core.run import Attempt, Cause, Reason, Run, RunState
from horarium.stores.sql.keyset import decoded, encoded
from horarium.stores.sql.rows import RUN_WIDTH, Unreadable, attempt_of, policy_of, run_of
from horarium.stores.sql.search import Condition, Key, Order, Walk, counted, walked
from horarium.stores.sql.strips import usual
from horarium.stores.sql.tables import (
    FAILED,
    OPEN,
    RUNNING,
    revisions,
    runs,
    task_tags,
    tasks,
    workers,
)
from horarium.stores.sql.tables import (
    attempts as archive,
)
from horarium.stores.sql.task_filters import narrow, of_index

RUNS_SEARCHED_MAX = 50_000
"""Rows of the log that one page looks at: about 50 ms."""
NEWEST: Order = ((runs.c.id, True),)
LIST = "runs"

_PINNED = and_(revisions.c.task_id == runs.c.task_id, revisions.c.revision == runs.c.task_revision)
# Outer joins, so that the rows are found in the log and only then completed.
SHOWN: Select[Any] = select(*runs.c, tasks.c.name, revisions.c.policy, workers.c.name).select_from(
    runs.outerjoin(tasks, tasks.c.id == runs.c.task_id)
    .outerjoin(revisions, _PINNED)
    .outerjoin(workers, workers.c.id == runs.c.worker_id)
)


def run_row(conn: Connection, run_id: RunId) -> RunRow | None:
    row = conn.execute(SHOWN.where(runs.c.id == run_id)).one_or_none()
    return None if row is None else run_rows_of(conn, [row])[0]


def run_rows(conn: Connection, wanted: RunFilter, window: Window) -> PageOf[RunRow]:
    """Newest first. `total`: TOTAL_MAX + 1 for more than that, None where counting would take too long."""
    walk = runs_walk(conn, wanted)
    key = None if window.cursor is None else decoded(window.cursor, {LIST: (bytes,)})[1]
    rows, next_key = found_runs(conn, walk, key, window.limit)
    return PageOf(
        items=run_rows_of(conn, rows),
        next_cursor=None if next_key is None else encoded(LIST, next_key),
        total=counted(conn, walk) if window.total else None,
    )


def found_runs(conn: Connection, walk: Walk, key: Key | None, limit: int) -> tuple[Sequence[Any], Key | None]:
    """At most `limit` rows of SHOWN, and the key to go on from."""
    rows, stop = walked(conn, SHOWN, walk, key, limit + 1)
    if len(rows) > limit:
        return rows[:limit], (rows[limit - 1][0],)
    return rows, stop


def run_rows_of(conn: Connection, rows: Sequence[Sequence[Any]]) -> tuple[RunRow, ...]:
    """From rows of SHOWN."""
    usually = usual(conn, list({TaskId(row[1]) for row in rows}))
    return tuple(
        RunRow(
            run=run_of(row),
            task_name=row[RUN_WIDTH],
            max_attempts=_max_attempts(row[RUN_WIDTH + 1]),
            worker=row[RUN_WIDTH + 2],
            usual_ms=usually.get(row[1]),
        )
        for row in rows
    )


def attempts(conn: Connection, run_id: RunId) -> Sequence[Attempt]:
    """In order: the archived ones, then the one in the run's own row."""
    # The run first: what is archived between the two readings is then found among the archived.
    own = conn.execute(select(*runs.c).where(runs.c.id == run_id)).one_or_none()
    if own is None:
        return ()
    rows = conn.execute(select(*archive.c).where(archive.c.run_id == run_id).order_by(archive.c.attempt)).all()
    found = [attempt_of(row) for row in rows]
    run = run_of(own)
    begun = run.attempt > 0 and run.state is not RunState.WAITING
    if begun and run.attempt not in {attempt.attempt for attempt in found}:
        found.append(_present(run))
    return found


def runs_walk(conn: Connection, wanted: RunFilter) -> Walk:
    """Which index is read, and what is sifted on the way."""
    along: list[Condition] = [] if wanted.since is None else [runs.c.id >= first_id(wanted.since)]
    if wanted.before is not None:
        along.append(runs.c.id < first_id(wanted.before))
    sift = _sifted(wanted)
    states = tuple(state.value for state in wanted.states)
    if wanted.task_id is not None:
        along.append(runs.c.task_id == wanted.task_id)
    elif states == ("failed",):
        along.append(text(FAILED))  # type: ignore[arg-type]
        states = ()
    elif states and (few := narrow(conn, [_open_runs(states, conn.dialect.name)] if _all_open(wanted) else [])):
        along.append(runs.c.id.in_(few[0]))
        along += [*sift, runs.c.state.in_(states)]
        sift, states = [], ()
    if states:
        sift.append(runs.c.state.in_(states))
    shown = (
        runs.c.cause.in_([cause.value for cause in wanted.causes])
        if wanted.causes
        else runs.c.cause != Cause.TEST.value
    )
    # Test runs are so few that passing over them needs no bound; a wanted cause may be as rare as they are.
    (sift if wanted.causes or sift else along).append(shown)
    return Walk(table=runs, order=NEWEST, along=along, sift=sift, searched_max=RUNS_SEARCHED_MAX)


def first_id(instant: datetime) -> bytes:
    """The least id of `instant` or later."""
    return ceil_ms(instant).to_bytes(6, "big") + bytes(10)


def ceil_ms(instant: datetime) -> int:
    return to_ms(instant) + (instant.microsecond % 1000 > 0)


def _sifted(wanted: RunFilter) -> list[Condition]:
    sift: list[Condition] = []
    if wanted.reasons:
        sift.append(runs.c.reason.in_([reason.value for reason in wanted.reasons]))
    if wanted.pool is not None:
        sift.append(runs.c.pool == wanted.pool)
    if wanted.tag is not None:
        sift.append(exists().where(task_tags.c.tag == wanted.tag, task_tags.c.task_id == runs.c.task_id))
    if wanted.worker is not None:
        sift.append(runs.c.worker_id.in_(select(workers.c.id).where(workers.c.name == wanted.worker)))
    return sift


def _all_open(wanted: RunFilter) -> bool:
    return all(state.open for state in wanted.states)


def _open_runs(states: tuple[str, ...], dialect: str) -> Select[Any]:
    if states == ("running",):
        return of_index("runs_of_worker", RUNNING, dialect, "id")
    return of_index("runs_open", OPEN, dialect, "id")


def _max_attempts(policy: str | None) -> int:
    """Of the pinned revision's policy; 1, the default, where that cannot be read any more."""
    if policy is None:
        return 1
    try:
        return policy_of(policy).retry.max_attempts
    except Unreadable:
        return 1


def _present(run: Run) -> Attempt:
    return Attempt(
        run_id=run.id,
        attempt=run.attempt,
        fence=run.fence,
        worker_id=run.worker_id,
        started_at=run.started_at,
        ended_at=run.ended_at,
        outcome=_word(run),
        reason=run.reason,
        exit_status=run.exit_status,
        http_status=run.http_status,
        detail=run.detail,
    )


def _word(run: Run) -> str:
    """The attempt's word as an archived one would have it; `running` while it runs."""
    match run.reason:
        case Reason.TIMEOUT | Reason.LOST | Reason.SHUTDOWN if run.state is RunState.FAILED:
            return run.reason.value
        case _:
            return run.state.value
