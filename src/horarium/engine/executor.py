"""One attempt: carries out a claimed run's action under its deadline and says how it ended."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto
from typing import Any

import structlog

from horarium.core.ids import to_ulid
from horarium.core.outcome import DETAIL_MAX, Cancelled, Failed, HandedBack, Outcome, ShutDown, TimedOut
from horarium.engine.output_pump import OutputPump, OutputWriter, Written
from horarium.ports.action import Doer, Identity, Immediate
from horarium.ports.store import Claim

log = structlog.get_logger()


class Stop(Enum):
    """Why an attempt is stopped from outside."""

    CANCEL = auto()
    SHUTDOWN = auto()


class Attempting:
    """A run being carried out. `outcome` waits for the end; `stop` asks for it."""

    def __init__(self, claim: Claim, doers: Mapping[str, Doer], output: OutputWriter) -> None:
        self.claim = claim
        self._doer = doers.get(claim.action.kind)
        self._output = output
        self.written: Written | None = None
        """What it wrote, once it has begun."""
        self._stop: Stop | None = None
        self._begun = False
        self._doing: asyncio.Task[Any] | None = None

    def at_once(self, doer: Immediate, now: datetime) -> Outcome:
        """Carry out what needs no waiting."""
        claim = self.claim
        try:
            said, outcome = doer.at_once(claim.action, identity(claim))
        except Exception as fault:  # noqa: BLE001 - whatever an action's code does, the run gets its end, and the log the fault
            return _broken_promise(claim, fault)
        self.written = self._output.said(claim.run.id, claim.run.attempt, now, said)
        return outcome

    def stop(self, why: Stop) -> None:
        """Ask the action to end; asking twice is asking once."""
        if self._stop is None:
            self._stop = why
            if self._doing is not None:
                self._doing.cancel()

    async def outcome(self) -> Outcome:
        """Carry out and say how it ended. Does not raise for anything an action may do; its output may not be stored yet."""
        if self._stop is not None:
            return self._stopped(self._stop)
        self._doing = asyncio.current_task()
        outcome = await self._carried_out()
        self._doing = None
        return outcome

    async def _carried_out(self) -> Outcome:
        claim = self.claim
        if self._doer is None:
            return Failed(reason="error", detail=f"this worker cannot carry out actions of kind {claim.action.kind}")
        self._begun = True
        self.written = pump = OutputPump(self._output, claim.run.id, claim.run.attempt)
        doing = self._doer.do(claim.action, identity(claim), pump)
        limit = None
        try:
            if claim.policy.timeout_seconds is None:
                return await doing
            async with asyncio.timeout(claim.policy.timeout_seconds) as limit:
                return await doing
        except asyncio.CancelledError:
            if self._stop is None:
                raise
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
            return self._stopped(self._stop)
        except Exception as fault:  # noqa: BLE001 - as above
            if isinstance(fault, TimeoutError) and limit is not None and limit.expired():
                return TimedOut()
            return _broken_promise(claim, fault)

    def _stopped(self, why: Stop) -> Outcome:
        if why is Stop.CANCEL:
            return Cancelled()
        return ShutDown() if self._begun else HandedBack()


def _broken_promise(claim: Claim, fault: Exception) -> Failed:
    log.error("an action broke its promise not to raise", run=to_ulid(claim.run.id), exc_info=fault)
    return Failed(reason="error", detail=f"{type(fault).__name__}: {fault}"[:DETAIL_MAX])


def identity(claim: Claim) -> Identity:
    """What the action may know of its run."""
    run = claim.run
    return Identity(run_id=run.id, attempt=run.attempt, fence=run.fence, due_at=run.due_at, task_name=claim.task_name)
