"""A store's two databases on plain SQLite, and rows put straight into them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, insert

from horarium.core.cursor import Cursor, Skip
from horarium.core.ids import RunId, stamped_id
from horarium.core.instants import to_ms
from horarium.core.run import Attempt, Run, RunState
from horarium.core.task import Task
from horarium.core.worker import Worker
from horarium.stores.sql import rows, tables


@contextmanager
def opened(path: Path | None = None, *, output: bool = False) -> Iterator[Connection]:
    """A fresh database of the books, or of output: in memory, or the file `path` in WAL mode."""
    engine = create_engine("sqlite://" if path is None else f"sqlite:///{path}")
    with engine.connect() as conn:
        if path is not None:
            conn.exec_driver_sql("PRAGMA journal_mode=WAL")
        (tables.output_metadata if output else tables.metadata).create_all(conn)
        conn.commit()
        yield conn
    engine.dispose()


def stamped(instant: datetime, number: int) -> bytes:
    return stamped_id(instant, number.to_bytes(10, "big"))


def add_task(conn: Connection, task: Task, *, broken: str | None = None) -> None:
    """The task and its present revision, no cursor."""
    conn.execute(insert(tables.tasks), named(tables.tasks, rows.task_values(task, broken)))
    history = (
        task.id,
        task.revision,
        to_ms(task.updated_at),
        "created",
        task.created_by,
        *rows.definition_values(task),
    )
    conn.execute(insert(tables.revisions), named(tables.revisions, history))
    for tag in task.tags:
        conn.execute(insert(tables.task_tags), {"tag": tag, "task_id": task.id})


def add_cursor(
    conn: Connection, cursor: Cursor, last_run: RunId | None = None, last_state: RunState | None = None
) -> None:
    values = (
        *(
            cursor.task_id,
            cursor.version,
            cursor.task_revision,
            to_ms(cursor.seen_through),
            rows.ms(cursor.next_due_at),
        ),
        *(cursor.decided, cursor.since_edit, to_ms(cursor.kept_from), cursor.forgotten, cursor.holder, cursor.behind),
        *(None if cursor.open_skip is None else cursor.open_skip.id, last_run, last_state, cursor.tzdata),
        cursor.overrides,
    )
    conn.execute(insert(tables.cursors), named(tables.cursors, values))


def add_run(conn: Connection, run: Run) -> None:
    conn.execute(insert(tables.runs), named(tables.runs, rows.run_values(run)))


def add_skip(conn: Connection, skip: Skip) -> None:
    conn.execute(insert(tables.skips), named(tables.skips, rows.skip_values(skip)))


def add_attempt(conn: Connection, attempt: Attempt) -> None:
    values = (
        *(attempt.run_id, attempt.attempt, attempt.fence, attempt.worker_id),
        *(rows.ms(attempt.started_at), rows.ms(attempt.ended_at), attempt.outcome, attempt.reason),
        *(attempt.exit_status, attempt.http_status, attempt.detail, attempt.late_report),
    )
    conn.execute(insert(tables.attempts), named(tables.attempts, values))


def add_worker(conn: Connection, worker: Worker, dead_at: datetime | None = None) -> None:
    pools = "[" + ", ".join(f'"{pool}"' for pool in worker.pools) + "]"
    values = (
        *(worker.id, worker.name, pools, worker.slots, worker.process_slots, worker.version),
        *(to_ms(worker.started_at), worker.beat, rows.ms(worker.stopped_at), rows.ms(dead_at)),
    )
    conn.execute(insert(tables.workers), named(tables.workers, values))


def named(table: Any, values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip([column.name for column in table.c], values, strict=True))


@contextmanager
def statements(conn: Connection) -> Iterator[list[tuple[str, Any]]]:
    """Collects what is executed meanwhile, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        seen.append((statement, parameters))

    event.listen(conn, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(conn, "before_cursor_execute", note)


@contextmanager
def steps(conn: Connection) -> Iterator[list[int]]:
    """Counts, in its one element, the thousands of steps that SQLite's machine takes meanwhile."""
    counted = [0]

    def note() -> int:
        counted[0] += 1
        return 0

    driver: Any = conn.connection.driver_connection
    driver.set_progress_handler(note, 1_000)
    try:
        yield counted
    finally:
        driver.set_progress_handler(None, 0)
