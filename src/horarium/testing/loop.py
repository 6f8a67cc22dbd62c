"""An event loop whose time jumps to the next timer: an hour of waiting costs nothing, and one program has one history.

Nothing on it may wait for the outside world (threads, sockets, processes): that would be waiting for the real clock.
"""

import asyncio
from collections.abc import Callable, Coroutine
from selectors import DefaultSelector, SelectorKey
from typing import Any, TypeVar

T = TypeVar("T")

TASKS_NAMED_MAX = 10
RESOLUTION_SECONDS = 1e-6
"""asyncio rings a timer that is nearer than this. Finer, and after half a year of simulated time `now + resolution == now`: the
timer due now would never ring and the loop would spin for ever."""


class Deadlock(RuntimeError):
    """Every task waits for something that nobody will bring: no callback is ready and no timer is set."""


class JumpingLoop(asyncio.SelectorEventLoop):
    """Time begins at 0 and stands still while anything can run; then it jumps to the next timer."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        super().__init__(_Jumping(self._jump))
        self._clock_resolution = RESOLUTION_SECONDS

    def time(self) -> float:
        return self._elapsed

    def _jump(self, seconds: float | None) -> None:
        if seconds is None:
            waiting = [f"{task.get_name()} in {_place(task)}" for task in asyncio.all_tasks(self)]
            named = "; ".join(sorted(waiting)[:TASKS_NAMED_MAX]) or "no task at all"
            raise Deadlock(
                f"nothing is ready and no timer is set after {self._elapsed} s; {len(waiting)} wait: {named}"
            )
        self._elapsed += seconds


def run(main: Coroutine[Any, Any, T]) -> T:
    """The result of `main` on a fresh JumpingLoop. Raises Deadlock instead of hanging."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)


class _Jumping(DefaultSelector):
    """Where another loop would sleep, this one jumps. Only what is ready already is ever seen."""

    def __init__(self, jump: Callable[[float | None], None]) -> None:
        super().__init__()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        ready = super().select(0)
        if not ready and (timeout is None or timeout > 0):
            self._jump(timeout)
        return ready


def _place(task: asyncio.Task[Any]) -> str:
    frames = task.get_stack(limit=1)
    return f"{frames[0].f_code.co_qualname}:{frames[0].f_lineno}" if frames else "nothing"
