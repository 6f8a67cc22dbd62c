"""`GET /tasks` as the store answers it: one page of tasks with strips, over 100,000 tasks and 1,000,000 runs.

Prints p50 and p99 of `task_rows`, beside the limit measured in the same run: the bare SQL that fetches the same rows by
the driver alone, nothing decoded. `python -m bench.list [--tasks N] [--runs N] [--rounds N]`
"""

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TypeAlias

from sqlalchemy import Connection, Table, create_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from horarium.core.page import TaskFilter, Window
from horarium.stores.sql.keyset import encoded
from horarium.stores.sql.tables import cursors, metadata, runs, task_tags, tasks
from horarium.stores.sql.task_lists import task_rows

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
BUSY_TASKS = 1_000  # each has 500 runs, the others share the rest
BUSY_RUNS = 500
LIMITS = (50, 200)
BUDGET_P99_MS = 8.0
Begin: TypeAlias = tuple[str, str | None]
WORDS = ("backup", "report", "sync", "mail", "invoice", "cache", "index", "export", "probe", "rotate")


def build(path: Path, task_count: int, run_count: int) -> None:
    """The database, rows first and indexes last, without a journal."""
    random = Random(1)
    engine = create_engine("sqlite://")
    with sqlite3.connect(path, isolation_level=None) as db:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000")
        for table in metadata.sorted_tables:
            db.execute(str(CreateTable(table).compile(engine)))
        db.execute("BEGIN")
        ids = [_id(random, NOW_MS - 86_400_000 * 90 + n * 1000) for n in range(task_count)]
        insert(db, tasks, _tasks(random, ids))
        insert(db, task_tags, ((tag, task) for n, task in enumerate(ids) for tag in _tags(n)))
        last: dict[bytes, tuple[bytes, str]] = {}
        insert(db, runs, _runs(random, ids, run_count, last))
        insert(db, cursors, _cursors(random, ids, last))
        for table in metadata.sorted_tables:
            for index in table.indexes:
                db.execute(str(CreateIndex(index).compile(engine)))
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode=WAL")
    db.close()


def insert(db: sqlite3.Connection, table: Table, rows: Iterator[tuple[object, ...]]) -> None:
    names = [column.name for column in table.c]
    marks = ", ".join("?" * len(names))
    db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)


def _id(random: Random, ms: int) -> bytes:
    return ms.to_bytes(6, "big") + random.randbytes(10)


def _tags(n: int) -> tuple[str, ...]:
    return ("ops", f"team-{n % 40}") if n % 3 else ()


def _tasks(random: Random, ids: list[bytes]) -> Iterator[tuple[object, ...]]:
    schedules = [
        f'{{"kind":"cron","expression":"{m} {h} * * *","timezone":"Europe/Berlin"}}'
        for m in range(60)
        for h in range(24)
    ]
    for n, task in enumerate(ids):
        created = NOW_MS - 86_400_000 * 90 + n * 1000
        tags = "[" + ", ".join(f'"{tag}"' for tag in _tags(n)) + "]"
        name = f"{random.choice(WORDS)} {random.choice(WORDS)} {n}"
        action = f'{{"kind":"log","message":"{name}"}}'
        paused = created if n % 50 == 7 else None
        yield (
            *(task, 1, name, "keeps what was written yesterday", tags, "log", schedules[n % len(schedules)], action),
            *('{"timeout_seconds":600}', "default" if n % 10 else "heavy", 0),
            *(paused, None, None if paused is None else "holiday", None),
            *(created, "ada", created, None, None),
        )


def _runs(
    random: Random, ids: list[bytes], count: int, last: dict[bytes, tuple[bytes, str]]
) -> Iterator[tuple[object, ...]]:
    """In order of time, so that their key grows at its end as it does in life."""
    busy = ids[:: max(1, len(ids) // BUSY_TASKS)]
    for n in range(count):
        task = random.choice(busy) if random.random() < 0.5 else random.choice(ids)
        due = NOW_MS - (count - n) * 100
        run = _id(random, due)
        state = "failed" if random.random() < 0.01 else "running" if n > count - 200 else "succeeded"
        ended = None if state == "running" else due + random.randrange(20, 30_000)
        if ended is not None:
            last[task] = (run, state)
        yield (
            *(run, task, 1, "schedule", due, due, due, "default", 0, 0, "2026f", state, 0),
            *("error" if state == "failed" else None, 1, 0 if ended is None else 1, 0, 1, b"w" * 16, None),
            *(due + 2, due + 2, ended, None, None, None, None, None),
        )


def _cursors(random: Random, ids: list[bytes], last: dict[bytes, tuple[bytes, str]]) -> Iterator[tuple[object, ...]]:
    for n, task in enumerate(ids):
        due = None if n % 50 == 7 else NOW_MS + random.randrange(1_000, 86_400_000)
        run, state = last.get(task, (None, None))
        yield (task, 1, 1, NOW_MS - 1000, due, 10, 10, NOW_MS - 86_400_000, 0, None, 0, None, run, state, "2026f", 0)


def times(action: Callable[[], object], rounds: int) -> tuple[float, float]:
    """p50 and p99 in ms."""
    took = []
    for _ in range(rounds):
        start = perf_counter()
        action()
        took.append((perf_counter() - start) * 1000)
    took.sort()
    return took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)]


