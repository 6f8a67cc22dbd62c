"""What runs the store's functions: each gets a connection inside a transaction and is carried out whole or not at all."""

import sqlite3
from collections.abc import Callable
from enum import IntEnum
from typing import Protocol, TypeAlias, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from horarium.core.errors import StoreAway

T = TypeVar("T")
Work: TypeAlias = Callable[[Connection], T]

READ_SECONDS_MAX = 2.0
"""A read that takes longer is stopped: while it looks at an old snapshot the write-ahead log cannot be cleared."""


class Urgency(IntEnum):
    """What waits together goes in this order."""

    FIRST = 0
    """Plans, claims, settlements, beats: runs stand still until these are done."""
    USUAL = 1
    BULK = 2
    """Batches that take up to 100 ms. They go alone, and only when nothing of the others waits or has just gone."""


class Transactor(Protocol):
    """Every call may raise StoreAway; then nothing is known of its effect. The caller's cancellation does not stop it."""

    commits: int | None
    """Counts the commits to the books; None where other processes commit too."""

    async def write(self, work: Work[T], urgency: Urgency = Urgency.USUAL) -> T: ...

    async def read(self, work: Work[T]) -> T:
        """In one snapshot, at most READ_SECONDS_MAX."""
        ...

    async def write_output(self, work: Work[T]) -> T:
        """On the output's own database, which may lose its last second with the power."""
        ...

    async def read_output(self, work: Work[T]) -> T: ...

    async def apart(self, work: Callable[[Connection, Connection], T]) -> T:
        """On connections of its own (books, output), for as long as it takes, beside everything else."""
        ...

    async def close(self) -> None:
        """Finish what was handed over, then refuse."""
        ...


def translated(error: BaseException) -> BaseException:
    """StoreAway for what the database could not do; everything else, our own mistakes included, as it is."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    ours = isinstance(cause, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.InterfaceError)
    if not isinstance(cause, sqlite3.Error) or ours:
        return error
    away = StoreAway(f"The store could not do it: {cause}.")
    away.__cause__ = error
    return away
