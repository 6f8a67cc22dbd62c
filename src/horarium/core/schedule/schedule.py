"""The schedules there are, as one union told apart by `kind`."""

from datetime import datetime
from typing import Annotated, Final, TypeAlias

from horarium.core.schedule.cron import Cron
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.shape import OneOf

Schedule: TypeAlias = Annotated[Once | Every | Cron, OneOf("kind")]

DUES_MAX: Final = 1_000


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
