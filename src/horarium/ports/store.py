"""The store's seam, in the words of intent. Each method is one transaction, takes and returns batches, and decides contested
writes by compare-and-set. Any of them may raise StoreAway; then nothing is known of its effect and asking again is safe.

`now` is always the caller's: on SQLite the host's clock decides.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from horarium.core.access import Session, Token
from horarium.core.action import Action
from horarium.core.calendar import Calendar, CalendarSaved
from horarium.core.change import Change
from horarium.core.cursor import Cursor
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
from horarium.core.policy import Policy
from horarium.core.run import Attempt, Reason, Run
from horarium.core.schedule.schedule import Schedule
from horarium.core.settle import Ending
from horarium.core.task import Stored, Task
from horarium.core.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A task whose cursor is due, ready to be planned. `overrides`: all of the task that matter."""

    task: Task
    cursor: Cursor
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Everything an attempt needs."""

    run: Run
    task_name: str
    action: Action
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Free slots of one worker: `slots` in all, of which at most `process_slots` for commands and Python.

    `pools` empty means every pool.
    """

    worker_id: WorkerId
    pools: tuple[str, ...]
    slots: int
    process_slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """`planned`: whose plan took effect (by task). `claims`: new runs claimed at birth; `waiting`: the others, behind or not."""

    planned: tuple[TaskId, ...]
    claims: tuple[Claim, ...]
    waiting: tuple[Run, ...]
    cancelled: tuple[Run, ...]
    """Runs that a replacing plan ended or asked to stop (their cancel_reason is set)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """`runs` as they are now, in the order of the endings; None where the fence was old. `released` became ready by it."""

    runs: tuple[Run | None, ...]
    released: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the store believes a worker holds; `cancel_reason` asks it to stop."""

    run_id: RunId
    fence: int
    cancel_reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """A task after a change; `runs` are those whose rows changed with it, planned ones included. `overrides`: after a wish,
    those that are left.

    A broken task that was deleted stays broken: there is no definition to answer with."""

    task: Stored
    runs: tuple[Run, ...]
    changed: bool
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """An Idempotency-Key with the fingerprint of its request; `answer` is what was given for it before."""

    key: str
    fingerprint: bytes
    task_id: TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A task whose next instant is another one under the new time-zone database."""

    name: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """The tasks that now hold the present days of their lists. `more`: there may be others that do not."""

    altered: tuple[Altered, ...]
    more: bool


class TaskStore(Protocol):
    """Definitions. Where a task is saved, the days that its shared lists hold now are written into its schedule, in the same
    transaction; what stood there is overwritten. Every way of saving raises UnknownCalendar where a calendar is not there, and
    BadDays where what a person writes leaves nothing."""

    async def add_tasks(self, tasks: Sequence[Task], now: datetime, replay: Replay | None = None) -> tuple[TaskId, ...]:
        """Tasks, their first revisions and cursors (seen_through = now), all or none. Raises NameTaken.

        With `replay` seen before (within 24 h) nothing is added and the earlier task's id is the answer; NotPossible when
        the key was used for another request.
        """
        ...

    async def task(self, task_id: TaskId) -> Stored | None:
        """Tombstones included."""
        ...

    async def task_named(self, name: str) -> Stored | None:
        """The living task of that name."""
        ...

    async def names_taken(self, names: Sequence[str]) -> Set[str]:
        """Those of `names` that living tasks have."""
        ...

    async def nearest_name(self, name: str) -> str | None:
        """The living task's name closest to `name`, if one is close; looks at a bounded number of candidates."""
        ...

    async def change_task(self, task_id: TaskId, expected: int | None, change: Change, now: datetime) -> Altered:
        """Plan up to e = max(now, seen_through), compare-and-set the revision, write it, judge waiting runs again.

        `expected` None means whatever is there. Nothing is written when the change changes nothing. Raises NotFound,
        StaleRevision, NameTaken and what the change itself raises, for a wish also AlreadyDecided, NoOccurrence and BadValue.
        A lost cursor race is tried again inside.
        """
        ...

    async def task_rows(self, wanted: TaskFilter, window: Window, now: datetime) -> PageOf[TaskRow]: ...

    async def task_ids(self, wanted: TaskFilter, window: Window, now: datetime) -> PageOf[TaskId]:
        """As `task_rows`, of which only the ids are wanted."""
        ...

    async def task_row(self, task_id: TaskId, now: datetime) -> TaskRow | None:
        """With books, read in one snapshot."""
        ...

    async def tasks_now(self, task_ids: Sequence[TaskId]) -> Sequence[TaskNow]:
        """How these tasks stand, in any order, at most as many as a page holds; a test run's task is left out."""
        ...

    async def overrides(self, task_id: TaskId, after: datetime) -> Sequence[Override]:
        """Skipped and moved occurrences that are not decided yet, and all that were due after `after`."""
        ...

    async def coming(self, through: datetime, limit: int) -> Sequence[Due]:
        """The tasks that are due by `through`, the first to be due first; those that cannot be read are left out."""
        ...

    async def due_between(self, since: datetime, before: datetime, limit: int) -> int:
        """How many tasks have their next due instant in [since, before), counted up to `limit`."""
        ...

    async def revisions(self, task_id: TaskId, window: Window) -> PageOf[RevisionRow]:
        """Newest first."""
        ...

    async def revision(self, task_id: TaskId, revision: int) -> Task | None:
        """The task as that revision defined it (identity and times of the task)."""
        ...

    async def mend_broken(self, now: datetime) -> int:
        """Try every broken task's definition again (at start); answers how many are readable now."""
        ...


