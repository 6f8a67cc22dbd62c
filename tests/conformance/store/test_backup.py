"""A consistent copy while others write."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from horarium.core.errors import BadValue
from horarium.core.page import Chunk
from horarium.stores.sql import access, backup, output
from tests.builders import opened
from tests.making import T0, run_id


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Connection, Connection]]:
    """Books with a setting, and output with a chunk."""
    file = request.param == "file"
    with (
        opened(tmp_path / "books.db" if file else None) as books,
        opened(tmp_path / "runs.db" if file else None, output=True) as written,
    ):
        access.set_setting(books, "timezone", "Europe/Berlin")
        books.commit()
        output.add_output(
            written, [(run_id(1), 1, Chunk(offset=0, stream="stdout", at=T0, first_line=1, data=b"hello\n"))]
        )
        written.connection.commit()
        yield books, written


def read(path: Path, question: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as db:
        found: list[tuple[Any, ...]] = db.execute(question).fetchall()
    db.close()
    return found


def test_both_databases_are_copied_whole(store: tuple[Connection, Connection], tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    backup.backup(*store, str(target))
    beside = Path(str(target) + backup.OUTPUT_SUFFIX)
    assert read(target, "SELECT value FROM settings") == [("Europe/Berlin",)]
    assert read(beside, "SELECT data FROM output") == [(b"hello\n",)]
    assert read(target, "PRAGMA integrity_check") == [("ok",)]
    assert read(target, "PRAGMA journal_mode") == [("delete",)]
    assert sorted(file.name for file in tmp_path.glob("copy*")) == ["copy.db", "copy.db.output"]


@pytest.mark.parametrize("taken", ["copy.db", "copy.db.output"])
def test_nothing_is_overwritten(store: tuple[Connection, Connection], tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_bytes(b"precious")
    with pytest.raises(BadValue, match="exists already"):
        backup.backup(*store, str(tmp_path / "copy.db"))
    assert (tmp_path / taken).read_bytes() == b"precious"
    assert [file.name for file in tmp_path.glob("copy*")] == [taken]


def test_a_place_that_cannot_be_written_is_named(store: tuple[Connection, Connection], tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="nowhere") as refused:
        backup.backup(*store, str(tmp_path / "nowhere" / "copy.db"))
    assert refused.value.field == "path"


def test_a_failure_on_the_way_leaves_nothing_behind(
    store: tuple[Connection, Connection], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_to_disk", full)
    with pytest.raises(BadValue, match="No space left"):
        backup.backup(*store, str(tmp_path / "copy.db"))
    assert list(tmp_path.glob("copy*")) == []


def test_writers_go_on_and_the_copy_is_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two settings always change together; small steps make sure that the writer gets in between."""
    monkeypatch.setattr(backup, "STEP_PAGES", 1)
    path = tmp_path / "books.db"
    with opened(path) as books, opened(output=True) as written:
        for n in range(300):
            access.set_setting(books, f"filling {n}", "x" * 2_000)
        books.commit()
        stop, wrote = threading.Event(), threading.Semaphore(0)
        writer = threading.Thread(target=write_pairs, args=(path, stop, wrote))
        writer.start()
        try:
            for _ in range(3):
                wrote.acquire()
            backup.backup(books, written, str(tmp_path / "copy.db"))
            for _ in range(3):
                assert wrote.acquire(timeout=60), "the writer goes on"
        finally:
            stop.set()
            writer.join()
    pair = read(tmp_path / "copy.db", "SELECT value FROM settings WHERE name IN ('left', 'right')")
    assert len(set(pair)) == 1
    assert read(tmp_path / "copy.db", "PRAGMA integrity_check") == [("ok",)]


def write_pairs(path: Path, stop: threading.Event, wrote: threading.Semaphore) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    n = 0
    while not stop.is_set():
        n += 1
        db.execute("BEGIN IMMEDIATE")
        for name in ("left", "right"):
            db.execute(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, str(n)),
            )
        db.execute("COMMIT")
        wrote.release()
    db.close()


@pytest.mark.parametrize("mask", [0, 0o377])
def test_the_copies_are_their_owners_alone_whatever_the_umask(
    store: tuple[Connection, Connection], tmp_path: Path, mask: int
) -> None:
    before = os.umask(mask)
    try:
        backup.backup(*store, str(tmp_path / "copy.db"))
    finally:
        os.umask(before)
    assert {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("copy*")} == {
        "copy.db": 0o600,
        "copy.db.output": 0o600,
    }
