"""Every error a caller may meet, in one tree. Each says what to do and carries its facts.

HorariumError
├─ UserError                 the request cannot be carried out as it stands
│  ├─ BadValue               a value is refused: which field, why, what would do
│  │  └─ BadSchedule         a schedule's text is refused, with the column where reading stopped
│  ├─ NotFound               no such thing; names the nearest one there is
│  ├─ Conflict               the books stand against it: NameTaken · RunIsOpen · NotPossible
│  └─ StaleRevision          someone changed the task meanwhile
└─ StoreError
   ├─ StoreAway              the store did not answer or could not write; nothing is known to be lost
   ├─ StoreInUse             another service holds the data folder
   └─ StoreNewerThanCode     the data was written by a newer version
"""

from datetime import datetime

from horarium.core.instants import shown


class HorariumError(Exception):
    """Anything this product raises on purpose."""


class UserError(HorariumError):
    """The request cannot be carried out as it stands."""


class BadValue(UserError, ValueError):
    """A value is refused. `field` is a dotted path inside the value that was judged; '' is the value itself."""

    def __init__(self, field: str, message: str, remedy: str | None = None) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.message = message
        self.remedy = remedy


class BadSchedule(BadValue):
    """A schedule's text is refused; `column` counts characters from 1 and points at the first one not understood."""

    def __init__(self, field: str, message: str, remedy: str | None = None, column: int | None = None) -> None:
        super().__init__(field, message if column is None else f"{message} (column {column})", remedy)
        self.column = column


class NotFound(UserError):
    """There is no such thing. `nearest` is the closest name there is, if one is close."""

    def __init__(self, kind: str, name: str, nearest: str | None = None) -> None:
        hint = f' Did you mean "{nearest}"?' if nearest else ""
        super().__init__(f'No {kind} "{name}".{hint}')
        self.kind = kind
        self.name = name
        self.nearest = nearest


class Conflict(UserError):
    """The books stand against it; the message names what stands in the way."""


class NameTaken(Conflict):
    """A living task has this name already: `holder` (an id as ULID text), or None where one batch names it twice.

    `index` is its place in a batch.
    """

    def __init__(self, name: str, index: int = 0, holder: str | None = None) -> None:
        by = f"task {holder}" if holder is not None else "another task"
        super().__init__(f'The name "{name}" is taken by {by}. Choose another name, or edit that task.')
        self.name = name
        self.index = index
        self.holder = holder


class RunIsOpen(Conflict):
    """Overlap forbids a new run while `holder` (a run id as ULID text) is open."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"Run {holder} of this task is still open. Wait for it, cancel it, or ask with overlap=allow.")
        self.holder = holder


class NotPossible(Conflict):
    """The thing exists but its state forbids this, e.g. cancelling a run that has ended."""


class StaleRevision(UserError):
    """Someone changed the task meanwhile. Reload it and apply your change again."""

    def __init__(self, expected: int, revision: int, changed_by: str, changed_at: datetime) -> None:
        super().__init__(
            f"The task is at revision {revision}, not {expected}: changed by {changed_by} at {shown(changed_at)}. "
            "Read it again and apply your change to what is there now."
        )
        self.expected = expected
        self.revision = revision
        self.changed_by = changed_by
        self.changed_at = changed_at


class StoreError(HorariumError):
    """The store could not do its part."""


class StoreAway(StoreError):
    """The store did not answer or could not write. Whether the last write took effect must be asked again."""


class StoreInUse(StoreError):
    """Another service holds this data folder."""


class StoreNewerThanCode(StoreError):
    """The data folder was written by a newer version of horarium; this one would damage it."""
