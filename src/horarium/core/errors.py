"""Every error a caller may meet, in one tree. Each says what to do and carries its facts.

HorariumError
├─ UserError                 the request cannot be carried out as it stands
│  ├─ BadValue               a value is refused: which field, why, what would do
│  │  └─ BadSchedule         a schedule's text is refused, with the column where reading stopped
│  │     ├─ BadPhrase        words for a schedule are refused, with what was expected and texts that would do
│  │     └─ ScheduleTooSparse  what a schedule leaves out hides its next instant too well
│  ├─ NotFound               no such thing; names the nearest one there is
│  │  └─ NoOccurrence        the schedule does not name this instant; names those around it
│  ├─ Conflict               the books stand against it: NameTaken · RunIsOpen · AlreadyDecided · NotPossible
│  └─ StaleRevision          someone changed the task meanwhile
└─ StoreError
   ├─ StoreAway              the store did not answer or could not write; nothing is known to be lost
   ├─ StoreInUse             another service holds the data folder
   └─ StoreNewerThanCode     the data was written by a newer version
"""

from collections.abc import Sequence
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


class ScheduleTooSparse(BadSchedule):
    """So many instants in a row are left out that the next one was not found. `steps`: how many were looked at."""

    def __init__(self, steps: int) -> None:
        super().__init__(
            "except",
            f"{steps:,} occurrences in a row are left out, and the search for the next one ends there",
            "leave out days instead of single instants, or write the times that are left as a schedule of its own",
        )
        self.steps = steps


class BadPhrase(BadSchedule):
    """Words for a schedule are refused. `word` stands at `column`; '' is the end of the text.

    `expected` says in words what could stand there; `offers` are whole texts that can be read, one for each reading.
    """

    def __init__(
        self,
        message: str,
        column: int,
        word: str = "",
        remedy: str | None = None,
        *,
        expected: tuple[str, ...] = (),
        offers: tuple[str, ...] = (),
    ) -> None:
        super().__init__("text", message, remedy, column)
        self.word = word
        self.expected = expected
        self.offers = offers


class NotFound(UserError):
    """There is no such thing. `nearest` is the closest name there is, if one is close."""

    def __init__(self, kind: str, name: str, nearest: str | None = None) -> None:
        hint = f' Did you mean "{nearest}"?' if nearest else ""
        super().__init__(f'No {kind} "{name}".{hint}')
        self.kind = kind
        self.name = name
        self.nearest = nearest


class NoOccurrence(NotFound):
    """The task's schedule names no occurrence at that instant; `around`: the undecided ones before and after it."""

    def __init__(self, instant: datetime, around: Sequence[datetime]) -> None:
        closest = min(around, key=lambda other: abs(other - instant), default=None)
        super().__init__("occurrence", shown(instant), None if closest is None else shown(closest))
        named = " and ".join(shown(other) for other in around)
        hint = f" Near it are {named}." if len(around) > 1 else f" Near it is {named}." if around else ""
        self.args = (f"The schedule names no occurrence at {shown(instant)} that is still to come.{hint}",)


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


class AlreadyDecided(Conflict):
    """The occurrence is in the books: as the run or in the skip of that id (ULID text), or forgotten since (both None)."""

    def __init__(self, instant: datetime, run: str | None = None, skip: str | None = None) -> None:
        where = f" as run {run}" if run is not None else f" in skip {skip}" if skip is not None else ""
        super().__init__(
            f"The occurrence of {shown(instant)} is decided already{where}; only one to come is skipped or moved."
        )
        self.run = run
        self.skip = skip


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
