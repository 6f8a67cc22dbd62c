"""What callers on event loops hand to the store's threads, and how the answers come back."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from horarium.core.errors import StoreAway
from horarium.stores.transactor import Urgency

JOBS_MAX = 10_000
"""More than this waiting is a store that does not keep up: it says so instead of growing."""
GROUP_MAX = 1_000
BULK_GROUP_MAX = 1
"""A batch is as much as one transaction should hold."""


class Job:
    """One call, answered once. `answer` is a value or, where `failed`, an exception."""

    __slots__ = ("answer", "failed", "future", "loop", "work")

    def __init__(self, work: Callable[[Connection], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.answer: Any = None
        self.failed = False

    def fail(self, error: BaseException) -> None:
        self.answer = error
        self.failed = True


async def answered(job: Job) -> Any:
    """The job's answer. A caller that goes away does not stop it, and then nobody is told."""
    try:
        return await asyncio.shield(job.future)
    except asyncio.CancelledError:
        job.future.add_done_callback(_overheard)
        raise


def _overheard(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled():
        future.exception()  # asked for, so that it is not reported as forgotten


def deliver(jobs: Iterable[Job]) -> None:
    """From any thread: each loop is woken once for all its answers."""
    for loop, theirs in groupby(jobs, key=attrgetter("loop")):
        try:
            loop.call_soon_threadsafe(_resolve, list(theirs))
        except RuntimeError:
            continue  # this loop is closed: nobody waits there any more


def _resolve(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.done():
            continue
        if job.failed:
            job.future.set_exception(job.answer)
        else:
            job.future.set_result(job.answer)


class Waiting:
    """The writer's queue. Callers put, one thread takes groups."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._first: deque[Job] = deque()
        self._usual: deque[Job] = deque()
        self._bulk: deque[Job] = deque()
        self._output: deque[Job] = deque()
        self._lanes = {
            Urgency.FIRST: self._first,
            Urgency.USUAL: self._usual,
            Urgency.BULK: self._bulk,
            None: self._output,
        }
        self._bulk_is_next = False
        self._closed = False

    def put(self, job: Job, urgency: Urgency | None) -> None:
        """`urgency` None: for the output's database. Raises StoreAway when closed or full."""
        with self._changed:
            if self._closed:
                raise StoreAway("The store is closed.")
            lane = self._lanes[urgency]
            if len(lane) >= JOBS_MAX:
                raise StoreAway(f"The store does not keep up: {JOBS_MAX} calls wait for it.")
            lane.append(job)
            self._changed.notify()

    def close(self) -> None:
        """What waits is still taken; nothing more is."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def give_up(self) -> list[Job]:
        """Everything that waits, never to be carried out."""
        with self._changed:
            self._closed = True
            left = [job for lane in self._lanes.values() for job in lane]
            for lane in self._lanes.values():
                lane.clear()
            return left

    @property
    def idle(self) -> bool:
        return not (self._first or self._usual or self._bulk or self._output)

    def wait(self) -> bool:
        """Until something waits: True. False when closed and empty."""
        with self._changed:
            while self.idle:
                if self._closed:
                    return False
                self._changed.wait()
            return True

    def take(self) -> tuple[list[Job], list[Job]]:
        """The next group for the books and the next for the output. Bulk waits for the rest, but for one group at most."""
        with self._changed:
            bulk = self._bulk and (self._bulk_is_next or not (self._first or self._usual))
            if bulk:
                books = _up_to(BULK_GROUP_MAX, self._bulk)
            else:
                books = _up_to(GROUP_MAX, self._first)
                books += _up_to(GROUP_MAX - len(books), self._usual)
            self._bulk_is_next = not bulk and bool(self._bulk)
            return books, _up_to(GROUP_MAX, self._output)


def _up_to(limit: int, lane: deque[Job]) -> list[Job]:
    return [lane.popleft() for _ in range(min(limit, len(lane)))]
