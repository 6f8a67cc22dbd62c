"""The seam of live events: after a commit it is announced which tasks and runs changed, and what runs wrote.

Only names are announced, never what changed about them: whoever listens reads that from the store, so an event that is lost,
doubled or late tells nothing wrong. Events are not stored. Where several processes share a store, an implementation carries
the announcements of all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from horarium.core.ids import RunId, TaskId

CHANGES_MAX: Final = 500
"""Of tasks, and of runs, that one listener keeps apart; beyond that it only counts."""
FLUSH_SECONDS: Final = 0.25
"""At most so often is a listener told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What a listener wants to hear of. `output`: runs whose output it follows; of these it hears changes as well."""

    tasks: bool = False
    runs: bool = False
    output: frozenset[RunId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What has changed since the listener was told last, each once, at most CHANGES_MAX tasks and CHANGES_MAX runs.

    `many_tasks`, `many_runs`: there were more, so many changes altogether; then none is named, but for runs whose output is
    followed. `output` names the attempt
    and how many bytes it has written. `stamp` names the state of affairs after these changes.
    """

    stamp: str
    tasks: frozenset[TaskId] = frozenset()
    runs: frozenset[RunId] = frozenset()
    many_tasks: int = 0
    many_runs: int = 0
    output: Mapping[RunId, tuple[int, int]] = field(default_factory=dict)


class Announces(Protocol):
    """The side of whoever commits. Never blocks, never fails."""

    @property
    def heard(self) -> bool:
        """Whether anybody listens. Nothing needs to be put together where nobody does."""
        ...

    def changed(self, tasks: Iterable[TaskId], runs: Iterable[RunId]) -> None:
        """These are in the store now as they were not before."""
        ...

    def wrote(self, run_id: RunId, attempt: int, size: int) -> None:
        """The attempt has written `size` bytes so far, and they are stored."""
        ...


class Ear(Protocol):
    """One listener. What it is not told yet is kept in bounded memory, however long it does not ask."""

    @property
    def stamp(self) -> str:
        """Names the present state of affairs: whoever has it has missed nothing."""
        ...

    async def listen(self, seconds: float) -> Heard | None:
        """What there is to tell, at most every FLUSH_SECONDS; None when that long nothing was, or the events are closed."""
        ...

    def close(self) -> None: ...


class Events(Announces, Protocol):
    """The side of whoever listens."""

    @property
    def closed(self) -> bool: ...

    def ear(self, interest: Interest) -> Ear:
        """It hears what is announced from now on."""
        ...

    def close(self) -> None:
        """The service stops: everybody who listens is told so at once."""
        ...
