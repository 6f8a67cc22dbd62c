"""A consistent copy beside the running service, by SQLite's own backup API.

Both databases are copied as they stand when the backup begins: a read transaction is held on each, so that what is written
meanwhile neither gets into the copy nor makes it start over. Writers go on; only the WAL grows until the copy is done.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Connection

from horarium.core.errors import BadValue
from horarium.stores.sqlite_files import make_private

STEP_PAGES = 1_000
"""Pages copied at a time, some milliseconds; other threads run in between."""
OUTPUT_SUFFIX = ".output"


def backup(books: Connection, output: Connection, path: str) -> None:
    """The books go to `path`, what runs wrote to the same path with OUTPUT_SUFFIX. Neither may exist.

    On return both are on the disk, readable by their owner alone. On failure neither is left behind.
    """
    target = Path(path)
    beside = Path(path + OUTPUT_SUFFIX)
    try:
        with ExitStack() as done, ExitStack() as failed:
            sources = [done.enter_context(_standing(conn)) for conn in (books, output)]
            for file in (target, beside):
                make_private(file)
                failed.callback(file.unlink, missing_ok=True)
            for source, file in zip(sources, (target, beside), strict=True):
                _copy(source, file)
            _to_disk(target.parent)
            failed.pop_all()
    except FileExistsError as error:
        raise BadValue("path", f"{error.filename} exists already", "name a file that does not exist yet") from error
    except (OSError, sqlite3.OperationalError) as error:
        raise BadValue(
            "path", f"nothing can be written at {path}: {error}", "name a file in a folder with room"
        ) from error


@contextmanager
def _standing(conn: Connection) -> Iterator[sqlite3.Connection]:
    """The driver's connection inside a read transaction: for as long as it lasts, the database stands still for it."""
    source = conn.connection.driver_connection
    assert isinstance(source, sqlite3.Connection), "other databases have backups of their own"
    begun = not source.in_transaction
    if begun:
        source.execute("BEGIN")
    try:
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the snapshot is taken by the first reading
        yield source
    finally:
        if begun:
            source.execute("ROLLBACK")


def _copy(source: sqlite3.Connection, file: Path) -> None:
    target = sqlite3.connect(file, isolation_level=None)
    try:
        source.backup(target, pages=STEP_PAGES)
        target.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, with nothing beside it
    finally:
        target.close()
    _to_disk(file)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
