"""Refusals that are about who asks or what was deleted, not about what is asked."""

from datetime import datetime

from horarium.core.errors import Conflict, NameTaken, NotFound, UserError
from horarium.core.instants import shown


class NotSignedIn(UserError):
    """There is no credential, or not one that is known here."""


class NotAllowed(UserError):
    """The caller is known, and may not do this."""


class TooManySignIns(UserError):
    """Too many failed sign-ins from one address."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"Too many failed sign-ins from this address. Try again in {retry_after_seconds} s.")
        self.retry_after_seconds = retry_after_seconds


class Deleted(NotFound):
    """The task is a tombstone; `revision` is the one to restore."""

    def __init__(self, task_id: str, name: str, deleted_at: datetime, revision: int) -> None:
        super().__init__("task", task_id)
        self.args = (
            f'The task "{name}" was deleted at {shown(deleted_at)}; restore its revision {revision} to have it back.',
        )
        self.revision = revision


class NameTakenInBatch(NameTaken):
    """One of many was refused, so none was written; `index` says which."""


class CountChanged(Conflict):
    """Other tasks are meant by now than the caller has seen; `count`: how many."""

    def __init__(self, expected: int, count: int) -> None:
        super().__init__(
            f"{count:,} tasks are meant by now, not {expected:,}. Look at them again, then ask with that number."
        )
        self.count = count


class TooManyStreams(UserError):
    """As many listen already as one process takes."""

    def __init__(self, most: int, retry_after_seconds: int) -> None:
        super().__init__(f"{most} streams of events are open already. Try again in {retry_after_seconds} s.")
        self.retry_after_seconds = retry_after_seconds


class Stopping(UserError):
    """The service takes nothing new any more."""
