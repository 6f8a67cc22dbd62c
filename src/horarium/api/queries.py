"""Query parameters, by route. A member is a parameter's name, unless an alias says otherwise (`from` is a word of Python's)."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from horarium.api.reading import Flag, InDigits
from horarium.core.cursor import SkipReason
from horarium.core.errors import BadValue
from horarium.core.ids import ULID_LENGTH, RunId, TaskId, from_ulid
from horarium.core.page import (
    LIMIT_DEFAULT,
    LIMIT_MAX,
    RunFilter,
    SkipFilter,
    TaskFilter,
    TaskSort,
    TaskStateName,
    Window,
)
from horarium.core.run import Cause, Reason, RunState
from horarium.core.schedule.schedule import DUES_MAX
from horarium.core.shape import Instant
from horarium.core.task import POOL_MAX, TAG_MAX, TAGS_MAX
from horarium.ports.events import Interest

TEXT_MAX = 200
CURSOR_MAX = 4_000
OUTPUT_LIMIT_MAX = 256 * 1024
OFFSET_MAX = 2**53

ActionKind: TypeAlias = Literal["log", "http", "command", "python"]

FOLLOWED_MAX = 10
OUTPUT = "output:"
TOPICS_MAX = 400
TOPICS = "^(tasks|runs|output:[0-7][0-9A-TV-Za-tv-z]{25})(,(tasks|runs|output:[0-7][0-9A-TV-Za-tv-z]{25}))*$"

Text = Annotated[str, Field(max_length=TEXT_MAX)]
Tag = Annotated[str, Field(max_length=TAG_MAX)]
Pool = Annotated[str, Field(max_length=POOL_MAX)]
Cursor = Annotated[str, Field(max_length=CURSOR_MAX, pattern="^[A-Za-z0-9_-]*$")]


def _known_id(value: Any) -> Any:
    if isinstance(value, str):
        from_ulid(value)
    return value


Ulid = Annotated[str, Field(min_length=ULID_LENGTH, max_length=ULID_LENGTH), BeforeValidator(_known_id)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """`cursor`: the `next_cursor` of the page before. `total`: count the whole list as well."""

    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX), InDigits] = LIMIT_DEFAULT
    cursor: Cursor | None = None
    total: Flag = False

    @property
    def window(self) -> Window:
        return Window(limit=self.limit, cursor=self.cursor or None, total=self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskList(Paging):
    """`words`: each occurs in the name or description. Several tags: all of them; several states: any of them."""

    words: Text | None = None
    tag: Annotated[tuple[Tag, ...], Field(max_length=TAGS_MAX)] = ()
    state: tuple[TaskStateName, ...] = ()
    pool: Pool | None = None
    kind: ActionKind | None = None
    sort: TaskSort = "name"

    @property
    def wanted(self) -> TaskFilter:
        return TaskFilter(
            words=self.words or None, tags=self.tag, states=self.state, pool=self.pool, kind=self.kind, sort=self.sort
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunList(Paging):
    """`from` (inclusive) and `to` (exclusive) bound due_at. `with=skips` puts skips between the runs."""

    state: tuple[RunState, ...] = ()
    reason: tuple[Reason, ...] = ()
    cause: tuple[Cause, ...] = ()
    task_id: Ulid | None = None
    tag: Tag | None = None
    pool: Pool | None = None
    worker: Text | None = None
    since: Annotated[Instant | None, Field(alias="from")] = None
    before: Annotated[Instant | None, Field(alias="to")] = None
    along: Annotated[Literal["skips"] | None, Field(alias="with")] = None

    @property
    def wanted(self) -> RunFilter:
        return RunFilter(
            states=self.state,
            reasons=self.reason,
            causes=self.cause,
            task_id=_task_id(self.task_id),
            tag=self.tag,
            pool=self.pool,
            worker=self.worker,
            since=self.since,
            before=self.before,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipList(Paging):
    """`from` (inclusive) and `to` (exclusive) bound last_due_at."""

    task_id: Ulid | None = None
    reason: tuple[SkipReason, ...] = ()
    since: Annotated[Instant | None, Field(alias="from")] = None
    before: Annotated[Instant | None, Field(alias="to")] = None

    @property
    def wanted(self) -> SkipFilter:
        return SkipFilter(task_id=_task_id(self.task_id), reasons=self.reason, since=self.since, before=self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """`paused`: the new task waits until somebody resumes it."""

    paused: Flag = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """`allow` starts the run whatever else is open."""

    overlap: Literal["allow"] | None = None

    @property
    def allow(self) -> bool:
        return self.overlap == "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """`after`: now, unless given."""

    after: Instant | None = None
    count: Annotated[int, Field(ge=1, le=DUES_MAX), InDigits] = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaStretch:
    """`from` (inclusive): now, unless given. `to` (exclusive): a day after it."""

    since: Annotated[Instant | None, Field(alias="from")] = None
    before: Annotated[Instant | None, Field(alias="to")] = None
    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX), InDigits] = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """`topics`, with commas between: `tasks`, `runs`, `output:RUN` (of up to 10 runs). `once`: what happens within a quarter of
    a second, and no more."""

    topics: Annotated[str, Field(max_length=TOPICS_MAX, pattern=TOPICS)]
    once: Flag = False

    @property
    def interest(self) -> Interest:
        named = self.topics.split(",")
        followed = {RunId(from_ulid(topic.removeprefix(OUTPUT))) for topic in named if topic.startswith(OUTPUT)}
        if len(followed) > FOLLOWED_MAX:
            raise BadValue("topics", f"the output of {FOLLOWED_MAX} runs is followed at most", "open another stream")
        return Interest(tasks="tasks" in named, runs="runs" in named, output=frozenset(followed))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarVersion:
    """`version`: the one that holds, unless given."""

    version: Annotated[int, Field(ge=1, le=999_999_999), InDigits] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputWindow:
    """Without `attempt` the latest. A negative `offset` counts from the end."""

    attempt: Annotated[int, Field(ge=1, le=1_000_000), InDigits] | None = None
    offset: Annotated[int, Field(ge=-OFFSET_MAX, le=OFFSET_MAX), InDigits] = 0
    limit: Annotated[int, Field(ge=1, le=OUTPUT_LIMIT_MAX), InDigits] = OUTPUT_LIMIT_MAX


def _task_id(text: str | None) -> TaskId | None:
    return None if text is None else TaskId(from_ulid(text))
