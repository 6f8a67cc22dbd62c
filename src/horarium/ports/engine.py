"""The seam between what people ask for and the parts that carry it out: a bell downwards, a pulse upwards.

A process without an engine (an API instance) wires an engine bell that rings the dispatch queue for `ready` and does
nothing else, and vitals whose scheduler is absent: the store is asked by every engine at least once a second anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from horarium.core.run import Run

SchedulerState: TypeAlias = Literal["on_time", "late", "stopped", "absent"]


class EngineBell(Protocol):
    """Told after a commit, so that nothing waits for the next look at the store. Never blocks, never fails."""

    def schedule_changed(self) -> None:
        """A cursor may be due earlier than it was: tasks were created or changed."""
        ...

    def lists_changed(self) -> None:
        """Tasks may hold other days than their shared lists do now: a calendar has changed."""
        ...

    def ready(self, runs: Sequence[Run]) -> None:
        """These runs wait, nothing stands before them: ring for each pool, at once or at its ready_at."""
        ...

    def stop(self, runs: Sequence[Run]) -> None:
        """These running runs have a cancel_reason: stop those that this process carries out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How this process's engine does.

    `behind_seconds`: how long the earliest undecided due instant has waited. `lateness_ms`: of the newest runs started here,
    at most a few thousand. `troubles`: sentences, each of which alone makes the service not ready (planning stopped because
    the wall clock jumped, disk full). `ended` counts settled runs by state since the start.
    """

    scheduler: SchedulerState = "absent"
    behind_seconds: float = 0.0
    lateness_ms: tuple[int, ...] = ()
    troubles: tuple[str, ...] = ()
    slots: int = 0
    slots_taken: int = 0
    clock_steps: int = 0
    ended: Mapping[str, int] = field(default_factory=dict)


class Vitals(Protocol):
    """Asked by health, stats and metrics; answers from memory, at once."""

    def pulse(self) -> Pulse: ...
