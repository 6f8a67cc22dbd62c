"""SQLite connections as this store wants them: autocommit with our own BEGIN, one writer per file, readers only read."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from horarium.core.errors import StoreAway
from horarium.stores.folder import ELSEWHERE, unusable

BUSY_MS = 5_000
WRITER_CACHE_KIB = 32_768
READER_CACHE_KIB = 8_192
CACHED_STATEMENTS = 512
PAGES_AT_REST = 4_096
"""The write-ahead log is cut back to this many pages when it has grown beyond."""
OWNER_ALONE = 0o600
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite puts next to a database; it takes the database's mode for them."""
ROOM_BYTES_MIN = 1_048_576
"""With less than this free, a disk that fails is taken for a full one: SQLite often says only "disk I/O error"."""

log = structlog.get_logger(__name__)


def open_writer(path: Path | None, synchronous: str) -> Connection:
    """`path` None is a memory of its own. FULL: a commit is on the disk when it answers; NORMAL: at the next checkpoint.

    A file is readable by its owner alone, also one that was not.
    """
    if path is not None:
        with suppress(FileExistsError):
            make_private(path)
        narrow(path)
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
    """Cannot write, whatever it is asked. Raises StoreAway where it cannot be opened."""
    with opening(path.parent):
        return _open(
            path,
            ["PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY", f"PRAGMA cache_size = -{READER_CACHE_KIB}"],
        )


def make_private(path: Path) -> None:
    """A new empty file that only its owner may read, whatever the umask. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ALONE)
    try:
        os.fchmod(descriptor, OWNER_ALONE)
    finally:
        os.close(descriptor)


def narrow(path: Path) -> None:
    """Take away what others may do with a database and the files beside it.

    By name: closing a descriptor of a database drops every lock that this process holds on it.
    """
    for file in (path, *(path.with_name(path.name + suffix) for suffix in BESIDE)):
        try:
            if file.stat().st_mode & 0o777 != OWNER_ALONE:
                file.chmod(OWNER_ALONE)
        except FileNotFoundError:
            continue
        except PermissionError as refused:
            log.warning(
                "others may read this file; its owner can mend it with chmod 600", path=str(file), cause=str(refused)
            )


def driver(conn: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    inner = conn.connection.driver_connection
    assert isinstance(inner, sqlite3.Connection)
    return inner


@contextmanager
def opening(folder: Path) -> Iterator[None]:
    """Whatever keeps the databases of this folder from being opened, in one sentence."""
    try:
        yield
    except OSError as error:
        raise unusable(folder, error) from error
    except (DBAPIError, sqlite3.Error) as error:
        if (first := _first(error)) is None:
            raise
        raise unopened(folder, first) from error


def _first(error: BaseException | None) -> sqlite3.DatabaseError | None:
    """What the database said of itself first: on a full disk, say, a rollback fails as well. None for a mistake of ours."""
    said: list[sqlite3.DatabaseError] = []
    while error is not None:
        if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
            said.append(error)
        error = error.__cause__ or error.__context__
    of_itself = [
        one for one in said if getattr(one, "sqlite_errorname", "") != "SQLITE_ERROR"
    ]  # that is about a statement
    return of_itself[-1] if of_itself else next(iter(said), None)


def unopened(folder: Path, error: sqlite3.DatabaseError) -> StoreAway:
    """One sentence for a person: why SQLite does not open what is in this folder, and what to do about it."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL") or (name.startswith("SQLITE_IOERR") and _is_full(folder)):
        why = f"there is no room left on the disk: free some, or {ELSEWHERE}"
    elif name.startswith("SQLITE_IOERR"):
        why = f"the disk refuses to be read or written ({name}): look whether it fails or a quota is reached, or {ELSEWHERE}"
    elif name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        why = f"this user may not read and write the files in it: give it the right to, or {ELSEWHERE}"
    elif name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        why = "another program holds them: end that one, then start again"
    elif name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        why = "a file in it is damaged or no database: put a backup in its place"
    else:
        why = f"{error} ({name})" if name else str(error)
    return StoreAway(f"The databases in {folder} cannot be opened: {why}.")


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < ROOM_BYTES_MIN
    except OSError:
        return False


def _open(path: Path | None, pragmas: list[str]) -> Connection:
    def connect() -> sqlite3.Connection:
        inner = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=BUSY_MS / 1000,
            isolation_level=None,
            check_same_thread=False,  # each is used by one thread at a time, but may be opened and closed by another
            cached_statements=CACHED_STATEMENTS,
        )
        try:
            for pragma in pragmas:
                inner.execute(pragma).fetchall()
        except sqlite3.Error:
            inner.close()
            raise
        return inner

    return create_engine("sqlite://", creator=connect, poolclass=NullPool).connect()
