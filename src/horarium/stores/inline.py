"""The transactor of simulated worlds: on the caller's loop, on databases in memory, with faults from outside.

`before` and `after` are awaited around each call: they may yield, wait, raise before anything happened or after everything
did. Without a yield races would hide, so there always is one.
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection

from horarium.stores.sqlite_files import driver
from horarium.stores.transactor import Urgency, Work, translated

T = TypeVar("T")
Hook: TypeAlias = Callable[[], Awaitable[None]]


class Inline:
    """Several may share the same two connections, one per simulated process."""

    def __init__(self, books: Connection, output: Connection, before: Hook, after: Hook) -> None:
        self._books = books
        self._output = output
        self._before = before
        self._after = after
        self.commits: int | None = 0

    async def write(self, work: Work[T], urgency: Urgency = Urgency.USUAL) -> T:
        del urgency  # nothing waits here
        return await self._transact(self._books, work)

    async def read(self, work: Work[T]) -> T:
        return await self._transact(self._books, work)

    async def write_output(self, work: Work[T]) -> T:
        return await self._transact(self._output, work)

    async def read_output(self, work: Work[T]) -> T:
        return await self._transact(self._output, work)

    async def apart(self, work: Callable[[Connection, Connection], T]) -> T:
        await self._before()
        answer = work(self._books, self._output)
        await self._after()
        return answer

    async def close(self) -> None:
        """The databases belong to the world."""

    async def _transact(self, conn: Connection, work: Work[T]) -> T:
        await self._before()
        inner = driver(conn)
        inner.execute("BEGIN IMMEDIATE")
        try:
            answer = work(conn)
            inner.execute("COMMIT")
            self.commits = (self.commits or 0) + 1
        except BaseException as error:
            if inner.in_transaction:
                inner.execute("ROLLBACK")
            if (away := translated(error)) is error:
                raise
            raise away from error
        await self._after()
        return answer
