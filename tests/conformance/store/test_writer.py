"""The SQLite transactor: group commit, a full disk, callers that go away, reads that take too long, and its files."""

import asyncio
import gc
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from horarium.core.errors import BadValue, NameTaken, StoreAway
from horarium.core.page import Chunk
from horarium.ports.store import Store
from horarium.stores import jobs, sqlite_writer
from horarium.stores.checkpoints import Checkpoints
from horarium.stores.folder import DataFolder
from horarium.stores.open import open_file
from horarium.stores.sqlite_files import driver, open_writer
from horarium.stores.transactor import Urgency
from tests.conformance.store.stores import (
    ADA,
    Gate,
    a_task,
    a_worker,
    alter,
    in_order,
    numbered,
    planned,
    plans_at,
    room,
    sql,
    transactor_of,
)
from tests.making import T0, TZDATA, at


@pytest.fixture
async def filed(tmp_path: Path) -> AsyncIterator[Store]:
    folder = DataFolder.open(tmp_path / "data")
    store = open_file(folder, TZDATA)
    await store.begin_worker(a_worker(ADA))
    yield store
    await store.close()
    folder.close()


async def test_whoever_waits_together_commits_together(store: Store) -> None:
    seen: list[int] = []

    def transaction(db: Connection) -> None:
        inner = driver(db)
        inner.execute("CREATE TEMP TABLE IF NOT EXISTS together (n)")
        inner.execute("INSERT INTO together VALUES (1)")
        seen.append(inner.execute("SELECT count(*) FROM together").fetchone()[0])

    on = transactor_of(store)
    await in_order(store, *[lambda: on.write(transaction) for _ in range(20)])
    assert seen == list(range(1, 21))


async def test_one_caller_fails_alone(store: Store) -> None:
    await store.add_tasks([a_task(1)], T0)
    answers = await in_order(
        store,
        lambda: store.add_tasks([a_task(2)], T0),
        lambda: store.add_tasks([a_task(3), a_task(4, name="task 1")], T0),
        lambda: store.add_tasks([a_task(5)], T0),
    )
    assert [type(answer) for answer in answers] == [tuple, NameTaken, tuple]
    assert await sql(store, "SELECT name FROM tasks ORDER BY name") == [("task 1",), ("task 2",), ("task 5",)]


