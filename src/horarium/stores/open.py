"""Three ways to open the store: in a data folder, in memory, and inside a simulated world."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection

from horarium.ports.events import Announces
from horarium.ports.store import Store
from horarium.stores.announcing import AnnouncingStore
from horarium.stores.folder import DataFolder
from horarium.stores.inline import Hook, Inline
from horarium.stores.sql.schema import prepare
from horarium.stores.sql.store import SqlStore
from horarium.stores.sqlite_files import driver, open_writer, opening
from horarium.stores.sqlite_writer import SqliteWriter

Sql: TypeAlias = Callable[..., Sequence[tuple[Any, ...]]]


def open_file(folder: DataFolder, tzdata: str, events: Announces | None = None) -> Store:
    """The books and the output in `folder`, made or brought to this version first. What is committed is told to `events`.

    Raises StoreNewerThanCode, or StoreAway where the files cannot be read or written.
    """
    with opening(folder.path), ExitStack() as failed:
        books, output = _pair(folder.books, folder.output)
        failed.callback(output.close)
        failed.callback(books.close)
        writer = SqliteWriter(books, output, (folder.books, folder.output))
        failed.pop_all()
    return _store(writer, tzdata, events)


def open_memory(tzdata: str, events: Announces | None = None) -> Store:
    """Everything is gone when this stops."""
    books, output = _pair(None, None)
    return _store(SqliteWriter(books, output, None), tzdata, events)


def open_inline(before: Hook, after: Hook | None = None, tzdata: str = "2026a") -> tuple[Store, Sql]:
    """On the caller's loop; `before` and `after` (`before` again where it is left out) are awaited around every call.

    The second answer runs a statement on the books directly.
    """
    books, output = _pair(None, None)
    store = SqlStore(Inline(books, output, before, after or before), tzdata)
    inner = driver(books)
    return store, lambda sql, *values: inner.execute(sql, values).fetchall()


def _store(writer: SqliteWriter, tzdata: str, events: Announces | None) -> Store:
    return SqlStore(writer, tzdata) if events is None else AnnouncingStore(writer, tzdata, events)


def _pair(books: Path | None, output: Path | None) -> tuple[Connection, Connection]:
    with ExitStack() as failed:
        first = failed.enter_context(open_writer(books, "FULL"))
        prepare(first, "books")
        second = failed.enter_context(open_writer(output, "NORMAL"))
        prepare(second, "output")
        failed.pop_all()
    return first, second
