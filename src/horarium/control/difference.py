"""What an edit of a schedule does: which occurrences it adds, removes and moves. Pure; nothing is saved for it.

Days are those of one time zone, the one of the new rule; where that has none or several, the one of the old rule; else UTC.
The stretch looked at begins after an instant and ends with the local day DIFFERENCE_DAYS later, or, where one of the
schedules names more than INSTANTS_MAX instants in it, with the last of the first INSTANTS_MAX.

What counts is when an occurrence is due: one that somebody moved counts where it was moved to, a skipped one does not.
Moved is, exactly: on one local day, one occurrence is removed and one added, and no other is removed or added on that day.
On the day in which a stretch is cut short nothing is called moved, since the rest of the day was not looked at.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from horarium.control.preview_notes import UTC_NAME, local_day
from horarium.core.instants import EPOCH, LAST, MILLISECOND
from horarium.core.override import Override, first_dues, left_after
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone

DIFFERENCE_DAYS: Final = 30
INSTANTS_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A schedule as it is saved, or as it would be, with the occurrences of it that somebody skipped or moved.

    `used`: how many of its max_occurrences are used up at `seen_through`; None: where the stretch begins.
    """

    schedule: Schedule
    used: int = 0
    overrides: tuple[Override, ...] = ()
    seen_through: datetime | None = None

    def dues(self, after: datetime, count: int) -> tuple[datetime, ...]:
        """The next `count` instants after `after` at which an occurrence is due."""
        seen = after if self.seen_through is None else self.seen_through
        return first_dues(self.schedule, self.overrides, seen, self.used, after, count)

    def left(self, after: datetime) -> int | None:
        """How many occurrences its maximum leaves after `after`, at most; None where it has none."""
        seen = after if self.seen_through is None else self.seen_through
        left = left_after(self.schedule, self.used, seen, self.overrides)
        return None if left is None else max(0, left - self.schedule.count(seen, after))


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An occurrence of the old schedule and the one of the new that takes its place."""

    from_: datetime
    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All three in order, each instant in one of them only. `through`: the last instant looked at; `truncated`: it lies
    before the end of the stretch."""

    added: tuple[datetime, ...]
    removed: tuple[datetime, ...]
    moved: tuple[Move, ...]
    through: datetime
    truncated: bool


def difference(before: Side | None, after: Side, since: datetime) -> Difference:
    """Of the occurrences later than `since`. `before` None: nothing was due."""
    name = day_zone_of(before, after)
    end = end_of_day(since + min(timedelta(days=DIFFERENCE_DAYS), LAST - since), name)
    if before == after:
        return Difference(added=(), removed=(), moved=(), through=end, truncated=False)
    old = [] if before is None else _instants(before, since, end)
    new = _instants(after, since, end)
    through = min([end, *(side[INSTANTS_MAX - 1] for side in (old, new) if len(side) > INSTANTS_MAX)])
    was = {due for due in old if due <= through}
    becomes = {due for due in new if due <= through}
    removed, added = was - becomes, becomes - was
    cut = local_day(through, name) if through < end else None
    moved = _moved(removed, added, name, cut)
    return Difference(
        added=tuple(sorted(added - {one.to for one in moved})),
        removed=tuple(sorted(removed - {one.from_ for one in moved})),
        moved=tuple(moved),
        through=through,
        truncated=through < end,
    )


def day_zone_of(before: Side | None, after: Side) -> str:
    """The zone whose days count."""
    for side in (after, before):
        zones = frozenset[str]() if side is None else side.schedule.zones()
        if len(zones) == 1:
            return next(iter(zones))
    return UTC_NAME


def end_of_day(instant: datetime, name: str) -> datetime:
    """The last instant before the local day after this one begins."""
    second = zone(name).second((local_day(instant, name) + 1) * DAY)
    return max(instant, min(LAST - EPOCH, timedelta(seconds=second) - MILLISECOND) + EPOCH)


def _instants(side: Side, since: datetime, end: datetime) -> list[datetime]:
    """Those in (since, end], one more than INSTANTS_MAX at most."""
    return [due for due in side.dues(since, INSTANTS_MAX + 1) if due <= end]


def _moved(removed: Iterable[datetime], added: Iterable[datetime], name: str, cut: int | None) -> list[Move]:
    days: defaultdict[int, tuple[list[datetime], list[datetime]]] = defaultdict(lambda: ([], []))
    for place, instants in enumerate((removed, added)):
        for instant in instants:
            days[local_day(instant, name)][place].append(instant)
    return [
        Move(from_=gone[0], to=come[0])
        for day, (gone, come) in sorted(days.items())
        if len(gone) == len(come) == 1 and day != cut
    ]
