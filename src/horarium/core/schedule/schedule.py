"""The schedules there are, as one union told apart by `kind`."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Final, TypeAlias, TypeVar

from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.bounds import Bounded
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays, Dates, Holidays, Weekdays
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.rrule import Rrule
from horarium.core.shape import OneOf

Schedule: TypeAlias = Annotated[
    Once | Every | Cron | Rrule | AnyOf,
    OneOf("kind"),
]
Exclusion: TypeAlias = Annotated[
    Once | Every | Cron | Rrule | AnyOf | Dates | Weekdays | Holidays | CalendarDays,
    OneOf("kind"),
]
"""What a schedule may leave out: the instants of another one, or days."""

DUES_MAX: Final = 1_000

S = TypeVar("S", bound=Bounded)


def first_dues(schedule: Schedule, after: datetime, count: int, since_edit: int = 0) -> tuple[datetime, ...]:
    """The next `count` due instants, fewer where the schedule ends; `since_edit` occurrences of its maximum are used up."""
    assert 0 <= count <= DUES_MAX, f"at most {DUES_MAX} instants at a time"
    if schedule.max_occurrences is not None:
        count = min(count, schedule.max_occurrences - since_edit)
    dues: list[datetime] = []
    for _ in range(count):
        due = schedule.next_due(after)
        if due is None:
            break
        dues.append(after := due)
    return tuple(dues)


def anchored_within(schedule: S, now: datetime, old: Bounded | None = None) -> S:
    """The schedule with an anchor for each `every` inside it, at any depth: its own; else that of the `every` at the same place
    in `old`, so that saving the same again changes nothing; else as `Every.anchored` has it. The whole itself stays as it is."""
    changes: dict[str, Any] = {}
    for name in ("schedules", "except_"):
        parts, before = getattr(schedule, name, ()), getattr(old, name, ())
        made = tuple(
            _anchored(part, now, before[index] if index < len(before) else None) for index, part in enumerate(parts)
        )
        if any(new is not part for new, part in zip(made, parts, strict=True)):
            changes[name] = made
    return replace(schedule, **changes) if changes else schedule


def _anchored(part: Any, now: datetime, old: Any) -> Any:
    if isinstance(part, Every) and part.anchor is None:
        kept = old.anchor if isinstance(old, Every) else None
        part = part.anchored(now) if kept is None else replace(part, anchor=kept)
    return anchored_within(part, now, old) if isinstance(part, Bounded) else part