def bare(db: sqlite3.Connection, limit: int, after: str) -> None:
    """The page's rows by the driver alone: tasks, strips, running counts."""
    page = db.execute(BARE_PAGE, (after, limit + 1)).fetchall()[:limit]
    marks = ",".join("?" * len(page))
    db.execute(BARE_STRIPS.format(marks), [row[0] for row in page]).fetchall()
    db.execute(BARE_RUNNING).fetchall()


BARE_PAGE = (
    "SELECT t.*, c.next_due_at FROM tasks t LEFT JOIN cursors c ON c.task_id = t.id "
    "WHERE t.deleted_at IS NULL AND t.name > ? ORDER BY t.name, t.id LIMIT ?"
)
BARE_STRIPS = (
    "SELECT r.task_id, r.id, r.state, r.due_at, r.started_at, r.ended_at FROM tasks t JOIN runs r "
    "ON r.task_id = t.id AND r.id >= "
    "coalesce((SELECT id FROM runs x WHERE x.task_id = t.id ORDER BY id DESC LIMIT 1 OFFSET 19), x'') WHERE t.id IN ({})"
)
BARE_RUNNING = "SELECT task_id, count(*) FROM runs INDEXED BY runs_of_worker WHERE state = 'running' GROUP BY task_id"


def measure(path: Path, rounds: int) -> bool:
    """One line for each kind of page; True where the budget is kept."""
    kept = True
    random = Random(2)
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    with create_engine(f"sqlite:///{path}").connect() as conn:
        begins = _beginnings(db)
        for limit in LIMITS:
            bare_p50, bare_p99 = times(partial(_bare_page, db, limit, begins, random), rounds)
            print(f"{'bare SQL':28} limit {limit:4}  p50 {bare_p50:7.2f} ms  p99 {bare_p99:7.2f} ms")
            for what, wanted in PAGES.items():
                named = what == "by name"
                page = partial(_our_page, conn, wanted, limit, begins if named else [("", None)], random)
                p50, p99 = times(page, rounds if named else max(20, rounds // 10))
                ratio = f"  {bare_p50 / p50:4.2f} of the limit" if named else ""
                print(f"{what:28} limit {limit:4}  p50 {p50:7.2f} ms  p99 {p99:7.2f} ms{ratio}")
                kept &= not named or limit != LIMITS[0] or p99 <= BUDGET_P99_MS
    db.close()
    print(f"budget: p99 of a page of {LIMITS[0]} by name at most {BUDGET_P99_MS} ms: {'kept' if kept else 'MISSED'}")
    return kept


PAGES = {
    "by name": TaskFilter(),
    "by next due": TaskFilter(sort="next_due_at"),
    "by last run": TaskFilter(sort="-last_run"),
    "newest first": TaskFilter(sort="-created_at"),
    "failing first": TaskFilter(sort="failing"),
    "state running": TaskFilter(states=("running",)),
    "state late": TaskFilter(states=("late",)),
    "state paused": TaskFilter(states=("paused",)),
    "state active": TaskFilter(states=("active",)),
    "tag of two in 3": TaskFilter(tags=("ops",)),
    "tag of one in 60": TaskFilter(tags=("team-3",)),
    "words found in one of 10": TaskFilter(words="backup yesterday"),
    "words found nowhere": TaskFilter(words="no such words"),
}


def _bare_page(db: sqlite3.Connection, limit: int, begins: list[Begin], random: Random) -> None:
    bare(db, limit, random.choice(begins)[0])


def _our_page(conn: Connection, wanted: TaskFilter, limit: int, begins: list[Begin], random: Random) -> None:
    task_rows(conn, wanted, Window(limit=limit, cursor=random.choice(begins)[1]), NOW)


def _beginnings(db: sqlite3.Connection) -> list[Begin]:
    """Names all over the list, and the cursors of the pages that begin after them."""
    found = db.execute("SELECT name, id FROM tasks WHERE rowid % 97 = 5").fetchall()
    return [(name, encoded("tasks name 0", (name, task))) for name, task in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--file", type=Path, help="keep the database there, and use it again")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="horarium-bench-") as folder:
        path = chosen.file or Path(folder) / "list.db"
        if not path.exists():
            begun = perf_counter()
            build(path, chosen.tasks, chosen.runs)
            print(f"{chosen.tasks} tasks and {chosen.runs} runs built in {perf_counter() - begun:.1f} s")
        return 0 if measure(path, chosen.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
