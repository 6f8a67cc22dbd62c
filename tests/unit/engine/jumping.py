"""Stories told on a loop whose time jumps, and small parts to tell them with."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec

from horarium.clocks.simulated import SimulatedClock
from horarium.testing.loop import run
from tests.making import T0

P = ParamSpec("P")


def jumping(story: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """The test runs on a loop of its own whose time jumps from timer to timer."""

    @wraps(story)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        run(story(*args, **kwargs))

    return told


def clock() -> SimulatedClock:
    """T0 at the loop's beginning."""
    return SimulatedClock(asyncio.get_running_loop(), T0)


def elapsed() -> float:
    return asyncio.get_running_loop().time()


async def after(seconds: float, do: Callable[[], Awaitable[None] | None]) -> None:
    await asyncio.sleep(seconds)
    if (result := do()) is not None:
        await result
