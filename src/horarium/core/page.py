"""Pages and filters of the lists, and the rows they answer with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeAlias, TypeVar

from horarium.core.cursor import Books, Skip
from horarium.core.ids import RunId, TaskId
from horarium.core.override import Override
from horarium.core.run import Cause, Reason, Run, RunState
from horarium.core.task import Pause, Stored

T = TypeVar("T")

LIMIT_MAX = 1_000
LIMIT_DEFAULT = 50
LAST_RUNS = 20
TASK_PAGE_BYTES_MAX = 8 * 1024 * 1024
"""Of the definitions on one page of tasks, as they are stored: where they are large, a page ends before its limit."""

TaskStateName: TypeAlias = Literal["active", "paused", "broken", "deleted", "running", "failing", "late", "ended"]
TaskSort: TypeAlias = Literal["name", "next_due_at", "-last_run", "-created_at", "failing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOf(Generic[T]):
    """`next_cursor` is opaque text, None at the end. `total` is filled where it was asked for."""

    items: tuple[T, ...]
    next_cursor: str | None
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which page: at most `limit` items after `cursor`."""

    limit: int = LIMIT_DEFAULT
    cursor: str | None = None
    total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """All given conditions hold at once. `words`: each occurs in name or description, case-insensitively.

    Without `deleted` among `states` only living tasks are meant. Several states or tags: any of the states, all of the tags.
    """

    words: str | None = None
    tags: tuple[str, ...] = ()
    states: tuple[TaskStateName, ...] = ()
    pool: str | None = None
    kind: str | None = None
    sort: TaskSort = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """`since` (inclusive) and `before` (exclusive) bound due_at."""

    states: tuple[RunState, ...] = ()
    reasons: tuple[Reason, ...] = ()
    causes: tuple[Cause, ...] = ()
    task_id: TaskId | None = None
    tag: str | None = None
    pool: str | None = None
    worker: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipFilter:
    """`since` (inclusive) and `before` (exclusive) bound last_due_at."""

    task_id: TaskId | None = None
    reasons: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    id: RunId
    state: RunState
    due_at: datetime
    duration_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task as a list shows it. `last_runs` newest first, at most LAST_RUNS; `usual_ms`: median of the last 20 successes;
    `is_next_skipped`: what is due at `next_due_at` will not run, as somebody has said.

    `sentence` is the schedule in words, None where the row was saved before there were any.
    `books`, `since_edit` (how many of its schedule's `max_occurrences` are used up) and `overrides` (those that matter) are
    filled for a single task only.
    """

    task: Stored
    next_due_at: datetime | None
    running: int
    last_runs: tuple[LastRun, ...]
    usual_ms: int | None
    is_next_skipped: bool = False
    sentence: str | None = None
    books: Books | None = None
    since_edit: int = 0
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskNow:
    """What changes about a task without anybody editing it. `is_failing`: the last run that ended has failed."""

    id: TaskId
    revision: int
    next_due_at: datetime | None
    is_next_skipped: bool
    pause: Pause | None
    is_broken: bool
    is_deleted: bool
    is_failing: bool
    running: int
    last_run: LastRun | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run as a list shows it."""

    run: Run
    task_name: str
    max_attempts: int
    worker: str | None
    usual_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipRow:
    skip: Skip
    task_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRow:
    """`workers`, `slots` and `running` of the living workers that serve the pool; `waiting`: ready runs without a slot."""

    name: str
    workers: int
    slots: int
    running: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    task_id: TaskId
    revision: int
    valid_from: datetime
    what: str
    by: str
    definition: str
    """The whole definition as JSON text, pause included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A piece of one attempt's output. `offset` counts all bytes written, kept or not; `first_line` counts lines from 1."""

    offset: int
    stream: Literal["stdout", "stderr"]
    at: datetime
    first_line: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPart:
    """`size`: bytes written so far. `dropped`: the stretch between head and tail that was not kept."""

    size: int
    dropped: tuple[int, int] | None
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What /stats says of the store; `oldest_undecided` is the earliest due instant not decided yet."""

    tasks: dict[str, int]
    waiting: int
    running: int
    oldest_undecided: datetime | None
    lateness_ms: tuple[int, ...]
    """Latenesses of the newest runs started, at most a few thousand."""
