"""What a preview says beside the instants: one clear sentence each, and the words for days that all of them use."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.cron_days import EPOCH_ORDINAL
from horarium.core.schedule.excluded import seconds
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone

UTC_NAME: Final = "UTC"

NoteKind: TypeAlias = Literal[
    "moved",
    "merged",
    "left_out",
    "repeated",
    "rolled",
    "excluded",
    "never",
    "passed",
    "ends",
    "either_day",
    "crowded",
    "tight",
    "forgotten",
    "clock_change",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`at`: the instant it speaks of, a clock change, a due instant or one that is left out; None where it speaks of all."""

    kind: NoteKind
    at: datetime | None
    text: str


def day_zone(schedule: Schedule) -> str:
    """The zone in whose days a schedule is spoken of: the one of its rule, UTC where it has none or several."""
    zones = schedule.zones()
    return next(iter(zones)) if len(zones) == 1 else UTC_NAME


def local_day(instant: datetime, timezone: str) -> int:
    """The day that a clock there shows, counted from 1970-01-01."""
    return zone(timezone).reading(seconds(instant)) // DAY


def day_words(day: int) -> str:
    """ "Mon 4 Oct 2027", of a day counted from 1970-01-01. East of Greenwich the last instant of all lies in a year that no
    calendar here holds: it is shown as the day before."""
    found = date.fromordinal(min(day + EPOCH_ORDINAL, date.max.toordinal()))
    return f"{found:%a} {found.day} {found:%b} {found.year:04}"


def instant_words(instant: datetime, timezone: str) -> str:
    """ "Mon 4 Oct 2027, 09:00", as a clock there shows it; seconds only where there are some."""
    day, time = divmod(zone(timezone).reading(seconds(instant)), DAY)
    return f"{day_words(day)}, {clock_words(time)}"


def clock_words(time: int) -> str:
    """ "09:00" of seconds after midnight."""
    hour, rest = divmod(time, 3600)
    minute, second = divmod(rest, 60)
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def parts(schedule: Schedule) -> Iterator[Schedule]:
    """The schedule and, of an any_of, its members at all depths; not what they leave out."""
    yield schedule
    if isinstance(schedule, AnyOf):
        for member in schedule.schedules:
            yield from parts(member)


def zoned_parts(schedule: Schedule) -> list[Cron | Rrule]:
    """Those among the parts that follow a wall clock."""
    return [part for part in parts(schedule) if isinstance(part, Cron | Rrule)]
