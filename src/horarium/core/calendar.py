"""Named lists of days that many tasks leave out of their schedules, in their versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from horarium.core.errors import BadValue, Conflict
from horarium.core.ids import TaskId
from horarium.core.schedule.day_lists import read_days
from horarium.core.task import DESCRIPTION_MAX, check_name

IN_USE_NAMED = 5
"""So many of the tasks that use a calendar are named to whoever would delete it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One version of a calendar, from `updated_at` on. `days`: each "YYYY-MM-DD", or "first/last" with both ends included."""

    name: str
    version: int
    days: tuple[str, ...]
    description: str
    updated_at: datetime
    updated_by: str
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSaved:
    """The calendar as it is now. `made`: there was none of that name; `changed`: there is a new version of it."""

    calendar: Calendar
    made: bool
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """A task whose list has a newer version: what its history shall say of the change, and who made it."""

    task_id: TaskId
    what: str
    by: str


class BadDays(BadValue):
    """What the shared lists of a task hold now does not do. `index`: which of several tasks."""

    def __init__(self, field: str, message: str, remedy: str | None, index: int = 0) -> None:
        super().__init__(field, message, remedy)
        self.index = index


class UnknownCalendar(BadDays):
    """A schedule leaves out the days of a calendar that is not there."""

    def __init__(self, field: str, name: str, nearest: str | None = None, index: int = 0) -> None:
        remedy = f'did you mean "{nearest}"?' if nearest else "make the calendar first, then the task that uses it"
        super().__init__(field, f'there is no calendar "{name}"', remedy, index)
        self.name = name


class CalendarInUse(Conflict):
    """Living tasks leave out its days; `tasks` are the first of them by name."""

    def __init__(self, name: str, tasks: Sequence[str], count: int) -> None:
        named = ", ".join(f'"{task}"' for task in tasks)
        more = f" and {count - len(tasks)} more" if count > len(tasks) else ""
        super().__init__(
            f'The calendar "{name}" is used by {named}{more}. Take it out of their schedules first, or replace its days by [].'
        )
        self.tasks = tuple(tasks)


def check_days(days: Sequence[str]) -> None:
    """Raises BadValue with the place of the one that is wrong; none at all is fine."""
    read_days("days", days)


def check_calendar(name: str, description: str) -> None:
    """Raises BadValue unless both can be a calendar's. A name is one segment of an address."""
    check_name(name)
    if "/" in name or name in (".", ".."):
        raise BadValue("name", "a calendar's name holds no / and is neither . nor ..", "choose another name")
    if len(description) > DESCRIPTION_MAX:
        raise BadValue("description", f"longer than {DESCRIPTION_MAX} characters")
