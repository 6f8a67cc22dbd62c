"""Deleting a task whose definition cannot be read: there is nothing to apply a change to, and yet it must go."""

from datetime import datetime

from horarium.core.action import Log
from horarium.core.schedule.once import Once
from horarium.core.task import Broken, Task


def stand_in(old: Broken, e: datetime) -> Task:
    """What `changed` needs to end the waiting runs of `old`: a deleted task; of its definition nothing is looked at."""
    return Task(
        id=old.id,
        revision=old.revision + 1,
        name="broken",
        schedule=Once(kind="once", at=e),
        action=Log(kind="log", message=""),
        created_at=old.created_at,
        created_by=old.created_by,
        updated_at=e,
        deleted_at=e,
    )
