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


def walk(following: Callable[[datetime], datetime | None], after: datetime, many: int) -> Iterator[datetime]:
    """The `many` instants after that one, by the verb that gives the next. Who walks has counted them before: the verb is not
    asked for one more, which may be hidden too well."""
    for _ in range(many):
        due = following(after)
        if due is None:
            return
        yield due
        after = due
