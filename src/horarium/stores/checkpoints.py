"""When the write-ahead log goes back into the database: in an idle moment, and at the latest when it has grown long."""

import os
import struct
from pathlib import Path

import structlog
from sqlalchemy import Connection

from horarium.stores.sqlite_files import driver

PAGES_WHEN_IDLE = 1_000
PAGES_MAX = 4_000

_MAX_FRAME_AT = 16
_BACKFILLED_AT = 96
"""Offsets in the wal-index (sqlite.org/walformat.html, sections 2.1 and 2.2)."""

log = structlog.get_logger(__name__)


class Checkpoints:
    """Of one file, by its writer's thread alone.

    The length is read off the wal-index. Its descriptor stays open as long as the connections do: closing one drops every
    POSIX lock that this process holds on the file, SQLite's own included.
    """

    def __init__(self, conn: Connection, path: Path | None) -> None:
        self._conn = conn
        self._index: int | None = None
        if path is not None:
            driver(conn).execute("SELECT count(*) FROM sqlite_master").fetchone()  # brings the wal-index into being
            self._index = os.open(f"{path}-shm", os.O_RDONLY | os.O_CLOEXEC)

    def pages(self) -> int:
        """Written since the log was last cleared."""
        if self._index is None:
            return 0
        head = os.pread(self._index, _BACKFILLED_AT + 4, 0)
        if len(head) < _BACKFILLED_AT + 4:
            return 0
        frames, done = (
            struct.unpack_from("=I", head, _MAX_FRAME_AT)[0],
            struct.unpack_from("=I", head, _BACKFILLED_AT)[0],
        )
        return int(max(0, frames - done))

    def make(self) -> None:
        """Whatever no reader still looks at. A failure is no loss: the log stays and is tried again."""
        inner = driver(self._conn)
        try:
            inner.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except inner.Error as error:
            log.warning("the write-ahead log could not be cleared", cause=str(error))

    def close(self) -> None:
        """After the connections."""
        if self._index is not None:
            os.close(self._index)
            self._index = None
