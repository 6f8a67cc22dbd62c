"""What may be done to runs, and what can be read of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from horarium.control.announce import Announce
from horarium.core.access import Caller
from horarium.core.errors import NotFound
from horarium.core.ids import RANDOM_BYTES, RunId, TaskId, stamped_id, to_ulid
from horarium.core.page import OutputPart, PageOf, PoolRow, RunFilter, RunRow, SkipFilter, SkipRow, Window
from horarium.core.run import Attempt, Reason
from horarium.core.worker import Worker
from horarium.ports.clock import Clock
from horarium.ports.random import Random
from horarium.ports.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A part of one attempt's output; `ended`: nothing more will come."""

    part: OutputPart
    ended: bool


class RunController:
    def __init__(self, *, store: Store, clock: Clock, random: Random, announce: Announce) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._announce = announce

    async def run_now(self, task_id: TaskId, by: Caller, *, allow: bool) -> RunRow:
        """One press of "run now". Raises NotFound, RunIsOpen, NotPossible."""
        now = self._clock.now()
        run_id = self._new_id(now)
        self._announce.committed(await self._store.run_now(task_id, run_id, now, by.name, allow=allow))
        return await self.read(run_id)

    async def run_again(self, original: RunId, by: Caller, *, allow: bool) -> RunRow:
        """A new run of the same revision. Raises NotFound, RunIsOpen, NotPossible."""
        now = self._clock.now()
        run_id = self._new_id(now)
        self._announce.committed(await self._store.run_again(original, run_id, now, by.name, allow=allow))
        return await self.read(run_id)

    async def cancel(self, run_id: RunId) -> RunRow:
        """A waiting run ends, a running one is asked to stop. Raises NotFound, NotPossible."""
        self._announce.settled(await self._store.cancel_run(run_id, Reason.CANCELLED_BY_USER, self._clock.now()))
        return await self.read(run_id)

    async def read(self, run_id: RunId) -> RunRow:
        row = await self._store.run_row(run_id)
        if row is None:
            raise NotFound("run", to_ulid(run_id))
        return row

    async def rows(self, wanted: RunFilter, window: Window) -> PageOf[RunRow]:
        return await self._store.run_rows(wanted, window)

    async def log(self, wanted: RunFilter, window: Window) -> PageOf[RunRow | SkipRow]:
        """Runs and skips in one order."""
        return await self._store.log_rows(wanted, window)

    async def skips(self, wanted: SkipFilter, window: Window) -> PageOf[SkipRow]:
        return await self._store.skip_rows(wanted, window)

    async def attempts(self, run_id: RunId) -> Sequence[Attempt]:
        await self.read(run_id)
        return await self._store.attempts(run_id)

    async def output(self, run_id: RunId, attempt: int | None, offset: int, limit: int) -> Written:
        """Of the latest attempt unless told otherwise. Raises NotFound for an attempt that was never begun."""
        run = (await self.read(run_id)).run
        if attempt is not None and attempt > run.attempt:
            raise NotFound("attempt", str(attempt))
        chosen = run.attempt if attempt is None else attempt
        part = await self._store.output(run_id, chosen, offset, limit)
        return Written(part=part, ended=chosen < run.attempt or not run.state.open)

    async def workers(self) -> Sequence[Worker]:
        return await self._store.workers()

    async def pools(self) -> Sequence[PoolRow]:
        return await self._store.pools(self._clock.now())

    def _new_id(self, instant: datetime) -> RunId:
        return RunId(stamped_id(instant, self._random.bytes(RANDOM_BYTES)))
