"""The store: each method hands one function to the transactor and gives its answer back."""

from collections.abc import Sequence, Set
from datetime import datetime

from horarium.core.access import Session, Token
from horarium.core.calendar import Calendar, CalendarSaved
from horarium.core.change import Change
from horarium.core.ids import RunId, TaskId, WorkerId
from horarium.core.override import Override
from horarium.core.page import (
    Chunk,
    Counts,
    OutputPart,
    PageOf,
    PoolRow,
    RevisionRow,
    RunFilter,
    RunRow,
    SkipFilter,
    SkipRow,
    TaskFilter,
    TaskNow,
    TaskRow,
    Window,
)
from horarium.core.plan import Plan
from horarium.core.run import Attempt, Reason, Run
from horarium.core.schedule.holiday_lists import version as holidays_version
from horarium.core.schedule.schedule import Schedule
from horarium.core.settle import Ending
from horarium.core.task import Broken, Stored, Task
from horarium.core.worker import Worker
from horarium.ports.store import Altered, Claim, Committed, Due, Held, Moved, Refreshed, Replay, Room, Settled
from horarium.stores.sql import (
    access,
    backup,
    calendars,
    claims,
    forget,
    output,
    overrides,
    plans,
    present,
    run_lists,
    settlements,
    shared_lists,
    skip_lists,
    stats,
    task_lists,
    tasks,
    workers,
)
from horarium.stores.sql.shared_lists import HolidaysVersion
from horarium.stores.transactor import Transactor, Urgency

FEW_TASKS = 50
"""More at once are a batch, which lets plans and settlements go first."""


class _Base:
    def __init__(self, transactor: Transactor, tzdata: str, holidays: HolidaysVersion = holidays_version) -> None:
        """`tzdata`: the version of the time-zone database by which this process decides; `holidays`: tells that of the
        lists of holidays."""
        self._on = transactor
        self._tzdata = tzdata
        self._holidays = holidays


class _Tasks(_Base):
    async def add_tasks(self, new: Sequence[Task], now: datetime, replay: Replay | None = None) -> tuple[TaskId, ...]:
        urgency = Urgency.USUAL if len(new) <= FEW_TASKS else Urgency.BULK
        return await self._on.write(
            lambda db: tasks.add_tasks(db, new, now, replay, self._tzdata, self._holidays), urgency
        )

    async def task(self, task_id: TaskId) -> Stored | None:
        return await self._on.read(lambda db: tasks.task(db, task_id))

    async def task_named(self, name: str) -> Stored | None:
        return await self._on.read(lambda db: tasks.task_named(db, name))

    async def names_taken(self, names: Sequence[str]) -> Set[str]:
        return await self._on.read(lambda db: tasks.names_taken(db, names))

    async def nearest_name(self, name: str) -> str | None:
        return await self._on.read(lambda db: tasks.nearest_name(db, name))

    async def change_task(self, task_id: TaskId, expected: int | None, change: Change, now: datetime) -> Altered:
        return await self._on.write(
            lambda db: tasks.change_task(db, task_id, expected, change, now, self._tzdata, self._holidays)
        )

    async def task_rows(self, wanted: TaskFilter, window: Window, now: datetime) -> PageOf[TaskRow]:
        return await self._on.read(lambda db: task_lists.task_rows(db, wanted, window, now))

    async def task_ids(self, wanted: TaskFilter, window: Window, now: datetime) -> PageOf[TaskId]:
        return await self._on.read(lambda db: task_lists.task_ids(db, wanted, window, now))

    async def task_row(self, task_id: TaskId, now: datetime) -> TaskRow | None:
        return await self._on.read(lambda db: task_lists.task_row(db, task_id, now))

    async def tasks_now(self, task_ids: Sequence[TaskId]) -> Sequence[TaskNow]:
        return await self._on.read(lambda db: present.tasks_now(db, task_ids))

    async def overrides(self, task_id: TaskId, after: datetime) -> Sequence[Override]:
        return await self._on.read(lambda db: overrides.after(db, task_id, after))

    async def coming(self, through: datetime, limit: int) -> Sequence[Due]:
        return (await self._on.read(lambda db: plans.due(db, through, limit)))[0]

    async def due_between(self, since: datetime, before: datetime, limit: int) -> int:
        return await self._on.read(lambda db: plans.due_between(db, since, before, limit))

    async def revisions(self, task_id: TaskId, window: Window) -> PageOf[RevisionRow]:
        return await self._on.read(lambda db: tasks.revisions(db, task_id, window))

    async def revision(self, task_id: TaskId, revision: int) -> Task | None:
        return await self._on.read(lambda db: tasks.revision(db, task_id, revision))

    async def mend_broken(self, now: datetime) -> int:
        del now  # decided again from where it was left, whenever that was
        return await self._on.write(tasks.mend_broken)


