"""The store that says what it has committed. Each method is the store's own; the announcement comes after the answer.

Where nobody listens this costs one look at a boolean for each transaction, however many runs that holds.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from horarium.core.change import Change
from horarium.core.ids import RunId, TaskId
from horarium.core.page import Chunk
from horarium.core.plan import Plan
from horarium.core.run import Reason, Run
from horarium.core.settle import Ending
from horarium.core.task import Broken, Task
from horarium.ports.events import Announces
from horarium.ports.store import Altered, Claim, Committed, Refreshed, Replay, Room, Settled
from horarium.stores.sql.store import SqlStore
from horarium.stores.transactor import Transactor


class AnnouncingStore(SqlStore):
    def __init__(self, transactor: Transactor, tzdata: str, events: Announces) -> None:
        super().__init__(transactor, tzdata)
        self._events = events

    async def add_tasks(self, new: Sequence[Task], now: datetime, replay: Replay | None = None) -> tuple[TaskId, ...]:
        added = await super().add_tasks(new, now, replay)
        if self._events.heard:
            self._events.changed(added, ())
        return added

    async def change_task(self, task_id: TaskId, expected: int | None, change: Change, now: datetime) -> Altered:
        altered = await super().change_task(task_id, expected, change, now)
        if self._events.heard:
            self._altered(altered)
        return altered

    async def mark_broken(self, task_id: TaskId, field: str, reason: str, now: datetime) -> None:
        await super().mark_broken(task_id, field, reason, now)
        if self._events.heard:
            self._events.changed([task_id], ())

    async def _marked(self, task: Broken) -> None:
        await super()._marked(task)
        if self._events.heard:
            self._events.changed([task.id], ())

    async def commit_plans(self, decided: Sequence[Plan], now: datetime, room: Room | None = None) -> Committed:
        committed = await super().commit_plans(decided, now, room)
        if self._events.heard:
            done = set(committed.planned)
            made = [run.id for plan in decided if plan.before.task_id in done for run in plan.runs]
            self._events.changed(committed.planned, [*made, *(run.id for run in committed.cancelled)])
        return committed

    async def claim(self, room: Room, now: datetime, runs: Sequence[RunId] | None = None) -> Sequence[Claim]:
        claims = await super().claim(room, now, runs)
        if self._events.heard and claims:
            self._runs([claim.run for claim in claims])
        return claims

    async def settle(self, endings: Sequence[Ending], now: datetime) -> Settled:
        settled = await super().settle(endings, now)
        if self._events.heard:
            self._settled(settled)
        return settled

    async def run_now(self, task_id: TaskId, run_id: RunId, now: datetime, by: str, *, allow: bool) -> Committed:
        committed = await super().run_now(task_id, run_id, now, by, allow=allow)
        if self._events.heard:
            self._events.changed(committed.planned, [run_id, *(run.id for run in committed.cancelled)])
        return committed

    async def add_trial(self, born: Task, run: Run, now: datetime) -> None:
        await super().add_trial(born, run, now)
        if self._events.heard:
            self._events.changed((), [run.id])

    async def run_again(self, original: RunId, run_id: RunId, now: datetime, by: str, *, allow: bool) -> Committed:
        committed = await super().run_again(original, run_id, now, by, allow=allow)
        if self._events.heard:
            self._events.changed(committed.planned, [run_id, *(run.id for run in committed.cancelled)])
        return committed

    async def cancel_run(self, run_id: RunId, reason: Reason, now: datetime) -> Settled:
        settled = await super().cancel_run(run_id, reason, now)
        if self._events.heard:
            self._settled(settled)
        return settled

    async def refresh(self, limit: int, now: datetime, calendar: str | None = None) -> Refreshed:
        refreshed = await super().refresh(limit, now, calendar)
        if self._events.heard:
            for altered in refreshed.altered:
                self._altered(altered)
        return refreshed

    async def add_output(self, pieces: Sequence[tuple[RunId, int, Chunk]]) -> None:
        await super().add_output(pieces)
        if self._events.heard:
            sizes = {(run_id, attempt): chunk.offset + len(chunk.data) for run_id, attempt, chunk in pieces}
            for (run_id, attempt), size in sizes.items():
                self._events.wrote(run_id, attempt, size)

    def _altered(self, altered: Altered) -> None:
        if altered.changed or altered.runs:
            self._events.changed([altered.task.id], [run.id for run in altered.runs])

    def _settled(self, settled: Settled) -> None:
        self._runs([*(run for run in settled.runs if run is not None), *settled.released])

    def _runs(self, runs: Iterable[Run]) -> None:
        known = list(runs)
        self._events.changed([run.task_id for run in known], [run.id for run in known])
