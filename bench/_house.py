"""What the engine's benches share: tasks, an engine on a store, and a bare loop that writes the same rows."""

import contextlib
import gc
import os
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from horarium.actions.log import LogDoer
from horarium.clocks.system import SystemClock, SystemRandom
from horarium.core.action import Log
from horarium.core.ids import RANDOM_BYTES, TaskId, WorkerId, stamped_id
from horarium.core.schedule.once import Once
from horarium.core.schedule.schedule import Schedule
from horarium.core.task import Task
from horarium.core.worker import Worker
from horarium.engine.engine import Engine, Makeup
from horarium.ports.store import Store
from horarium.queues.in_process import InProcessQueue
from horarium.stores.folder import DataFolder
from horarium.stores.open import open_file
from horarium.wiring import calm_collector

TZDATA = "2026a"
SLOTS = 250
BATCH = 1_000


def simple_task(number: int, schedule: Schedule, now: datetime) -> Task:
    """A task that logs one line."""
    return Task(
        name=f"task {number}",
        schedule=schedule,
        action=Log(kind="log", message="hello"),
        id=TaskId(stamped_id(now, os.urandom(RANDOM_BYTES))),
        revision=1,
        created_at=now,
        created_by="bench",
        updated_at=now,
    )


async def add_once(store: Store, count: int, due_at: datetime) -> None:
    """`count` tasks due at one instant."""
    now = SystemClock().now()
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        await store.add_tasks([simple_task(n, Once(kind="once", at=due_at), now) for n in numbers], now)


@contextlib.asynccontextmanager
async def engine_on(store: Store) -> AsyncIterator[Engine]:
    """All parts of one process, as `horarium serve` has them, with the log action alone."""
    thresholds = gc.get_threshold()
    import asyncio

    clock, random = SystemClock(), SystemRandom()
    record = Worker(
        id=WorkerId(stamped_id(clock.now(), random.bytes(RANDOM_BYTES))),
        name="bench",
        pools=(),
        slots=SLOTS,
        process_slots=64,
        version="0",
        started_at=clock.now(),
    )
    makeup = Makeup(record=record, schedules=True, works=True, shared=False, tzdata=TZDATA)
    engine = Engine(makeup, store=store, queue=InProcessQueue(), clock=clock, doers={"log": LogDoer()})
    await engine.begin()
    running = asyncio.create_task(engine.run())
    calm_collector()
    try:
        yield engine
    finally:
        await engine.drain()
        await running
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def bare_rows_per_second(place: Path, count: int) -> float:
    """What sqlite3 alone does with the rows of `count` runs: made running, settled, cursor moved twice, one line of output;
    SLOTS runs a commit, FULL."""
    folder = DataFolder.open(place / "bare")
    import asyncio

    async def prepared() -> None:
        store = open_file(folder, TZDATA)
        await add_once(store, count, datetime(2030, 1, 1, tzinfo=UTC))
        await store.close()

    asyncio.run(prepared())
    books = sqlite3.connect(folder.books, isolation_level=None)
    output = sqlite3.connect(folder.output, isolation_level=None)
    for base, synchronous in ((books, "FULL"), (output, "NORMAL")):
        base.execute("PRAGMA journal_mode = WAL")
        base.execute(f"PRAGMA synchronous = {synchronous}")
        base.execute("PRAGMA wal_autocheckpoint = 0")
    tasks = [row[0] for row in books.execute("SELECT id FROM tasks")]
    run = _run_template(books)
    begun = time.perf_counter()
    for start in range(0, count, SLOTS):
        batch = tasks[start : start + SLOTS]
        ids = [(start + n + 1).to_bytes(16, "big") for n in range(len(batch))]
        books.execute("BEGIN IMMEDIATE")
        books.executemany(run, list(zip(ids, batch, strict=True)))
        books.executemany(
            "UPDATE cursors SET version = version + 1, seen_through = 1900000000000, next_due_at = NULL, decided = 1, "
            "since_edit = 1, holder = ? WHERE task_id = ? AND version = 1",
            list(zip(ids, batch, strict=True)),
        )
        books.execute("COMMIT")
        output.execute("BEGIN IMMEDIATE")
        output.executemany(
            "INSERT INTO output (run_id, attempt, offset, stream, at, first_line, data) "
            "VALUES (?, 1, 0, 'stdout', 1, 1, x'68690a')",
            [(one,) for one in ids],
        )
        output.execute("COMMIT")
        books.execute("BEGIN IMMEDIATE")
        books.executemany(
            "UPDATE runs SET state = 'succeeded', spent = 1, ended_at = 1900000000001 "
            "WHERE id = ? AND fence = 1 AND state = 'running' AND cancel_reason IS NULL",
            [(one,) for one in ids],
        )
        books.executemany(
            "UPDATE cursors SET holder = NULL, version = version + 1, last_run_id = ?, last_state = 'succeeded' "
            "WHERE task_id = ?",
            list(zip(ids, batch, strict=True)),
        )
        books.execute("COMMIT")
    taken = time.perf_counter() - begun
    books.close()
    output.close()
    folder.close()
    return count / taken


def _run_template(books: sqlite3.Connection) -> str:
    """An INSERT of a run claimed at birth, id and task as its two parameters, every other column filled as usual."""
    usual = {
        "task_revision": "1",
        "cause": "'schedule'",
        "due_at": "1900000000000",
        "ready_at": "1900000000000",
        "expected_at": "1900000000000",
        "is_behind": "0",
        "pool": "'default'",
        "priority": "0",
        "needs_process": "0",
        "state": "'running'",
        "attempt": "1",
        "spent": "0",
        "lost": "0",
        "fence": "1",
        "worker_id": "randomblob(16)",
        "first_started_at": "1900000000000",
        "started_at": "1900000000000",
        "tzdata": f"'{TZDATA}'",
    }
    names = ["id", "task_id", *usual]
    return f"INSERT INTO runs ({', '.join(names)}) VALUES (?, ?, {', '.join(usual.values())})"
