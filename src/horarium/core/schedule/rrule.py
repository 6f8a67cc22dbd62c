"""RRULE text in a time zone.

The text is read by rrule_text, its readings are found by rrule_pattern, clock changes are met by reckoning.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from horarium.core.errors import BadSchedule
from horarium.core.instants import EPOCH
from horarium.core.schedule.bounds import Bounded, check_bounds, check_left_over
from horarium.core.schedule.local import read_extended, shown_extended
from horarium.core.schedule.reckoning import Reckoning
from horarium.core.schedule.rrule_pattern import Pattern
from horarium.core.schedule.rrule_text import Frequency, read_rrule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import OFFSET_MAX, on_whole_minutes, tzdata_version, zone

RULES_KEPT: Final = 4_096
LAST_SECOND: Final = 253_402_300_799


@dataclass(frozen=True, slots=True, kw_only=True)
class Rrule(Bounded):
    """The local sequence of RFC 5545 with `start` as its DTSTART, each reading put on the time line by the zone.

    `rule` is the text after "RRULE:". `start` is a local reading without offset; it fills in what the rule leaves open, is the
    beginning that intervals count from, and is itself due only where it fits the rule (as in dateutil; a calendar would show
    it in any case). COUNT counts readings, so two that a clock change merges use up two.
    A reading that the clock skips is due at the first instant after the gap, a repeated one on its first pass; `dst_gap` and
    `dst_fold` choose otherwise. Several readings on one instant are one occurrence.
    """

    kind: Literal["rrule"]
    rule: str
    start: str
    timezone: str
    dst_gap: Literal["run_after", "skip"] = "run_after"
    dst_fold: Literal["first", "both"] = "first"

    def __post_init__(self) -> None:
        """Raises BadValue or BadSchedule. Writes the rule in upper case and the start as "YYYY-MM-DDTHH:MM:SS"."""
        check_bounds(self)
        if self.rule.isascii():  # other letters may grow in upper case, and are refused where they stand
            object.__setattr__(self, "rule", self.rule.upper())
        object.__setattr__(self, "start", normal_start(self.start))
        self._reckoning()
        check_left_over(self)

    def grain_ms(self) -> int:
        read = read_rrule(self.rule)
        by_minute = read.frequency != Frequency.SECONDLY and not any(read.seconds) and self.start.endswith(":00")
        return 60_000 if by_minute and on_whole_minutes(self.timezone) else 1_000

    def _next(self, after: datetime) -> datetime | None:
        since = after - EPOCH
        second = self._reckoning().next(max(since.days * DAY + since.seconds + 1, 0))
        return None if second is None or second > LAST_SECOND else EPOCH + timedelta(seconds=second)

    def _last(self, through: datetime) -> datetime | None:
        since = through - EPOCH
        second = self._reckoning().last(since.days * DAY + since.seconds)
        return None if second is None else EPOCH + timedelta(seconds=second)

    def _count(self, after: datetime, through: datetime) -> int:
        first, last = after - EPOCH, through - EPOCH
        return self._reckoning().count(max(first.days * DAY + first.seconds + 1, 0), last.days * DAY + last.seconds)

    def _reckoning(self) -> Reckoning:
        return reckoning(self.rule, self.start, self.timezone, self.dst_gap, self.dst_fold)


@lru_cache(maxsize=RULES_KEPT)
def normal_start(start: str) -> str:
    """Raises BadSchedule("start", …)."""
    example = "write a local date and time of the rule's own zone, e.g. 2027-01-04T09:00:00"
    try:
        return shown_extended(read_extended(start))
    except ValueError as error:
        raise BadSchedule("start", str(error), example) from None


@lru_cache(maxsize=RULES_KEPT)
def read_rule(rule: str, start: str) -> Pattern:
    """The pattern of a rule. Raises BadSchedule, also for a rule that names no reading at all."""
    return Pattern(read_rrule(rule), read_extended(start))


@lru_cache(maxsize=RULES_KEPT)
def reckoning(rule: str, start: str, timezone: str, dst_gap: str, dst_fold: str) -> Reckoning:
    """Raises BadSchedule or BadValue. Also where every reading of the next 400 years is skipped by the clock changes."""
    pattern = read_rule(rule, start)
    made = Reckoning(pattern, zone(timezone), keep_skipped=dst_gap == "run_after", keep_repeated=dst_fold == "both")
    if not made.keep_skipped:
        # No clock is asked: what was due before the year of the zone database is of no use to a new task.
        release = datetime(int(tzdata_version()[:4]), 1, 1, tzinfo=EPOCH.tzinfo) - EPOCH
        begin = max(pattern.first - OFFSET_MAX, release.days * DAY)
        if pattern.next(begin + OFFSET_MAX) is not None and made.next(begin, cycles_max=2) is None:
            message = f"every such time is skipped by the clock changes of {timezone}"
            raise BadSchedule("rule", message, "name another time, or leave dst_gap out")
    return made
