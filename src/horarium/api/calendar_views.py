"""What answers about calendars look like."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from horarium.control.calendar_controller import SavedCalendar
from horarium.core.calendar import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRowView:
    """One version without its days; `entries`: how many days and stretches it lists."""

    name: str
    version: int
    entries: int
    description: str
    updated_at: datetime
    updated_by: str
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """`days`: each a day, or a stretch `first/last` with both ends included."""

    name: str
    version: int
    days: tuple[str, ...]
    description: str
    updated_at: datetime
    updated_by: str
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCalendarView(CalendarView):
    """`tasks_changed`: how many tasks have a new revision by it; `tasks_to_come`: how many will have one in a moment."""

    tasks_changed: int
    tasks_to_come: int


def calendar_row_view(calendar: Calendar) -> CalendarRowView:
    return CalendarRowView(**_shared(calendar), entries=len(calendar.days))


def calendar_view(calendar: Calendar) -> CalendarView:
    return CalendarView(**_shared(calendar), days=calendar.days)


def saved_calendar_view(saved: SavedCalendar) -> SavedCalendarView:
    return SavedCalendarView(
        **_shared(saved.calendar),
        days=saved.calendar.days,
        tasks_changed=saved.tasks_changed,
        tasks_to_come=saved.tasks_to_come,
    )


def _shared(calendar: Calendar) -> dict[str, Any]:
    return {
        "name": calendar.name,
        "version": calendar.version,
        "description": calendar.description,
        "updated_at": calendar.updated_at,
        "updated_by": calendar.updated_by,
        "deleted": calendar.deleted,
    }