class _Engine(_Base):
    def __init__(self, transactor: Transactor, tzdata: str, holidays: HolidaysVersion = holidays_version) -> None:
        super().__init__(transactor, tzdata, holidays)
        self._looked_up_to = b""

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        found, broken = await self._on.read(lambda db: plans.due(db, now, limit))
        for task in broken:
            await self._marked(task)
        return found

    async def _marked(self, task: Broken) -> None:
        await self._on.write(lambda db: plans.mark_broken(db, task.id, task.revision, task.field, task.reason))

    async def adopt_tzdata(self, after: TaskId | None, limit: int) -> tuple[Sequence[Moved], TaskId | None]:
        return await self._on.write(lambda db: tasks.adopt_tzdata(db, after, limit, self._tzdata))

    async def mark_broken(self, task_id: TaskId, field: str, reason: str, now: datetime) -> None:
        del now  # the history of a task is its revisions, and this is none
        await self._on.write(lambda db: plans.mark_broken(db, task_id, None, field, reason))

    async def next_due_at(self) -> datetime | None:
        return await self._on.read(plans.next_due_at)

    async def commit_plans(self, decided: Sequence[Plan], now: datetime, room: Room | None = None) -> Committed:
        return await self._on.write(lambda db: plans.commit_plans(db, decided, now, room), Urgency.FIRST)

    async def claim(self, room: Room, now: datetime, runs: Sequence[RunId] | None = None) -> Sequence[Claim]:
        return await self._on.write(lambda db: claims.claim(db, room, now, runs), Urgency.FIRST)

    async def settle(self, endings: Sequence[Ending], now: datetime) -> Settled:
        return await self._on.write(lambda db: settlements.settle(db, endings, now), Urgency.FIRST)

    async def begin_worker(self, worker: Worker) -> None:
        await self._on.write(lambda db: workers.begin_worker(db, worker), Urgency.FIRST)

    async def beat(self, worker_id: WorkerId, now: datetime) -> Sequence[Held] | None:
        del now  # a beat is counted, not timed
        return await self._on.write(lambda db: workers.beat(db, worker_id), Urgency.FIRST)

    async def end_worker(self, worker_id: WorkerId, now: datetime) -> None:
        await self._on.write(lambda db: workers.end_worker(db, worker_id, now), Urgency.FIRST)

    async def workers(self) -> Sequence[Worker]:
        return await self._on.read(workers.workers)

    async def declare_dead(self, silent: Sequence[tuple[WorkerId, int]], now: datetime) -> Sequence[WorkerId]:
        return await self._on.write(lambda db: workers.declare_dead(db, silent, now), Urgency.FIRST)

    async def orphans(self, limit: int) -> Sequence[Claim]:
        return await self._on.read(lambda db: claims.orphans(db, limit))

    async def take_over(self, worker_id: WorkerId, now: datetime) -> int:
        return await self._on.write(lambda db: workers.take_over(db, worker_id, now), Urgency.FIRST)

    async def forget(self, now: datetime, limit: int) -> int:
        """Looks on from where the last call stopped, so that a round through many tasks takes many calls."""
        after = self._looked_up_to
        bites, self._looked_up_to = await self._on.read(lambda db: forget.look(db, after, now, limit))
        runs = [run_id for bite in bites for run_id, _ in bite.runs]
        if runs:
            await self._on.write_output(lambda db: output.forget_output(db, runs))
        return await self._on.write(lambda db: forget.forget(db, bites, now))


class _Runs(_Base):
    async def run_now(self, task_id: TaskId, run_id: RunId, now: datetime, by: str, *, allow: bool) -> Committed:
        return await self._on.write(
            lambda db: plans.run_now(db, task_id, run_id, now, by, allow=allow, tzdata=self._tzdata)
        )

    async def add_trial(self, born: Task, run: Run, now: datetime) -> None:
        await self._on.write(lambda db: tasks.add_trial(db, born, run, now, self._tzdata))

    async def run_again(self, original: RunId, run_id: RunId, now: datetime, by: str, *, allow: bool) -> Committed:
        return await self._on.write(
            lambda db: plans.run_again(db, original, run_id, now, by, allow=allow, tzdata=self._tzdata)
        )

    async def cancel_run(self, run_id: RunId, reason: Reason, now: datetime) -> Settled:
        return await self._on.write(lambda db: settlements.cancel_run(db, run_id, reason, now))

    async def run_row(self, run_id: RunId) -> RunRow | None:
        return await self._on.read(lambda db: run_lists.run_row(db, run_id))

    async def runs_now(self, run_ids: Sequence[RunId]) -> Sequence[Run]:
        return await self._on.read(lambda db: present.runs_now(db, run_ids))

    async def run_rows(self, wanted: RunFilter, window: Window) -> PageOf[RunRow]:
        return await self._on.read(lambda db: run_lists.run_rows(db, wanted, window))

    async def log_rows(self, wanted: RunFilter, window: Window) -> PageOf[RunRow | SkipRow]:
        return await self._on.read(lambda db: skip_lists.log_rows(db, wanted, window))

    async def skip_rows(self, wanted: SkipFilter, window: Window) -> PageOf[SkipRow]:
        return await self._on.read(lambda db: skip_lists.skip_rows(db, wanted, window))

    async def attempts(self, run_id: RunId) -> Sequence[Attempt]:
        return await self._on.read(lambda db: run_lists.attempts(db, run_id))

    async def pools(self, now: datetime) -> Sequence[PoolRow]:
        return await self._on.read(lambda db: stats.pools(db, now))

    async def counts(self, now: datetime) -> Counts:
        return await self._on.read(lambda db: stats.counts(db, now))


