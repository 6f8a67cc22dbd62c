"""What the arithmetic on top of a schedule's rule asks of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rule:
    """The verbs of a rule before exceptions and bounds."""

    next: Callable[[datetime], datetime | None]
    last: Callable[[datetime], datetime | None]
    count: Callable[[datetime, datetime], int]
    names: Callable[[datetime], bool]


class Due(Protocol):
    """The verbs of a whole schedule."""

    def next_due(self, after: datetime) -> datetime | None: ...

    def last_due(self, through: datetime) -> datetime | None: ...

    def count(self, after: datetime, through: datetime) -> int: ...

    def names(self, instant: datetime) -> bool: ...


def walk(following: Callable[[datetime], datetime | None], after: datetime, through: datetime) -> Iterator[datetime]:
    """The instants of (after, through] one by one, by the verb that gives the next. Ends with `through`: they lie a millisecond
    apart at least, and who walks has judged before how many there are."""
    due = following(after)
    while due is not None and due <= through:
        yield due
        due = following(due)
