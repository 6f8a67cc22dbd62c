"""Bodies that are no definition by themselves."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from horarium.api.queries import ActionKind, Pool, Tag, Text, Ulid
from horarium.control.bulk import BULK_MAX, BulkAction, BulkWish
from horarium.core.action import Action
from horarium.core.calendar import check_days
from horarium.core.crontab.read import BYTES_MAX
from horarium.core.errors import BadValue
from horarium.core.page import TaskFilter, TaskStateName
from horarium.core.policy import Policy
from horarium.core.schedule.schedule import DUES_MAX, Schedule
from horarium.core.shape import Instant, Shape
from horarium.core.task import Draft, has_control

BATCH_MAX = 1_000
SECRET_MAX = 1_000
PREFIX_MAX = 100

RoleName: TypeAlias = Literal["viewer", "operator", "editor", "admin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Shape):
    """Tasks to be created all or none."""

    tasks: tuple[Draft, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.tasks) <= BATCH_MAX:
            raise BadValue(
                "tasks", f"a batch holds 1 to {BATCH_MAX} tasks, not {len(self.tasks)}", "send several batches"
            )
        seen: dict[str, int] = {}
        for index, draft in enumerate(self.tasks):
            first = seen.setdefault(draft.name, index)
            if first != index:
                raise BadValue(
                    f"tasks.{index}.name", f"the name is that of task {first} of this batch", "choose another name"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDraft(Shape):
    """A task's definition whose name is in the address; a name in the body must be the same."""

    schedule: Schedule
    action: Action
    policy: Policy = field(default_factory=Policy)
    description: str = ""
    tags: tuple[str, ...] = ()
    pool: str = "default"
    priority: int = 0
    name: str | None = None

    def named(self, name: str) -> Draft:
        if self.name is not None and self.name != name:
            raise BadValue("name", "differs from the name in the address", "leave it out; PATCH renames a task")
        return Draft(
            name=name,
            schedule=self.schedule,
            action=self.action,
            policy=self.policy,
            description=self.description,
            tags=self.tags,
            pool=self.pool,
            priority=self.priority,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseBody(Shape):
    """Without `until` the pause lasts until somebody resumes."""

    until: Instant | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeBody(Shape):
    """`catch_up`: the paused stretch is treated as if the service had been off."""

    catch_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CrontabBody(Shape):
    """A crontab as text. `apply`: make its tasks, all of them or none; `skip_refused`: all of those that can be carried over.

    `system`: whether a user stands before each command; left out, it is seen from the text. `timezone`: in which the times are
    read, but for CRON_TZ; the installation's, unless given. `prefix`: put before each name.
    """

    text: str
    apply: bool = False
    skip_refused: bool = False
    system: bool | None = None
    timezone: str | None = None
    prefix: str = ""

    def __post_init__(self) -> None:
        if len(self.prefix) > PREFIX_MAX or has_control(self.prefix):
            raise BadValue("prefix", f"up to {PREFIX_MAX} characters, no control characters")
        if len(self.text) > BYTES_MAX:
            raise BadValue("text", f"a crontab has at most {BYTES_MAX} bytes", "import it in parts")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBody(Shape):
    """An action to be run once, in any pool."""

    action: Action
    timeout_seconds: int | float | None = None
    pool: str = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkFilter(Shape):
    """The tasks that a list with the same words would show, on all its pages."""

    words: Text | None = None
    tag: tuple[Tag, ...] = ()
    state: tuple[TaskStateName, ...] = ()
    pool: Pool | None = None
    kind: ActionKind | None = None

    @property
    def wanted(self) -> TaskFilter:
        return TaskFilter(
            words=self.words or None, tags=self.tag, states=self.state, pool=self.pool, kind=self.kind, sort="name"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkBody(Shape):
    """Either `ids` or a `filter`, which needs the `expected_count` that the caller has seen.

    `until` and `reason` go with `pause`, `catch_up` with `resume`.
    """

    action: BulkAction
    ids: tuple[Ulid, ...] | None = None
    filter: BulkFilter | None = None
    expected_count: int | None = None
    until: Instant | None = None
    reason: str = ""
    catch_up: bool = False

    def __post_init__(self) -> None:
        if (self.ids is None) == (self.filter is None):
            raise BadValue("", "tasks are named by their ids or by a filter", "send exactly one of ids and filter")
        if self.ids is not None:
            if not 1 <= len(self.ids) <= BULK_MAX:
                raise BadValue("ids", f"1 to {BULK_MAX:,} ids, not {len(self.ids):,}", "send several requests")
            if len({text.upper() for text in self.ids}) < len(self.ids):
                raise BadValue("ids", "a task is named twice", "name each task once")
        if self.filter is not None and self.expected_count is None:
            raise BadValue(
                "expected_count", "is needed with a filter", "send the total of the list with the same filter"
            )
        if self.expected_count is not None and not 0 <= self.expected_count <= BULK_MAX:
            raise BadValue("expected_count", f"from 0 to {BULK_MAX:,}")
        if self.action != "pause" and (self.until is not None or self.reason):
            raise BadValue("until" if self.until is not None else "reason", "goes with the action pause")
        if self.action != "resume" and self.catch_up:
            raise BadValue("catch_up", "goes with the action resume")

    @property
    def wish(self) -> BulkWish:
        return BulkWish(action=self.action, until=self.until, reason=self.reason, catch_up=self.catch_up)


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceBody(Shape):
    """Either `skip`: true, or the instant to `move_to`."""

    skip: bool = False
    move_to: Instant | None = None

    def __post_init__(self) -> None:
        if self.skip is (self.move_to is not None):
            raise BadValue("", "an occurrence is either skipped or moved", 'send {"skip": true} or {"move_to": …}')


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewBody(Shape):
    """`after`: now, unless given. Compared with the schedule `before`, or with the one that the task `task_id` has."""

    schedule: Schedule
    after: Instant | None = None
    count: int = 5
    before: Schedule | None = None
    task_id: Ulid | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.count <= DUES_MAX:
            raise BadValue("count", f"from 1 to {DUES_MAX}")
        if self.before is not None and self.task_id is not None:
            raise BadValue("before", "a task is compared with the schedule it has", "send either before or task_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseBody(Shape):
    """`timezone`: in which a text is read that names none; the installation's, unless given."""

    text: str
    timezone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(Shape):
    """Either the one-time `key` or a `token`."""

    key: str | None = None
    token: str | None = None

    def __post_init__(self) -> None:
        if (self.key is None) == (self.token is None):
            raise BadValue("", "sign in with either a key or a token", "send exactly one of them")
        for name, text in (("key", self.key), ("token", self.token)):
            if text is not None and not 1 <= len(text) <= SECRET_MAX:
                raise BadValue(name, f"from 1 to {SECRET_MAX} characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDraft(Shape):
    """`days`: each "YYYY-MM-DD", or a stretch "YYYY-MM-DD/YYYY-MM-DD" with both ends included."""

    days: tuple[str, ...]
    description: str = ""

    def __post_init__(self) -> None:
        check_days(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDraft(Shape):
    """Without `expires_at` the token holds until it is revoked."""

    name: str
    role: RoleName
    expires_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPatch(Shape):
    """What is given is set."""

    timezone: str | None = None
    allow_shell: bool | None = None