class EngineStore(Protocol):
    """Decide, claim, settle, beat, forget."""

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """Oldest first. A task that cannot be decoded is marked broken here and left out."""
        ...

    async def mark_broken(self, task_id: TaskId, field: str, reason: str, now: datetime) -> None:
        """The task cannot be planned: keep its definition, show the reason, decide nothing until it is mended."""
        ...

    async def adopt_tzdata(self, after: TaskId | None, limit: int) -> tuple[Sequence[Moved], TaskId | None]:
        """Recompute what is due next for at most `limit` living tasks of a zone that were last decided under another
        time-zone database, in order of their ids from `after` on; what is decided stays. Answers those that moved, and
        where to go on, None at the end."""
        ...

    async def next_due_at(self) -> datetime | None:
        """The earliest instant at which a cursor is due."""
        ...

    async def commit_plans(self, plans: Sequence[Plan], now: datetime, room: Room | None = None) -> Committed:
        """Each plan whole or not at all, by its cursor's version. With `room`, ready new runs are claimed in the same
        transaction as long as there is room and their pool has no backlog."""
        ...

    async def claim(self, room: Room, now: datetime, runs: Sequence[RunId] | None = None) -> Sequence[Claim]:
        """Ready runs, higher priority first, then the one ready longest. With `runs` only among these. State running,
        fence + 1, attempt + 1."""
        ...

    async def settle(self, endings: Sequence[Ending], now: datetime) -> Settled:
        """By the pure `settle`, refused where the fence is old or the run no longer runs; releases what waits behind."""
        ...

    async def begin_worker(self, worker: Worker) -> None: ...

    async def beat(self, worker_id: WorkerId, now: datetime) -> Sequence[Held] | None:
        """One write for all its runs. None: this worker was declared dead and must stop its actions."""
        ...

    async def end_worker(self, worker_id: WorkerId, now: datetime) -> None: ...

    async def workers(self) -> Sequence[Worker]:
        """The living: not stopped and not declared dead."""
        ...

    async def declare_dead(self, silent: Sequence[tuple[WorkerId, int]], now: datetime) -> Sequence[WorkerId]:
        """Those whose beat is still the one given are dead from now on."""
        ...

    async def orphans(self, limit: int) -> Sequence[Claim]:
        """Running runs of workers that are stopped or dead, to be settled as lost."""
        ...

    async def take_over(self, worker_id: WorkerId, now: datetime) -> int:
        """The holder of the data folder's lock declares every other worker dead; answers how many there were."""
        ...

    async def forget(self, now: datetime, limit: int) -> int:
        """Forget at most `limit` records that no task keeps, moving kept_from and forgotten; answers how many."""
        ...


class RunStore(Protocol):
    """The log of runs, and what people ask of runs."""

    async def run_now(self, task_id: TaskId, run_id: RunId, now: datetime, by: str, *, allow: bool) -> Committed:
        """Raises NotFound, RunIsOpen, NotPossible (deleted or broken)."""
        ...

    async def add_trial(self, born: Task, run: Run, now: datetime) -> None:
        """An action tried once: its run, and the task it belongs to, which is deleted from birth and has no cursor."""
        ...

    async def run_again(self, original: RunId, run_id: RunId, now: datetime, by: str, *, allow: bool) -> Committed:
        """Raises NotFound, RunIsOpen, NotPossible."""
        ...

    async def cancel_run(self, run_id: RunId, reason: Reason, now: datetime) -> Settled:
        """Raises NotFound, NotPossible. One entry in `runs`: the run as it is now."""
        ...

    async def run_row(self, run_id: RunId) -> RunRow | None: ...

    async def runs_now(self, run_ids: Sequence[RunId]) -> Sequence[Run]:
        """These runs, in any order, at most as many as a page holds; those that are not there are left out."""
        ...

    async def run_rows(self, wanted: RunFilter, window: Window) -> PageOf[RunRow]: ...

    async def log_rows(self, wanted: RunFilter, window: Window) -> PageOf[RunRow | SkipRow]:
        """Runs and skips in one order: newest first by due_at, a skip by last_due_at."""
        ...

    async def skip_rows(self, wanted: SkipFilter, window: Window) -> PageOf[SkipRow]: ...

    async def attempts(self, run_id: RunId) -> Sequence[Attempt]:
        """In order, the latest included."""
        ...

    async def pools(self, now: datetime) -> Sequence[PoolRow]: ...

    async def counts(self, now: datetime) -> Counts: ...


