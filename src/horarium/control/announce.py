"""After the commit: who must know at once. Losing any of this costs a second, never an occurrence."""

from collections.abc import Sequence

from horarium.core.run import Run, RunState
from horarium.ports.engine import EngineBell
from horarium.ports.store import Altered, Committed, Settled


class Announce:
    """Says to the engine what the store has just taken in."""

    def __init__(self, *, bell: EngineBell) -> None:
        self._bell = bell

    def tasks(self) -> None:
        """There are new tasks."""
        self._bell.schedule_changed()

    def altered(self, altered: Altered) -> None:
        """A changed task and the runs whose rows changed with it."""
        if altered.changed:
            self._bell.schedule_changed()
        self._runs(altered.runs)

    def lists(self) -> None:
        """A calendar has changed, and not every task that uses it yet."""
        self._bell.lists_changed()

    def committed(self, committed: Committed) -> None:
        """Runs that a person asked for, and what they replaced."""
        claimed = [claim.run for claim in committed.claims]
        self._runs([*committed.waiting, *claimed, *committed.cancelled])

    def settled(self, settled: Settled) -> None:
        """A cancelled run and what waited behind it."""
        self._runs([run for run in settled.runs if run is not None] + list(settled.released))

    def _runs(self, runs: Sequence[Run]) -> None:
        if runs:
            self._bell.ready([run for run in runs if run.state is RunState.WAITING and not run.is_behind])
            self._bell.stop([run for run in runs if run.state is RunState.RUNNING and run.cancel_reason is not None])
