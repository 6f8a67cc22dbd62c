"""Cron text in a time zone. The text is read by cron_text, its readings found by cron_pattern, clock changes met by reckoning."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from horarium.core.errors import BadSchedule, BadValue
from horarium.core.instants import EPOCH
from horarium.core.schedule.bounds import Bounded, check_bounds, check_left_over
from horarium.core.schedule.cron_pattern import Pattern
from horarium.core.schedule.cron_text import read_cron
from horarium.core.schedule.cron_write import ALL_HOURS, ALL_SIXTY
from horarium.core.schedule.day_lists import ALL_YEARS, TWO_YEARS
from horarium.core.schedule.day_sets import DaySet
from horarium.core.schedule.reckoning import Reckoning
from horarium.core.schedule.yearly_days import CronDaySet
from horarium.core.schedule.zone import on_whole_minutes, tzdata_version, zone

READ_TEXTS_KEPT: Final = 4_096
MINUTE_MS: Final = 60_000
LAST_SECOND: Final = 253_402_300_799


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron(Bounded):
    """Wild (second, minute or hour begins with `*` or `?`): every instant whose local reading matches.

    Fixed: each named local time gives one instant; `dst_gap` and `dst_fold` say what a time gives that the clock skips or
    repeats.
    """

    kind: Literal["cron"]
    expression: str
    timezone: str
    dst_gap: Literal["run_after", "skip"] = "run_after"
    dst_fold: Literal["first", "both"] = "first"

    def __post_init__(self) -> None:
        check_bounds(self)
        self._reckoning()
        for field, value, default in (("dst_gap", self.dst_gap, "run_after"), ("dst_fold", self.dst_fold, "first")):
            if value != default and self.wild:
                message = (
                    "this text follows real time (its second, minute or hour begins with *): no time is moved or merged"
                )
                raise BadValue(field, message, f"leave {field} out, or name the times")
        check_left_over(self)

    @property
    def wild(self) -> bool:
        """Whether it follows real time through clock changes instead of the calendar."""
        return read_text(self.expression)[1]

    def _next(self, after: datetime) -> datetime | None:
        since = after - EPOCH
        second = self._reckoning().next(max(since.days * 86_400 + since.seconds + 1, 0))
        return None if second is None or second > LAST_SECOND else EPOCH + timedelta(seconds=second)

    def _last(self, through: datetime) -> datetime | None:
        since = through - EPOCH
        second = self._reckoning().last(since.days * 86_400 + since.seconds)
        return None if second is None else EPOCH + timedelta(seconds=second)

    def _count(self, after: datetime, through: datetime) -> int:
        first, last = after - EPOCH, through - EPOCH
        return self._reckoning().count(
            max(first.days * 86_400 + first.seconds + 1, 0), last.days * 86_400 + last.seconds
        )

    def grain_ms(self) -> int:
        on_minutes = read_text(self.expression)[0].seconds == 1 and on_whole_minutes(self.timezone)
        return MINUTE_MS if on_minutes else 1_000

    def whole_days(self, grain_ms: int) -> DaySet | None:
        """Every minute of days, or every second."""
        pattern, wild = read_text(self.expression)
        if not wild or (pattern.minutes, pattern.hours) != (ALL_SIXTY, ALL_HOURS):
            return None
        if not self.plain():
            return None
        every_second = pattern.seconds == ALL_SIXTY and grain_ms % 1_000 == 0
        every_minute = pattern.seconds & 1 and grain_ms % MINUTE_MS == 0 and on_whole_minutes(self.timezone)
        return CronDaySet(pattern.days) if every_second or every_minute else None

    def repeats_after(self) -> timedelta | None:
        """Each of the 14 kinds of a year comes within 28 years, each way of the clocks through a week within two."""
        return TWO_YEARS if read_text(self.expression)[0].days.weekly else ALL_YEARS

    def _reckoning(self) -> Reckoning:
        return reckoning(self.expression, self.timezone, self.dst_gap, self.dst_fold)


@lru_cache(maxsize=READ_TEXTS_KEPT)
def read_text(expression: str) -> tuple[Pattern, bool]:
    """The pattern of a cron text, and whether it is wild. Raises BadSchedule, also for a day that no year has."""
    text = read_cron(expression)
    pattern = Pattern(text)
    if not pattern.days.any():
        raise BadSchedule(
            "expression", "no year has such a day", "check the day of month against the month", text.column
        )
    return pattern, text.wild


@lru_cache(maxsize=READ_TEXTS_KEPT)
def reckoning(expression: str, timezone: str, dst_gap: str, dst_fold: str) -> Reckoning:
    """Raises BadSchedule or BadValue. Also for a text whose every time is skipped by the clock changes of the zone."""
    pattern, wild = read_text(expression)
    made = Reckoning(
        pattern,
        zone(timezone),
        keep_skipped=dst_gap == "run_after" and not wild,
        keep_repeated=dst_fold == "both" or wild,
    )
    if not made.keep_skipped and made.next(_release_second()) is None:
        raise BadSchedule(
            "expression", f"every such time is skipped by the clock changes of {timezone}", "name another time"
        )
    return made


def _release_second() -> int:
    """The start of the year of the zone database: no clock is asked, and what was due before is of no use to a new task."""
    return (datetime(int(tzdata_version()[:4]), 1, 1, tzinfo=EPOCH.tzinfo) - EPOCH).days * 86_400
