"""The seam between an attempt and whatever carries it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from horarium.core.action import Action
from horarium.core.ids import RunId, to_ulid
from horarium.core.instants import shown
from horarium.core.outcome import Ended

Stream: TypeAlias = Literal["stdout", "stderr"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What an action may know of its run, so that it can be idempotent: the run id is the same for all attempts."""

    run_id: RunId
    attempt: int
    fence: int
    due_at: datetime
    task_name: str

    def environment(self) -> Mapping[str, str]:
        """HORARIUM_* variables for a process."""
        return {
            "HORARIUM_RUN_ID": to_ulid(self.run_id),
            "HORARIUM_ATTEMPT": str(self.attempt),
            "HORARIUM_FENCE": str(self.fence),
            "HORARIUM_DUE_AT": shown(self.due_at),
            "HORARIUM_TASK": self.task_name,
        }

    def headers(self) -> Mapping[str, str]:
        """HTTP headers: Idempotency-Key, Horarium-*, and a W3C trace context derived from run and fence."""
        span = ((self.fence & 0xFFFF_FFFF) << 32 | self.attempt & 0xFFFF_FFFF).to_bytes(8, "big").hex()
        return {
            "Idempotency-Key": to_ulid(self.run_id),
            "Horarium-Attempt": str(self.attempt),
            "Horarium-Fence": str(self.fence),
            "Horarium-Due-At": shown(self.due_at),
            "traceparent": f"00-{self.run_id.hex()}-{span}-01",
        }


class Sink(Protocol):
    """Takes a run's output. It caps, numbers and stores it; awaiting it is the back-pressure of the rate cap."""

    async def write(self, stream: Stream, data: bytes) -> None: ...


@runtime_checkable
class Immediate(Protocol):
    """A doer whose actions have nothing to wait for, so that they need no task of their own, no deadline and no stopping."""

    def at_once(self, action: Action, identity: Identity) -> tuple[bytes, Ended]:
        """What it writes to stdout, and how it ended."""
        ...


class Doer(Protocol):
    """Carries out actions of one kind.

    `do` returns what the action reported, never raises for a failing action, and may be cancelled at any moment (timeout,
    cancel, shutdown): it then stops what it started, waits until that is stopped (at most STOP_GRACE plus a KILL), and lets
    CancelledError through. Many `do` run at once. `start` and `close` bracket the worker's life.
    """

    async def start(self) -> None: ...

    async def do(self, action: Action, identity: Identity, output: Sink) -> Ended: ...

    async def close(self) -> None: ...