class _Calendars(_Base):
    async def calendar(self, name: str, version: int | None = None) -> Calendar | None:
        return await self._on.read(lambda db: calendars.calendar(db, name, version))

    async def calendars(self, window: Window) -> PageOf[Calendar]:
        return await self._on.read(lambda db: calendars.calendars(db, window))

    async def calendar_versions(self, name: str, window: Window) -> PageOf[Calendar]:
        return await self._on.read(lambda db: calendars.versions(db, name, window))

    async def nearest_calendar(self, name: str) -> str | None:
        return await self._on.read(lambda db: shared_lists.nearest_calendar(db, name))

    async def with_days(self, schedule: Schedule) -> Schedule:
        return await self._on.read(lambda db: shared_lists.with_days(db, schedule, self._holidays))

    async def put_calendar(
        self, name: str, days: tuple[str, ...], description: str, now: datetime, by: str
    ) -> CalendarSaved:
        return await self._on.write(lambda db: calendars.put_calendar(db, name, days, description, now, by))

    async def delete_calendar(self, name: str, now: datetime, by: str) -> None:
        await self._on.write(lambda db: calendars.delete_calendar(db, name, now, by))

    async def refresh(self, limit: int, now: datetime, calendar: str | None = None) -> Refreshed:
        found = await self._on.read(lambda db: calendars.outdated(db, limit, calendar, self._holidays))
        if not found:
            return Refreshed(altered=(), more=False)
        altered = await self._on.write(
            lambda db: calendars.refresh(db, found, now, self._tzdata, self._holidays), Urgency.BULK
        )
        return Refreshed(altered=altered, more=len(found) == limit)

    async def count_outdated(self, calendar: str) -> int:
        return await self._on.read(lambda db: calendars.count_outdated(db, calendar))


class _Output(_Base):
    async def add_output(self, pieces: Sequence[tuple[RunId, int, Chunk]]) -> None:
        await self._on.write_output(lambda db: output.add_output(db, pieces))

    async def drop_output(self, run_id: RunId, attempt: int, start: int, end: int) -> None:
        await self._on.write_output(lambda db: output.drop_output(db, run_id, attempt, start, end))

    async def output(self, run_id: RunId, attempt: int, offset: int, limit: int) -> OutputPart:
        return await self._on.read_output(lambda db: output.output(db, run_id, attempt, offset, limit))


class _Access(_Base):
    async def add_token(self, token: Token) -> None:
        await self._on.write(lambda db: access.add_token(db, token))

    async def token_by_hash(self, secret_hash: bytes) -> Token | None:
        return await self._on.read(lambda db: access.token_by_hash(db, secret_hash))

    async def touch_token(self, token_id: bytes, now: datetime) -> None:
        await self._on.write(lambda db: access.touch_token(db, token_id, now))

    async def tokens(self, window: Window) -> PageOf[Token]:
        return await self._on.read(lambda db: access.tokens(db, window))

    async def delete_token(self, token_id: bytes) -> bool:
        return await self._on.write(lambda db: access.delete_token(db, token_id))

    async def add_session(self, session: Session) -> None:
        await self._on.write(lambda db: access.add_session(db, session))

    async def session_by_hash(self, secret_hash: bytes) -> Session | None:
        return await self._on.read(lambda db: access.session_by_hash(db, secret_hash))

    async def delete_session(self, session_id: bytes) -> bool:
        return await self._on.write(lambda db: access.delete_session(db, session_id))

    async def set_key(self, key_hash: bytes, expires_at: datetime) -> None:
        await self._on.write(lambda db: access.set_key(db, key_hash, expires_at))

    async def use_key(self, key_hash: bytes, now: datetime) -> bool:
        return await self._on.write(lambda db: access.use_key(db, key_hash, now))

    async def setting(self, name: str) -> str | None:
        return await self._on.read(lambda db: access.setting(db, name))

    async def set_setting(self, name: str, value: str) -> None:
        await self._on.write(lambda db: access.set_setting(db, name, value))


class SqlStore(_Tasks, _Engine, _Runs, _Calendars, _Output, _Access):
    """The only truth, on whatever database the transactor has."""

    @property
    def commits(self) -> int | None:
        return self._on.commits

    async def ping(self) -> None:
        await self._on.read(lambda db: db.exec_driver_sql("SELECT 1").scalar())

    async def backup(self, path: str) -> None:
        await self._on.apart(lambda books, out: backup.backup(books, out, path))

    async def close(self) -> None:
        await self._on.close()
