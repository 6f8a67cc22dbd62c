"""What the actions of a simulated world saw: who began which attempt, when, and how it went."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from horarium.clocks.simulated import SeededRandom
from horarium.core.action import Action
from horarium.core.ids import RunId
from horarium.core.outcome import Ended, Failed, Succeeded
from horarium.ports.action import Identity, Sink
from horarium.ports.clock import Clock


@dataclass(slots=True)
class Seen:
    """One attempt as its action saw it; `ended_at` stays None where its worker was killed meanwhile."""

    run_id: RunId
    attempt: int
    fence: int
    began_at: datetime
    ended_at: datetime | None = None
    word: str = "killed"


@dataclass(slots=True)
class Witness:
    """Everything all actions of the world saw, in the order in which it happened."""

    seen: list[Seen] = field(default_factory=list)


class SimulatedDoer:
    """Carries out `log` actions by taking a random time and ending in a random way."""

    def __init__(self, witness: Witness, clock: Clock, chance: SeededRandom, alive: Callable[[], bool]) -> None:
        self._witness = witness
        self._clock = clock
        self._chance = chance
        self._alive = alive

    async def start(self) -> None:
        return None

    async def do(self, action: Action, identity: Identity, output: Sink) -> Ended:
        seen = Seen(identity.run_id, identity.attempt, identity.fence, self._clock.now())
        self._witness.seen.append(seen)
        try:
            await self._clock.sleep(self._chance.choice((0.0, 0.01, 0.2, 1.0, 3.0, 12.0)) * self._chance.random())
            if self._chance.random() < 0.2:
                await output.write("stdout", b"x" * self._chance.randrange(1, 300))
        except asyncio.CancelledError:
            if self._alive():
                seen.word, seen.ended_at = "stopped", self._clock.now()
            raise
        seen.ended_at = self._clock.now()
        seen.word = "succeeded" if self._chance.random() < 0.75 else "failed"
        if seen.word == "succeeded":
            return Succeeded()
        retry_after = self._chance.choice((None, None, None, 5.0))
        return Failed(reason="error", detail="as chance would have it", retry_after_seconds=retry_after)

    async def close(self) -> None:
        return None
