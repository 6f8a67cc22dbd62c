"""What every part of the engine is: something that advances by `step()`."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

from horarium.core.errors import StoreAway
from horarium.ports.clock import Clock

LOOK_EVERY = timedelta(seconds=1)
"""Waits are cut to this, then the wall clock is looked at again: it may have been set meanwhile."""
STORE_RETRY = timedelta(seconds=1)


class Part(Protocol):
    """`step` does what is to be done now and says when it wants to be called next; nudged, it is called at once."""

    nudge: "Nudge"

    async def step(self) -> datetime: ...


class Nudge:
    """Wakes a part before its time. Nudging twice before it wakes is nudging once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._nudges = 0

    def __call__(self) -> None:
        self._nudges += 1
        self._event.set()

    async def wait_until(self, wake: datetime, clock: Clock) -> None:
        """Return when nudged or when the wall clock has reached `wake`; timers may ring early, so look again."""
        before = self._nudges
        # Counted besides: another waiter may have cleared the event before this one looks, even while its own timer rang.
        while not self._event.is_set() and self._nudges == before:
            left = wake - clock.now()
            if left <= timedelta():
                return
            try:
                async with asyncio.timeout(min(left, LOOK_EVERY).total_seconds()):
                    await self._event.wait()
            except TimeoutError:
                continue
        self._event.clear()


async def drive(part: Part, clock: Clock, troubles: "Troubles", stopping: asyncio.Event) -> None:
    """Step until `stopping` is set; a step under way is finished, because what it has claimed must be begun.

    A store that is away is waited for; any other error is the caller's to see. To end it soon, set `stopping`, then nudge.
    """
    while not stopping.is_set():
        try:
            wake = await part.step()
            troubles.passed(part)
        except StoreAway as away:
            troubles.met(part, away)
            wake = clock.now() + STORE_RETRY
        if not stopping.is_set():
            await part.nudge.wait_until(wake, clock)


class Troubles(Protocol):
    """Is told when a part meets the store away, and when it has passed a step again."""

    def met(self, part: Part, away: StoreAway) -> None: ...

    def passed(self, part: Part) -> None: ...