class CalendarStore(Protocol):
    """Named calendars in their versions."""

    async def calendar(self, name: str, version: int | None = None) -> Calendar | None:
        """The one that holds, or any version that ever held."""
        ...

    async def calendars(self, window: Window) -> PageOf[Calendar]:
        """Those that hold, by name."""
        ...

    async def calendar_versions(self, name: str, window: Window) -> PageOf[Calendar]:
        """Newest first, deletions included."""
        ...

    async def nearest_calendar(self, name: str) -> str | None:
        """The calendar's name closest to `name`, if one is close."""
        ...

    async def with_days(self, schedule: Schedule) -> Schedule:
        """As it would be saved now. Raises UnknownCalendar."""
        ...

    async def put_calendar(
        self, name: str, days: tuple[str, ...], description: str, now: datetime, by: str
    ) -> CalendarSaved:
        """A new version, unless it says what the present one says. The tasks that use it stay as they are: `refresh`."""
        ...

    async def delete_calendar(self, name: str, now: datetime, by: str) -> None:
        """Raises NotFound, CalendarInUse."""
        ...

    async def refresh(self, limit: int, now: datetime, calendar: str | None = None) -> Refreshed:
        """Change at most `limit` tasks whose schedule holds another version of a list (of that calendar) than the present
        one: each is saved as it is, by `change_task`. Broken tasks are left alone; one that cannot be planned becomes one."""
        ...

    async def count_outdated(self, calendar: str) -> int:
        """Tasks whose schedule holds another version of it than the present one."""
        ...


class OutputStore(Protocol):
    """What runs wrote. Lives apart from the books and may lose the last second with the power."""

    async def add_output(self, pieces: Sequence[tuple[RunId, int, Chunk]]) -> None:
        """(run, attempt, chunk) of any runs, chunks of at most 64 KiB."""
        ...

    async def drop_output(self, run_id: RunId, attempt: int, start: int, end: int) -> None:
        """Chunks that lie wholly in [start, end) make room for the tail."""
        ...

    async def output(self, run_id: RunId, attempt: int, offset: int, limit: int) -> OutputPart:
        """Chunks from the one holding `offset` on, at most about `limit` bytes; a negative offset counts from the end."""
        ...


class AccessStore(Protocol):
    """Tokens, sessions, the one-time setup key, settings. Only hashes of secrets are kept."""

    async def add_token(self, token: Token) -> None: ...

    async def token_by_hash(self, secret_hash: bytes) -> Token | None: ...

    async def touch_token(self, token_id: bytes, now: datetime) -> None: ...

    async def tokens(self, window: Window) -> PageOf[Token]: ...

    async def delete_token(self, token_id: bytes) -> bool: ...

    async def add_session(self, session: Session) -> None: ...

    async def session_by_hash(self, secret_hash: bytes) -> Session | None: ...

    async def delete_session(self, session_id: bytes) -> bool: ...

    async def set_key(self, key_hash: bytes, expires_at: datetime) -> None:
        """The one-time key; a fresh one replaces the former."""
        ...

    async def use_key(self, key_hash: bytes, now: datetime) -> bool:
        """True for exactly one caller, once, before it expires."""
        ...

    async def setting(self, name: str) -> str | None: ...

    async def set_setting(self, name: str, value: str) -> None: ...


class Store(TaskStore, EngineStore, RunStore, CalendarStore, OutputStore, AccessStore, Protocol):
    """The only truth."""

    @property
    def commits(self) -> int | None:
        """Grows with every commit to the books, before its caller is answered; None where other processes commit too."""
        ...

    async def ping(self) -> None:
        """Raises StoreAway when it cannot answer."""
        ...

    async def backup(self, path: str) -> None:
        """A consistent copy beside the running service. Raises BadValue where nothing can be written there."""
        ...

    async def close(self) -> None: ...
