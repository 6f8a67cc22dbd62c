"""What the benches of schedules share: how long one call takes."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter_ns
from typing import Any, Final

from horarium.core.schedule.bounds import Bounded

WEEK: Final = timedelta(days=7)


def microseconds(call: Callable[[int], object], rounds: int) -> float:
    """The median of single calls, each with the number of its round, less what an empty call costs."""

    def timed(tried: Callable[[int], object]) -> float:
        taken = []
        for i in range(rounds):
            begun = perf_counter_ns()
            tried(i)
            taken.append(perf_counter_ns() - begun)
        return median(taken) / 1000

    return timed(call) - timed(lambda i: None)


def each(call: Callable[..., object], *arguments: Any) -> Callable[[int], object]:
    """The same call in every round."""
    return lambda i: call(*arguments)


def verbs(schedule: Bounded, instants: Sequence[datetime], counts: int | None = None) -> tuple[float, float, float]:
    """Microseconds of the next instant, of the last one, and of counting a week, asked at each of `instants`.

    `counts`: at so many of them only, where counting takes long.
    """
    rounds = len(instants)
    return (
        microseconds(lambda i: schedule.next_due(instants[i]), rounds),
        microseconds(lambda i: schedule.last_due(instants[i]), rounds),
        microseconds(lambda i: schedule.count(instants[i], instants[i] + WEEK), counts or rounds),
    )