async def test_our_own_mistakes_are_not_hidden(store: Store) -> None:
    await store.add_tasks([a_task(1)], T0)
    with pytest.raises(IntegrityError, match="CHECK constraint failed"):
        await alter(store, "UPDATE cursors SET decided = -1, since_edit = -1, forgotten = -1")
    with pytest.raises(ZeroDivisionError):
        await transactor_of(store).write(lambda db: 1 // 0)
    with pytest.raises(StoreAway):
        await transactor_of(store).write(lambda db: driver(db).execute("SELECT * FROM nowhere"))


async def test_when_the_transaction_is_gone_everyone_in_it_is_told(store: Store) -> None:
    """And nobody runs outside of one."""
    ran: list[str] = []

    def kill(db: Connection) -> None:
        driver(db).execute("ROLLBACK")

    def late(db: Connection) -> None:
        ran.append("late")

    on = transactor_of(store)
    answers = await in_order(
        store, lambda: store.add_tasks([a_task(1)], T0), lambda: on.write(kill), lambda: on.write(late)
    )
    assert [type(answer) for answer in answers] == [StoreAway] * 3
    assert ran == []
    assert await store.task_named("task 1") is None
    await store.add_tasks([a_task(1)], T0)


async def test_a_full_disk_writes_nothing_by_halves_and_passes(filed: Store) -> None:
    big = "x" * 9_000
    [(pages,)] = await sql(filed, "PRAGMA page_count")
    await alter(filed, f"PRAGMA max_page_count = {pages + 30}")
    calls = [
        (lambda n=n: filed.add_tasks([a_task(10 * n + k, description=big) for k in range(3)], T0)) for n in range(1, 9)
    ]
    answers = await in_order(filed, *calls)
    assert StoreAway in {type(answer) for answer in answers}
    names = [name for (name,) in await sql(filed, "SELECT name FROM tasks ORDER BY name")]
    told = [f"task {10 * n + k}" for n in range(1, 9) for k in range(3) if isinstance(answers[n - 1], tuple)]
    assert names == sorted(told)
    assert await sql(filed, "SELECT count(*) FROM cursors") == [(len(told),)]
    await filed.ping()
    await alter(filed, f"PRAGMA max_page_count = {pages + 10_000}")
    assert len(await filed.add_tasks([a_task(99, description=big)], T0)) == 1
    assert await sql(filed, "PRAGMA integrity_check") == [("ok",)]


async def test_a_caller_that_goes_away_does_not_stop_what_it_asked(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with Gate(store):
        asked = asyncio.create_task(store.add_tasks([a_task(1)], T0))
        failing = asyncio.create_task(store.add_tasks([a_task(2, name="task 1")], T0))
        await asyncio.sleep(0.01)
        asked.cancel()
        failing.cancel()
    for task in (asked, failing):
        with pytest.raises(asyncio.CancelledError):
            await task
    await store.set_setting("after", "them")
    assert await store.task_named("task 1") is not None
    gc.collect()
    assert "never retrieved" not in caplog.text


async def test_plans_go_before_batches(store: Store) -> None:
    order: list[str] = []
    on = transactor_of(store)

    def call(name: str, urgency: Urgency) -> Any:
        return lambda: on.write(lambda db: order.append(name), urgency)

    await in_order(
        store,
        call("batch 1", Urgency.BULK),
        call("edit", Urgency.USUAL),
        call("batch 2", Urgency.BULK),
        call("plan", Urgency.FIRST),
    )
    assert order == ["plan", "edit", "batch 1", "batch 2"]


async def test_a_store_that_does_not_keep_up_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "JOBS_MAX", 3)
    answers = await in_order(store, *[lambda: store.set_setting("a", "b") for _ in range(5)])
    assert [type(answer) for answer in answers] == [type(None)] * 3 + [StoreAway] * 2


async def test_a_read_that_takes_too_long_is_stopped(filed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_writer, "READ_SECONDS_MAX", 0.05)
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(StoreAway, match="interrupted"):
        await sql(filed, endless)
    assert await sql(filed, "SELECT 1") == [(1,)]


async def test_readers_cannot_write(filed: Store) -> None:
    with pytest.raises(StoreAway, match="readonly"):
        await sql(filed, "DELETE FROM workers")


async def test_a_read_sees_one_moment(filed: Store) -> None:
    loop = asyncio.get_running_loop()

    def twice(db: Connection) -> tuple[int, int]:
        first = db.exec_driver_sql("SELECT count(*) FROM tasks").scalar_one()
        asyncio.run_coroutine_threadsafe(filed.add_tasks([a_task(1)], T0), loop).result(5)
        return first, db.exec_driver_sql("SELECT count(*) FROM tasks").scalar_one()

    assert await transactor_of(filed).read(twice) == (0, 0)
    assert await sql(filed, "SELECT count(*) FROM tasks") == [(1,)]


async def test_what_is_closed_refuses_and_what_was_handed_over_is_finished(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path)
    store = open_file(folder, TZDATA)
    async with Gate(store):
        asked = asyncio.create_task(store.add_tasks([a_task(1)], T0))
        await asyncio.sleep(0.01)
        closing = asyncio.create_task(store.close())
        await asyncio.sleep(0.01)
        with pytest.raises(StoreAway):
            await store.ping()
        with pytest.raises(StoreAway):
            await store.set_setting("a", "b")
    assert await asked == (numbered(1),)
    await closing
    await store.close()
    assert not (tmp_path / "horarium.db-wal").exists(), "the log is cleared by the last connection"
    again = open_file(folder, TZDATA)
    assert await again.task_named("task 1") is not None
    await again.close()
    folder.close()


async def test_the_log_is_cleared_in_an_idle_moment(filed: Store, tmp_path: Path) -> None:
    for batch in range(8):
        await filed.add_tasks([a_task(1_000 * batch + n, description="x" * 3_000) for n in range(200)], T0)
    on: Any = transactor_of(filed)
    for _ in range(100):
        if on._checkpoints[0].pages() < 1_000:
            break
        await asyncio.sleep(0.02)
    assert on._checkpoints[0].pages() < 1_000
    assert (tmp_path / "data" / "horarium.db").stat().st_size > 4_000_000


def test_the_log_is_as_long_as_sqlite_says(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    conn = open_writer(path, "FULL")
    checkpoints = Checkpoints(conn, path)
    inner = driver(conn)
    inner.execute("CREATE TABLE t (x)")
    for _ in range(50):
        inner.execute("INSERT INTO t VALUES (zeroblob(5000))")
    before = checkpoints.pages()
    assert before >= 100
    assert inner.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone() == (0, before, before)
    assert checkpoints.pages() == 0
    conn.close()
    checkpoints.close()


async def test_output_lies_in_a_file_of_its_own(filed: Store, tmp_path: Path) -> None:
    await filed.add_tasks([a_task(1)], T0)
    [claim] = (await planned(filed, at(60), room())).claims
    await filed.add_output([(claim.run.id, 1, Chunk(offset=0, stream="stdout", at=T0, first_line=1, data=b"hello"))])
    assert [chunk.data for chunk in (await filed.output(claim.run.id, 1, 0, 10)).chunks] == [b"hello"]
    assert {path.name for path in (tmp_path / "data").glob("*.db")} == {"horarium.db", "output.db"}


async def test_a_backup_is_a_store_of_its_own(store: Store, tmp_path: Path) -> None:
    await store.add_tasks([a_task(1)], T0)
    await store.backup(str(tmp_path / "copy.db"))
    with pytest.raises(BadValue):
        await store.backup(str(tmp_path / "copy.db"))
    await store.add_tasks([a_task(2)], T0)
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("SELECT name FROM tasks").fetchall() == [("task 1",)]
    copy.close()


async def test_a_commit_survives_the_power(filed: Store) -> None:
    [(books,)] = await transactor_of(filed).write(lambda db: db.exec_driver_sql("PRAGMA synchronous").fetchall())
    [(output,)] = await transactor_of(filed).write_output(
        lambda db: db.exec_driver_sql("PRAGMA synchronous").fetchall()
    )
    assert (books, output) == (2, 1)  # FULL, NORMAL


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_writer_that_dies_answers_everyone(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path)
    store = open_file(folder, TZDATA)

    def die(db: Connection) -> None:
        raise KeyboardInterrupt

    on = transactor_of(store)
    answers = await in_order(
        store, lambda: store.set_setting("a", "b"), lambda: on.write(die), lambda: store.set_setting("c", "d")
    )
    assert [type(answer) for answer in answers] == [StoreAway] * 3
    with pytest.raises(StoreAway):
        await store.set_setting("e", "f")
    await store.close()
    folder.close()


async def test_two_loops_share_a_store(filed: Store) -> None:
    """Answers go to the loop that asked."""

    def other_loop() -> object:
        return asyncio.run(filed.add_tasks([a_task(2)], T0))

    assert await asyncio.to_thread(other_loop) == (numbered(2),)
    assert len(await plans_at(filed, at(60))) == 1
