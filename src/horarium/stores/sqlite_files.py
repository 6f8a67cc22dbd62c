"""SQLite connections as this store wants them: autocommit with our own BEGIN, one writer per file, readers only read."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

BUSY_MS = 5_000
WRITER_CACHE_KIB = 32_768
READER_CACHE_KIB = 8_192
CACHED_STATEMENTS = 512
PAGES_AT_REST = 4_096
"""The write-ahead log is cut back to this many pages when it has grown beyond."""


def open_writer(path: Path | None, synchronous: str) -> Connection:
    """`path` None is a memory of its own. FULL: a commit is on the disk when it answers; NORMAL: at the next checkpoint."""
    return _open(
        path,
        [
            "PRAGMA journal_mode = WAL" if path is not None else "PRAGMA journal_mode = MEMORY",
            f"PRAGMA synchronous = {synchronous}",
            "PRAGMA wal_autocheckpoint = 0",
            f"PRAGMA journal_size_limit = {PAGES_AT_REST * 4_096}",
            "PRAGMA foreign_keys = ON",
            "PRAGMA temp_store = MEMORY",
            f"PRAGMA cache_size = -{WRITER_CACHE_KIB}",
        ],
    )


def open_reader(path: Path) -> Connection:
    """Cannot write, whatever it is asked."""
    return _open(
        path,
        ["PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY", f"PRAGMA cache_size = -{READER_CACHE_KIB}"],
    )


def driver(conn: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    inner = conn.connection.driver_connection
    assert isinstance(inner, sqlite3.Connection)
    return inner


def _open(path: Path | None, pragmas: list[str]) -> Connection:
    def connect() -> sqlite3.Connection:
        inner = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=BUSY_MS / 1000,
            isolation_level=None,
            check_same_thread=False,  # each is used by one thread at a time, but may be opened and closed by another
            cached_statements=CACHED_STATEMENTS,
        )
        for pragma in pragmas:
            inner.execute(pragma).fetchall()
        return inner

    return create_engine("sqlite://", creator=connect, poolclass=NullPool).connect()
