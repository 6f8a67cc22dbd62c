"""The store alone: 10,000 tasks due at one instant are planned, claimed at birth and settled in batches of 250.

The limit, measured in the same run: a bare sqlite3 loop that writes the same rows into the same tables in the same batches.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from horarium.core.action import Log
from horarium.core.ids import TaskId, WorkerId, stamped_id
from horarium.core.outcome import Succeeded
from horarium.core.plan import Plan
from horarium.core.plan_overridden import plan_due
from horarium.core.schedule.every import Every
from horarium.core.settle import Ending
from horarium.core.task import Task
from horarium.core.worker import Worker
from horarium.ports.store import Claim, Room, Store
from horarium.stores.folder import DataFolder
from horarium.stores.open import open_file
from horarium.stores.sql.rows import birth_values
from horarium.stores.sql.statements import statements

TASKS = 10_000
BATCH = 250
BUDGET = 0.4
T0 = datetime(2027, 3, 1, 12, tzinfo=UTC)
DUE = T0 + timedelta(hours=1)
NOW = DUE + timedelta(milliseconds=3)
TZDATA = "2027a"
WORKER = WorkerId(b"W" * 16)
ROOM = Room(worker_id=WORKER, pools=(), slots=BATCH, process_slots=64)
RECORD = Worker(id=WORKER, name="ada", pools=(), slots=BATCH, process_slots=64, version="0", started_at=T0)


def tasks() -> list[Task]:
    return [
        Task(
            name=f"task {number}",
            schedule=Every(kind="every", seconds=3_600, anchor=DUE),
            action=Log(kind="log", message="done"),
            id=TaskId(stamped_id(T0, number.to_bytes(10, "big"))),
            revision=1,
            created_at=T0,
            created_by="ada",
            updated_at=T0,
        )
        for number in range(TASKS)
    ]


class Stopwatch:
    """Seconds by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun


async def ours(store: Store, watch: Stopwatch) -> list[tuple[list[Plan], list[Claim]]]:
    """Answers what was written, for the bare loop to write again."""
    written = []
    for _ in range(TASKS // BATCH):
        with watch("read what is due"):
            due = await store.due(NOW, BATCH)
        with watch("plan (pure)"):
            plans = [
                plan for one in due if (plan := plan_due(one.task, one.cursor, NOW, TZDATA, one.overrides)) is not None
            ]
        with watch("commit plans"):
            claims = (await store.commit_plans(plans, NOW, ROOM)).claims
        assert len(claims) == BATCH
        with watch("settle"):
            endings = [Ending(run=claim.run, outcome=Succeeded(), policy=claim.policy) for claim in claims]
            settled = await store.settle(endings, NOW)
        assert None not in settled.runs
        written.append((plans, list(claims)))
    return written


def bare(path: Path, written: list[tuple[list[Plan], list[Claim]]]) -> float:
    """The same rows by the same statements, nothing decided and nothing asked."""
    sql = {name: statement.sql for name, statement in statements("sqlite").items()}
    rows = [(_moves(plans), [birth_values(claim.run) for claim in claims], _ends(claims)) for plans, claims in written]
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    begun = time.perf_counter()
    for moves, births, ends in rows:
        db.execute("BEGIN IMMEDIATE")
        db.executemany(sql["move_cursor"], moves)
        db.executemany(sql["add_run"], births)
        db.execute("COMMIT")
        db.execute("BEGIN IMMEDIATE")
        db.executemany(sql["end_run"], ends)
        db.executemany(
            sql["free_holder"], [(end[8], end[0], birth[1]) for birth, end in zip(births, ends, strict=True)]
        )
        db.execute("COMMIT")
    seconds = time.perf_counter() - begun
    db.close()
    return seconds


def _moves(plans: list[Plan]) -> list[tuple[object, ...]]:
    from horarium.stores.sql.cursors import _moved

    return [_moved(plan.after, plan.before.version) for plan in plans]


def _ends(claims: list[Claim]) -> list[tuple[object, ...]]:
    ended = int(NOW.timestamp() * 1000)
    return [("succeeded", None, 1, 0, ended, None, None, None, claim.run.id, claim.run.fence) for claim in claims]


async def filled(folder: DataFolder) -> Store:
    store = open_file(folder, TZDATA)
    await store.begin_worker(RECORD)
    made = tasks()
    for at in range(0, TASKS, 1_000):
        await store.add_tasks(made[at : at + 1_000], T0)
    return store


def main() -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        watch = Stopwatch()

        async def measure() -> list[tuple[list[Plan], list[Claim]]]:
            begun = time.perf_counter()
            store = await filled(DataFolder.open(Path(one)))
            print(f"create in batches of 1,000: {TASKS / (time.perf_counter() - begun):,.0f} tasks/s")
            written = await ours(store, watch)
            await store.close()
            return written

        async def fill(folder: DataFolder) -> None:
            await (await filled(folder)).close()

        written = asyncio.run(measure())
        folder = DataFolder.open(Path(other))
        asyncio.run(fill(folder))
        limit = bare(folder.books, written)
    for name, seconds in watch.seconds.items():
        print(f"{name:>20}: {seconds / TASKS * 1e6:6.1f} µs a run")
    calls = watch.seconds["commit plans"] + watch.seconds["settle"]
    whole = sum(watch.seconds.values())
    print(f"{'bare loop':>20}: {limit / TASKS * 1e6:6.1f} µs a run, {TASKS / limit:,.0f} runs/s")
    print(f"commit and settle: {TASKS / calls:,.0f} runs/s, {limit / calls:.2f} of the bare loop (budget {BUDGET})")
    print(f"everything, one step after the other: {TASKS / whole:,.0f} runs/s, {limit / whole:.2f} of the bare loop")
    if limit / calls < BUDGET:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
