"""The transactor on SQLite: one thread owns the only writing connections, a few others read.

Group commit: whatever waits goes into one transaction, without delay, a savepoint per caller, and everyone is answered after
the commit. One sync of the disk serves them all, and the busier it is the larger the groups.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from horarium.core.errors import StoreAway
from horarium.stores.checkpoints import PAGES_MAX, PAGES_WHEN_IDLE, Checkpoints
from horarium.stores.jobs import Job, Waiting, answered, deliver
from horarium.stores.sqlite_files import driver, open_reader
from horarium.stores.transactor import READ_SECONDS_MAX, Urgency, Work, translated

T = TypeVar("T")

READERS = 3

log = structlog.get_logger(__name__)


class SqliteWriter:
    """`books` and `output` are open and have their tables. Without files (in memory) reads go through the writer too."""

    def __init__(self, books: Connection, output: Connection, files: tuple[Path, Path] | None) -> None:
        self._books = books
        self._output = output
        self._files = files
        self._waiting = Waiting()
        self._reading: SimpleQueue[_Reading | None] = SimpleQueue()
        self._closing: asyncio.Future[None] | None = None
        self.commits: int | None = 0
        self._checkpoints = [
            Checkpoints(conn, files[place] if files else None) for place, conn in enumerate((books, output))
        ]
        readers = [(open_reader(files[0]), open_reader(files[1])) for _ in range(READERS)] if files else []
        self._readers = [
            threading.Thread(target=self._read_on, args=pair, name="store reader", daemon=True) for pair in readers
        ]
        self._writer = threading.Thread(target=self._write_on, name="store writer", daemon=True)
        for thread in (self._writer, *self._readers):
            thread.start()

    async def write(self, work: Work[T], urgency: Urgency = Urgency.USUAL) -> T:
        return await self._handed_over(work, urgency)

    async def write_output(self, work: Work[T]) -> T:
        return await self._handed_over(work, None)

    async def read(self, work: Work[T]) -> T:
        return await self._read(work, of_output=False)

    async def read_output(self, work: Work[T]) -> T:
        return await self._read(work, of_output=True)

    async def apart(self, work: Callable[[Connection, Connection], T]) -> T:
        if self._files is None:
            alone = _Alone(lambda books: work(books, self._output), asyncio.get_running_loop())
            self._waiting.put(alone, Urgency.BULK)
            answer: T = await answered(alone)
            return answer
        return await asyncio.to_thread(self._apart, work, self._files)

    async def close(self) -> None:
        if self._closing is None:
            loop = asyncio.get_running_loop()
            self._closing = loop.create_future()
            self._waiting.close()
            for _ in self._readers:
                self._reading.put(None)
            threading.Thread(target=self._end, args=(loop, self._closing), name="store end", daemon=True).start()
        await asyncio.shield(self._closing)

    # The callers' side

    async def _handed_over(self, work: Work[T], urgency: Urgency | None) -> T:
        job = Job(work, asyncio.get_running_loop())
        self._waiting.put(job, urgency)
        answer: T = await answered(job)
        return answer

    async def _read(self, work: Work[T], *, of_output: bool) -> T:
        if self._files is None:
            return await self._handed_over(work, None if of_output else Urgency.FIRST)
        if self._closing is not None:
            raise StoreAway("The store is closed.")
        loop = asyncio.get_running_loop()
        reading = _Reading(work, loop, of_output)
        self._reading.put(reading)
        limit = loop.call_later(READ_SECONDS_MAX, reading.stop)
        try:
            answer: T = await answered(reading)
        finally:
            limit.cancel()
        return answer

    # The writer's thread

    def _write_on(self) -> None:
        try:
            while self._write_once():
                self._clear_logs()
        except BaseException:
            log.exception("the store's writer has died")
            raise
        finally:
            for job in (left := self._waiting.give_up()):
                job.fail(StoreAway("The store's writer has died. Restart the service."))
            deliver(left)

    def _write_once(self) -> bool:
        """False when the store is closed and nothing waits."""
        if not self._waiting.wait():
            return False
        books, output = self._waiting.take()
        try:
            for conn, jobs in ((self._books, books), (self._output, output)):
                if jobs:
                    self._carry_out(conn, jobs)
        except BaseException:
            for job in (*books, *output):  # what is not known to be done is not said to be done
                job.fail(StoreAway("The store's writer has died. Restart the service."))
            deliver((*books, *output))
            raise
        return True

    def _carry_out(self, conn: Connection, jobs: list[Job]) -> None:
        if isinstance(jobs[0], _Alone):
            jobs[0].carry_out(conn)
        else:
            transact(conn, jobs)
        self.commits = (self.commits or 0) + (conn is self._books)
        deliver(jobs)

    def _clear_logs(self) -> None:
        limit = PAGES_WHEN_IDLE if self._waiting.idle else PAGES_MAX
        for checkpoints in self._checkpoints:
            if checkpoints.pages() >= limit:
                checkpoints.make()

    def _end(self, loop: asyncio.AbstractEventLoop, ended: "asyncio.Future[None]") -> None:
        for thread in (self._writer, *self._readers):
            thread.join()
        for conn in (self._books, self._output):
            conn.close()  # the last connection clears the log
        for checkpoints in self._checkpoints:
            checkpoints.close()
        try:
            loop.call_soon_threadsafe(ended.set_result, None)
        except RuntimeError:
            log.debug("the loop that closed the store is gone")

    # The readers' threads

    def _read_on(self, books: Connection, output: Connection) -> None:
        while (reading := self._reading.get()) is not None:
            reading.carry_out(output if reading.of_output else books)
            deliver([reading])
        books.close()
        output.close()

    def _apart(self, work: Callable[[Connection, Connection], T], files: tuple[Path, Path]) -> T:
        books, output = (open_reader(path) for path in files)
        try:
            return work(books, output)
        except Exception as error:
            if (away := translated(error)) is error:
                raise
            raise away from error
        finally:
            books.close()
            output.close()


class _Alone(Job):
    """In no transaction, and so in no group: a database in memory is copied only while its connection writes nothing."""

    __slots__ = ()

    def carry_out(self, conn: Connection) -> None:
        try:
            self.answer = self.work(conn)
        except Exception as error:  # noqa: BLE001 - it is the caller's to see
            self.fail(translated(error))


class _Reading(Job):
    """A read that the loop can stop when it takes too long, be it running or still waiting for its turn."""

    __slots__ = ("_conn", "_lock", "_stopped", "of_output")

    def __init__(self, work: Work[Any], loop: asyncio.AbstractEventLoop, of_output: bool) -> None:
        super().__init__(work, loop)
        self.of_output = of_output
        self._lock = threading.Lock()
        self._conn: Connection | None = None
        self._stopped = False

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._conn is not None:
                driver(self._conn).interrupt()

    def carry_out(self, conn: Connection) -> None:
        inner = driver(conn)
        try:
            with self._lock:
                if self._stopped:
                    raise StoreAway("The store does not keep up: a read waited too long for its turn.")
                self._conn = conn
            inner.execute("BEGIN")
            self.answer = self.work(conn)
        except Exception as error:  # noqa: BLE001 - it is the caller's to see
            self.fail(translated(error))
        finally:
            with self._lock:
                self._conn = None  # from here on an interrupt would hit somebody else
            if inner.in_transaction:
                inner.execute("ROLLBACK")


def transact(conn: Connection, jobs: Sequence[Job]) -> None:
    """One transaction for all. A caller that fails takes back its own part; when the transaction is gone, so is everyone's."""
    inner = driver(conn)
    try:
        inner.execute("BEGIN IMMEDIATE")
        for job in jobs:
            inner.execute("SAVEPOINT caller")
            try:
                job.answer = job.work(conn)
            except Exception as error:  # noqa: BLE001 - it is the caller's to see
                job.fail(translated(error))
            if not inner.in_transaction:
                raise _Gone(job.answer if job.failed else None)
            if job.failed:
                inner.execute("ROLLBACK TO caller")
            inner.execute("RELEASE caller")
        inner.execute("COMMIT")
    except (_Gone, inner.Error) as error:
        if inner.in_transaction:
            inner.execute("ROLLBACK")
        away = error.args[0] if isinstance(error, _Gone) else translated(error)
        log.error("a transaction came to nothing", callers=len(jobs), cause=str(away))
        for job in jobs:
            job.fail(StoreAway(f"Nothing was written. {away or 'The transaction was rolled back.'}"))


class _Gone(Exception):
    """SQLite has rolled back by itself: the disk is full, memory is short, or somebody interrupted."""
