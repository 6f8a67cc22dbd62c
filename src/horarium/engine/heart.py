"""The worker's beat: one write for all its runs, and what the store believes it holds in answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from horarium.core.errors import StoreAway
from horarium.core.outcome import HandedBack
from horarium.core.policy import Policy
from horarium.core.run import RunState
from horarium.core.settle import Ending
from horarium.engine.executor import Stop
from horarium.engine.part import Nudge
from horarium.engine.worker import Key, Worker
from horarium.ports.clock import Clock
from horarium.ports.store import Held, Store

BEAT_EVERY = timedelta(seconds=2)
SILENCE_SECONDS_MAX = 6.0
"""A worker that could not beat for this long stops its actions: after 8 s it counts as dead and others take its runs."""

log = structlog.get_logger()


class DeclaredDead(Exception):
    """This worker was declared dead while it was away; its runs are others' now and its life is over."""


class Heart:
    """Raises DeclaredDead from `step`; whoever drives it begins a new life."""

    def __init__(self, *, worker: Worker, store: Store, clock: Clock, every: timedelta = BEAT_EVERY) -> None:
        """`every`: where no reaper watches (embedded), the beat only compares notes after the store was away."""
        self._worker = worker
        self._store = store
        self._clock = clock
        self._every = every
        self._beaten_at = clock.monotonic()
        self._unknown: dict[Key, int] = {}
        self.nudge = Nudge()

    async def step(self) -> datetime:
        now = self._clock.now()
        try:
            held = await self._store.beat(self._worker.id, now)
        except StoreAway:
            if self._every <= BEAT_EVERY and self._clock.monotonic() - self._beaten_at > SILENCE_SECONDS_MAX:
                self._worker.stop(self._worker.holds(), Stop.SHUTDOWN)
            raise
        if held is None:
            self._worker.stop(self._worker.holds(), Stop.SHUTDOWN)
            raise DeclaredDead
        self._beaten_at = self._clock.monotonic()
        self._worker.stop((one.run_id, one.fence) for one in held if one.cancel_reason is not None)
        await self._hand_back(self._lost_claims(held))
        return now + self._every

    def _lost_claims(self, held: Sequence[Held]) -> list[Held]:
        """Runs that the store believes are carried out here and that nobody began, because their claim's answer was lost.

        A run is judged only when every claim asked for before it was first seen so has been answered.
        """
        here = self._worker.holds()
        unknown = {(one.run_id, one.fence): one for one in held if (one.run_id, one.fence) not in here}
        self._unknown = {key: self._unknown.get(key, self._worker.asked) for key in unknown}
        return [one for key, one in unknown.items() if self._worker.answered(self._unknown[key])]

    async def _hand_back(self, lost: list[Held]) -> None:
        for one in lost:
            row = await self._store.run_row(one.run_id)
            if row is None or (one.run_id, one.fence) in self._worker.holds() or row.run.state is not RunState.RUNNING:
                continue
            if (row.run.fence, row.run.worker_id) == (one.fence, self._worker.id):
                log.warning("a claim's answer was lost; the run is handed back", task=row.task_name)
                self._worker.settler.add(Ending(run=row.run, outcome=HandedBack(), policy=Policy()))
