"""What a schedule leaves out, and by what: which entry of `except` names a day or an instant, in words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, assert_never

from horarium.core.schedule import holiday_lists
from horarium.core.schedule.bounds import Bounded
from horarium.core.schedule.cron_days import EPOCH_ORDINAL
from horarium.core.schedule.day_lists import CalendarDays, Dates, DayList, Holidays, Weekdays
from horarium.core.schedule.describe import describe
from horarium.core.schedule.excluded import seconds
from horarium.core.schedule.schedule import Exclusion, Schedule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone
from horarium.core.schedule.zoned_days import ZonedDays

SENTENCE_SHOWN_MAX: Final = 100
TELLING: Final = (Holidays, CalendarDays, Dates, Weekdays)
"""Where several entries name one day, the first of these tells most."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that names an instant; `days` where it is a list of days, whose zone tells which day it is."""

    entry: Exclusion
    days: ZonedDays | None

    def day(self, instant: datetime) -> int | None:
        return None if self.days is None else self.days.zone.reading(seconds(instant)) // DAY

    def words(self, instant: datetime) -> str:
        """Why, e.g. "German Unity Day" or "a Sunday"."""
        return reason_words(self.entry, self.day(instant))


class Exclusions:
    """The entries of one schedule's `except`, to be asked one instant at a time."""

    def __init__(self, schedule: Schedule) -> None:
        lists = [part for part in schedule.except_ if isinstance(part, DayList)]
        lists.sort(key=lambda part: TELLING.index(type(part)))
        self.days = tuple(Hit(part, _zoned(schedule, part)) for part in lists)
        self.schedules = tuple(part for part in schedule.except_ if isinstance(part, Bounded))

    def hit(self, instant: datetime) -> Hit | None:
        """The entry that tells most about why this instant is left out."""
        second = seconds(instant)
        for hit in self.days:
            if hit.days is not None and hit.days.free_from(second) != second:
                return hit
        return self.hit_by_instant(instant)

    def hit_by_instant(self, instant: datetime) -> Hit | None:
        """The schedule among the entries that is due then."""
        return next((Hit(part, None) for part in self.schedules if part.names(instant)), None)

    def covers(self, instant: datetime) -> bool:
        return self.hit(instant) is not None


def _zoned(schedule: Schedule, part: DayList) -> ZonedDays:
    return ZonedDays(zone(schedule.day_zone(part) or ""), part.day_set())


def reason_words(entry: Exclusion, day: int | None) -> str:
    """What an entry says about a day; `day` is None for the entries that name instants."""
    match entry:
        case Holidays():
            assert day is not None
            found = date.fromordinal(day + EPOCH_ORDINAL)
            return holiday_lists.named(entry.country, entry.subdivision, found) or f"a holiday of {entry.country}"
        case CalendarDays():
            return f'calendar "{entry.name}"'
        case Dates():
            return "a listed date"
        case Weekdays():
            assert day is not None
            return f"a {date.fromordinal(day + EPOCH_ORDINAL):%A}"
        case Bounded():
            sentence = describe(entry)
            return (
                f"named by ({sentence if len(sentence) <= SENTENCE_SHOWN_MAX else sentence[:SENTENCE_SHOWN_MAX] + '…'})"
            )
        case _:
            assert_never(entry)
