"""Lists of days that a schedule shares with others: named calendars, and the holidays of a library.

The days that hold are written into the schedule when its task is saved, so that planning asks nobody. Pure: whoever knows the
calendars gives them. Such a list may stand at any depth: in `except`, in the members of `any_of`, and in theirs.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, TypeAlias, TypeVar

from horarium.core.schedule.bounds import Bounded
from horarium.core.schedule.day_lists import CalendarDays, Holidays

S = TypeVar("S", bound=Bounded)
Shared: TypeAlias = CalendarDays | Holidays
Fill: TypeAlias = Callable[[str, Shared], Shared]
"""From where a list stands ("except.0") and the list to what shall stand there."""

HOLIDAYS: Final = "holidays"
CALENDAR: Final = "calendar:"


def list_name(shared: Shared) -> str:
    """Under which name the books keep which tasks use it."""
    return CALENDAR + shared.name if isinstance(shared, CalendarDays) else HOLIDAYS


def shared_lists(schedule: Bounded, at: str = "") -> Iterator[tuple[str, Shared]]:
    """Every shared list with its place, in the order of the document. Nesting is bounded by the schedule itself."""
    for name, parts in _parts(schedule):
        for index, part in enumerate(parts):
            place = f"{at}{name}.{index}"
            if isinstance(part, CalendarDays | Holidays):
                yield place, part
            elif isinstance(part, Bounded):
                yield from shared_lists(part, f"{place}.")


def uses_lists(schedule: Bounded) -> bool:
    """Whether there is any."""
    return next(shared_lists(schedule), None) is not None


def with_lists(schedule: S, fill: Fill, at: str = "") -> S:
    """The same schedule with what `fill` makes of each shared list; the very same where there is none."""
    changed: dict[str, Any] = {}
    for name, parts in _parts(schedule):
        made = tuple(_filled(part, fill, f"{at}{name}.{index}") for index, part in enumerate(parts))
        if any(new is not old for new, old in zip(made, parts, strict=True)):
            changed[_member(name)] = made
    return replace(schedule, **changed) if changed else schedule


def marks(schedule: Bounded) -> frozenset[tuple[str, str]]:
    """Which lists it uses, each with the version that holds."""
    return frozenset((list_name(shared), str(shared.version)) for _, shared in shared_lists(schedule))


def bare(schedule: S) -> S:
    """As a person wrote it: without the days of calendars and without versions."""
    return with_lists(schedule, _bare)


def same_rule(one: Bounded, other: Bounded) -> bool:
    """Whether a person wrote the same, whatever the lists of others hold."""
    return one == other or (uses_lists(one) and bare(one) == bare(other))


def without_days(schedule: S) -> S:
    """To be shown: which calendar in which version, not its days."""
    return with_lists(schedule, _without_days)


def _parts(schedule: Bounded) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if schedule.except_:
        yield "except", schedule.except_
    members = getattr(schedule, "schedules", ())
    if members:
        yield "schedules", members


def _member(name: str) -> str:
    return "except_" if name == "except" else name


def _filled(part: Any, fill: Fill, at: str) -> Any:
    if isinstance(part, CalendarDays | Holidays):
        return fill(at, part)
    return with_lists(part, fill, f"{at}.") if isinstance(part, Bounded) else part


def _bare(at: str, shared: Shared) -> Shared:
    if isinstance(shared, CalendarDays):
        return replace(shared, version=None, days=None)
    return replace(shared, version=None)


def _without_days(at: str, shared: Shared) -> Shared:
    return replace(shared, days=None) if isinstance(shared, CalendarDays) else shared
