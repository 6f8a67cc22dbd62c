"""A task: what a person defined, in its revisions."""

import re
import unicodedata
from dataclasses import dataclass, field, fields
from datetime import datetime

from horarium.core.action import NEEDS_PROCESS, Action
from horarium.core.errors import BadValue
from horarium.core.ids import TaskId
from horarium.core.policy import Policy
from horarium.core.schedule.schedule import Schedule
from horarium.core.shape import Shape

NAME_MAX = 200
DESCRIPTION_MAX = 10_000
TAGS_MAX = 20
TAG_MAX = 50
POOL_MAX = 50
PRIORITY_MAX = 10
REASON_MAX = 500
_POOL = re.compile(rf"[A-Za-z0-9_.-]{{1,{POOL_MAX}}}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Shape):
    """A task's definition as a person writes it."""

    name: str
    schedule: Schedule
    action: Action
    policy: Policy = field(default_factory=Policy)
    description: str = ""
    tags: tuple[str, ...] = ()
    pool: str = "default"
    priority: int = 0

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.description) > DESCRIPTION_MAX:
            raise BadValue("description", f"longer than {DESCRIPTION_MAX} characters")
        if len(self.tags) > TAGS_MAX:
            raise BadValue("tags", f"more than {TAGS_MAX} tags")
        for index, tag in enumerate(self.tags):
            if not 1 <= len(tag) <= TAG_MAX or tag != tag.strip() or "," in tag or has_control(tag):
                raise BadValue(f"tags.{index}", f"a tag has 1 to {TAG_MAX} characters, no comma, no outer spaces")
        if self.tags and len(set(self.tags)) != len(self.tags):
            raise BadValue("tags", "a tag is named twice", "name each tag once")
        if not _POOL.fullmatch(self.pool):
            raise BadValue("pool", f"a pool's name has 1 to {POOL_MAX} of a-z, A-Z, 0-9, '_', '.' and '-'")
        if not -PRIORITY_MAX <= self.priority <= PRIORITY_MAX:
            raise BadValue(
                "priority",
                f"{self.priority} is outside -{PRIORITY_MAX} to {PRIORITY_MAX}",
                "0 is the default, higher goes first",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Nothing is decided from `at` (exclusive) to `until` (exclusive; None: until somebody resumes)."""

    at: datetime
    until: datetime | None = None
    reason: str = ""

    def over(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Draft):
    """A definition with its identity and history."""

    id: TaskId
    revision: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    pause: Pause | None = None
    deleted_at: datetime | None = None

    @property
    def needs_process(self) -> bool:
        """Whether its runs hold one of a worker's process slots."""
        return self.action.kind in NEEDS_PROCESS

    @property
    def draft(self) -> Draft:
        """Its definition alone."""
        return Draft(**{f.name: getattr(self, f.name) for f in fields(Draft)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A stored task whose definition this version cannot read: shown with the reason, never dropped, not decided."""

    id: TaskId
    revision: int
    name: str
    field: str
    reason: str
    definition: str
    created_at: datetime
    created_by: str
    updated_at: datetime
    pool: str = "default"
    tags: tuple[str, ...] = ()
    pause: Pause | None = None
    deleted_at: datetime | None = None


Stored = Task | Broken


def check_name(name: str) -> None:
    """Raises BadValue unless `name` can name a task."""
    if not 1 <= len(name) <= NAME_MAX:
        raise BadValue("name", f"a name has 1 to {NAME_MAX} characters, not {len(name)}")
    if has_control(name):
        raise BadValue("name", "a name holds no control characters")
    if name != name.strip():
        raise BadValue("name", "a name does not begin or end with a space", "take the outer spaces away")


def has_control(text: str) -> bool:
    """Whether `text` holds control, line-separating or lone surrogate characters."""
    return not text.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)
