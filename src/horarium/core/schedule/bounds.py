"""What every schedule carries besides its rule: which days are left out, from when, until when, how often, and by how much
its runs are spread."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from horarium.core.errors import BadValue
from horarium.core.instants import EPOCH, LAST, MILLISECOND, to_ms
from horarium.core.schedule.day_lists import CalendarDays, DayList, Holidays
from horarium.core.schedule.day_sets import DaySet
from horarium.core.schedule.excluded import LeftOver
from horarium.core.schedule.left_over import left_over
from horarium.core.schedule.rule import Rule
from horarium.core.schedule.zone import tzdata_version
from horarium.core.shape import Instant, Later, Number, Shape, read_number

JITTER_SECONDS_MAX: Final = 86_400
OCCURRENCES_MAX: Final = 1_000_000_000
EXCEPT_MAX: Final = 20
NESTING_MAX: Final = 4
PARTS_MAX: Final = 200
"""Schedules within one schedule, at all depths: each of them is asked whenever the whole is."""
DENSITY_DAYS: Final = 28
_DENSITY: Final = timedelta(days=DENSITY_DAYS)
JUDGED_STEPS_MAX: Final = 1_000
"""Whoever reads a schedule looks no further for an occurrence that is left; some milliseconds. Planning looks further."""
ROLLED_PER_DAY_MAX: Final = 1_440
"""One a minute. Days with rolled occurrences are worked out one instant at a time."""
WALKED_PER_DAY_MAX: Final = 8_640
"""One every ten seconds. Counting walks the instants of all schedules but the densest."""


def _exclusion() -> Any:
    from horarium.core.schedule.schedule import Exclusion

    return Exclusion


if TYPE_CHECKING:
    from horarium.core.schedule.schedule import Exclusion
else:  # what may be left out are schedules again
    Exclusion: TypeAlias = Annotated[Any, Later(_exclusion)]


class _Kept:
    """What is worked out from a schedule once and kept with it: no member of it, and always the same."""

    __slots__ = ("_left",)
    _left: LeftOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded(Shape, _Kept):
    """Base of all schedules. A subclass names the instants of its rule. `except_` and `roll` leave out and move some of them,
    and the verbs here cut what is left to the bounds.

    `starts_at` and `ends_at` are inclusive. `max_occurrences` is not part of the verbs: only who keeps the books knows how
    many were decided. `roll` moves an occurrence off a day of a day list to the nearest open day, at the same local time.
    """

    kind: str
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    max_occurrences: int | None = None
    jitter_seconds: Number = 0
    except_: tuple[Exclusion, ...] = ()
    roll: Literal["none", "forward", "back"] = "none"

    def next_due(self, after: datetime) -> datetime | None:
        """The first due instant strictly after `after`."""
        if self.starts_at is not None and after < self.starts_at:
            after = self.starts_at - MILLISECOND
        due = self._next(after) if not self.except_ else self._left_over().next(after, self.ends_at or LAST)
        return None if due is None or (self.ends_at is not None and due > self.ends_at) else due

    def last_due(self, through: datetime) -> datetime | None:
        """The last due instant up to and including `through`."""
        if self.ends_at is not None and through > self.ends_at:
            through = self.ends_at
        due = self._last(through) if not self.except_ else self._left_over().last(through, self.starts_at or EPOCH)
        return None if due is None or (self.starts_at is not None and due < self.starts_at) else due

    def count(self, after: datetime, through: datetime) -> int:
        """How many instants are due after `after`, up to and including `through`."""
        if self.starts_at is not None and after < self.starts_at:
            after = self.starts_at - MILLISECOND
        if self.ends_at is not None and through > self.ends_at:
            through = self.ends_at
        through = min(through, LAST)
        if after >= through:
            return 0
        return self._count(after, through) if not self.except_ else self._left_over().count(after, through)

    def names(self, instant: datetime) -> bool:
        """Whether it is one of the due instants."""
        if self.starts_at is not None and instant < self.starts_at:
            return False
        if self.ends_at is not None and instant > self.ends_at:
            return False
        return self._names(instant) if not self.except_ else self._left_over().names(instant)

    def delay(self, task_id: bytes, due_at: datetime) -> timedelta:
        """The jitter of one occurrence: always the same for (task, occurrence), never up to the next occurrence."""
        width_ms = round(self.jitter_seconds * 1000)
        if width_ms == 0:
            return timedelta(0)
        following = self.next_due(due_at)
        if following is not None:
            width_ms = min(width_ms, (following - due_at) // MILLISECOND)
        stamp = to_ms(due_at).to_bytes(6, "big")
        hashed = int.from_bytes(blake2b(task_id + stamp, digest_size=8, person=b"jitter").digest(), "big")
        return timedelta(milliseconds=hashed * width_ms >> 64)

    def _next(self, after: datetime) -> datetime | None:
        raise NotImplementedError

    def _last(self, through: datetime) -> datetime | None:
        raise NotImplementedError

    def _count(self, after: datetime, through: datetime) -> int:
        raise NotImplementedError

    def _names(self, instant: datetime) -> bool:
        return self._last(instant) == instant

    def inner(self) -> tuple[tuple[str, "Bounded"], ...]:
        """The schedules directly within it, each with its place."""
        return tuple((f"except.{index}", part) for index, part in enumerate(self.except_) if isinstance(part, Bounded))

    def zones(self) -> frozenset[str]:
        """The time zones that its rule is written in."""
        name: str | None = getattr(self, "timezone", None)
        return frozenset() if name is None else frozenset((name,))

    def day_zone(self, days: DayList) -> str | None:
        """Whose local days this list of `except_` means; None where neither says it."""
        if days.timezone is not None:
            return days.timezone
        zones = self.zones()
        return next(iter(zones)) if len(zones) == 1 else None

    def per_day(self) -> float:
        """About how many instants its rule names a day: on average over the first weeks that have any, exceptions aside."""
        first = self._next(EPOCH)
        if first is None:
            return 0.0
        before = first - MILLISECOND
        end = LAST if LAST - before < _DENSITY else before + _DENSITY
        return self._count(before, end) / DENSITY_DAYS

    def ready(self) -> bool:
        """Whether its verbs can be asked: calendars have their days, and all `every` an anchor."""
        known = all(part.days is not None for part in self.except_ if isinstance(part, CalendarDays))
        return known and all(part.ready() for _, part in self.inner())

    def shares_lists(self) -> bool:
        """Whether it leaves out days that may change without it: a calendar's, or holidays. Whether these leave anything is
        judged when a person saves it, not whenever it is read: a calendar's change must not make its tasks unreadable."""
        mine = any(isinstance(part, CalendarDays | Holidays) for part in self.except_)
        return mine or any(part.shares_lists() for _, part in self.inner())

    def grain_ms(self) -> int:
        """All its instants are multiples of so many milliseconds since 1970."""
        return 1

    def whole_days(self, grain_ms: int) -> DaySet | None:
        """Its instants as days, where it names all instants of that grain on these days of its zone, and no others."""
        return None

    def repeats_after(self) -> timedelta | None:
        """What its rule has not named within so long it never names; None where that is not known."""
        return None

    def plain(self) -> bool:
        """Whether its instants are those of its rule."""
        return not self.except_ and self.starts_at is None and self.ends_at is None

    def searches(self) -> bool:
        """Whether its rule has to search for its own instants."""
        return False

    def leaves_nothing(self) -> bool:
        """Whether `except_` leaves none of the instants that the rule names within the bounds, as far as a short search shows."""
        start = _release() if self.starts_at is None else self.starts_at - MILLISECOND
        end = self.ends_at or LAST
        named = self._next(start)
        if named is None or named > end:
            return False
        until = self._left_over().left_out_until(start, end, JUDGED_STEPS_MAX // (1 + _size(self)))
        if until is None or until >= end:
            return until is not None
        known = all(part.plain() for part in self.except_ if isinstance(part, Bounded))
        lengths = [self.repeats_after(), *(part.repeats_after() for part in self.except_)]
        return known and all(length is not None and until - named > length for length in lengths)

    def instants_left_out(self) -> tuple[list["Bounded"], list[tuple[str, DaySet]]]:
        """(the schedules of `except_` that are asked instant by instant, those that take whole days of its instants, as days with
        their zone). Occurrences do not roll off a schedule's days, so where they roll all are asked."""
        asked: list[Bounded] = []
        whole: list[tuple[str, DaySet]] = []
        schedules: list[Bounded] = [part for part in self.except_ if isinstance(part, Bounded)]
        if self.roll != "none" or not schedules:
            return schedules, whole
        grain = self.grain_ms()
        for part in schedules:
            days = part.whole_days(grain)
            if days is None:
                asked.append(part)
            else:
                whole.append((next(iter(part.zones())), days))
        return asked, whole

    def _left_over(self) -> LeftOver:
        try:
            return self._left
        except AttributeError:
            rule = Rule(self._next, self._last, self._count, self._names)
            zoned = [(self.day_zone(part) or "", part.day_set()) for part in self.except_ if isinstance(part, DayList)]
            asked, whole = self.instants_left_out()
            object.__setattr__(self, "_left", left_over(rule, zoned + whole, asked, self.roll))
            return self._left


def check_bounds(bounds: Bounded) -> None:
    """Raises BadValue where the bounds contradict themselves."""
    if bounds.starts_at is not None and bounds.ends_at is not None and bounds.ends_at < bounds.starts_at:
        raise BadValue("ends_at", "the schedule ends before it starts", "let ends_at follow starts_at")
    if bounds.max_occurrences is not None and not 1 <= bounds.max_occurrences <= OCCURRENCES_MAX:
        raise BadValue("max_occurrences", f"from 1 to {OCCURRENCES_MAX:,}", "leave it out for no limit")
    jitter_ms = whole_milliseconds("jitter_seconds", bounds.jitter_seconds, least=0, most=JITTER_SECONDS_MAX)
    if not 0 <= jitter_ms <= JITTER_SECONDS_MAX * 1000:
        raise BadValue("jitter_seconds", f"from 0 to {JITTER_SECONDS_MAX} seconds (a day)")
    if bounds.except_ or bounds.roll != "none":
        _check_exceptions(bounds)
    check_inner(bounds)


def check_inner(whole: Bounded) -> None:
    """Raises BadValue where schedules stand too deep or too many in one another, or carry what only the whole can."""
    inner = whole.inner()
    if not inner:
        return
    if _depth(whole) > NESTING_MAX:
        raise BadValue(
            inner[0][0], f"schedules stand in one another more than {NESTING_MAX} deep", "put them side by side"
        )
    if _size(whole) > PARTS_MAX:
        raise BadValue(inner[0][0], f"more than {PARTS_MAX} schedules in one", "make several tasks of it")
    for place, part in inner:
        for field, usual in (("max_occurrences", None), ("jitter_seconds", 0)):
            if getattr(part, field) != usual:
                raise BadValue(
                    f"{place}.{field}", "only the whole schedule can have it", f"move {field} to the outside"
                )


def check_left_over(bounds: Bounded) -> None:
    """For the end of a schedule's own checks. Raises BadValue where exceptions cannot be worked out, or leave nothing."""
    if not bounds.except_:
        return
    schedules, _ = bounds.instants_left_out()
    density = bounds.per_day()
    if bounds.roll != "none" and density > ROLLED_PER_DAY_MAX:
        message = f"at most {ROLLED_PER_DAY_MAX:,} occurrences a day can be rolled, this names {density:,.0f}"
        raise BadValue("roll", message, "leave roll out, or name fewer instants")
    if min(sum(part.per_day() for part in schedules), density) > WALKED_PER_DAY_MAX:
        message = f"this schedule and what it leaves out both name more than {WALKED_PER_DAY_MAX:,} instants a day"
        raise BadValue("except", message, "write the times that are left as a schedule of its own")
    if bounds.searches() or bounds.shares_lists() or not bounds.ready():
        return
    if bounds.leaves_nothing():
        raise BadValue("except", "every occurrence is left out", "leave out less")


def _check_exceptions(bounds: Bounded) -> None:
    if len(bounds.except_) > EXCEPT_MAX:
        raise BadValue("except", f"more than {EXCEPT_MAX} entries", "one list can hold many days")
    zones = set()
    for index, part in enumerate(bounds.except_):
        if isinstance(part, DayList):
            zones.add(zone := bounds.day_zone(part))
            if zone is None:
                message = "the schedule does not say in which time zone its days begin"
                raise BadValue(f"except.{index}.timezone", message, "name one here, such as Europe/Berlin")
    if bounds.roll == "none":
        return
    if not zones:
        message = "there is no day to roll off: except names no list of days"
        raise BadValue("roll", message, "add dates, weekdays, holidays or a calendar to except, or leave roll out")
    if len(zones) > 1:
        raise BadValue("roll", "the lists of days are in several time zones", "give all of them the same timezone")


def _depth(schedule: Bounded) -> int:
    return max((1 + _depth(part) for _, part in schedule.inner()), default=0)


def _size(schedule: Bounded) -> int:
    return sum(1 + _size(part) for _, part in schedule.inner())


@cache
def _release() -> datetime:
    """The start of the year of the zone database: no clock is asked, and what was due before is of no use to a new task."""
    return EPOCH.replace(year=int(tzdata_version()[:4])) - MILLISECOND


def whole_milliseconds(field: str, seconds: int | float, *, least: int = 1, most: int | None = None) -> int:
    """`seconds` in milliseconds. Raises BadValue for what is no number or is finer than a millisecond.

    `least` and `most`: the seconds that the caller accepts, so that the remedy is one that helps.
    """
    try:
        milliseconds = round(read_number(seconds) * 1000)
    except BadValue as refused:
        raise BadValue(field, refused.message, refused.remedy) from None
    if milliseconds / 1000 != seconds:
        nearest = max(least, milliseconds / 1000)
        raise BadValue(field, "finer than a millisecond", f"write {nearest if most is None else min(nearest, most)}")
    return milliseconds
