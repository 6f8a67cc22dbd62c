"""Time zones from the shipped IANA database (PyPI tzdata), never the system's: which offset holds from which second on.

Names are those of the database, exact in case. Refused are abbreviations, whether the database carries them as legacy
names (EST MST HST CET MET EET WET, EST5EDT CST6CDT MST7MDT PST8PDT) or not (PST, BST): they name an offset or a rule, not a
place whose rule can change with it. `Factory` is refused, it means "not set". UTC and its old names (GMT, UCT, Zulu,
Universal, Greenwich), Etc/* and the country names (Japan, Poland, PRC, W-SU) are accepted.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files

import tzdata

from horarium.core.errors import BadValue
from horarium.core.schedule.tzif import DAY, read_tzif

CYCLE = 146_097 * DAY
"""Seconds in 400 Gregorian years. Weekdays, months and yearly clock changes all repeat with it."""

ZONES_KEPT = 640
OFFSET_MAX = 26 * 3600
BEGINNING = -(1 << 60)
END = 1 << 60

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_TABLE_YEARS_END = 2551
TABLE_END = (date(_TABLE_YEARS_END, 1, 1).toordinal() - _EPOCH_ORDINAL) * DAY
"""The last span of a zone seems to go on for ever; what it answers from here on does not count."""


REGULAR_FROM = (date(2100, 1, 1).toordinal() - _EPOCH_ORDINAL) * DAY
"""From here on no zone lists single changes: only its yearly rule is left, so that time can be folded by CYCLE."""

_ABBREVIATIONS = {
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "EST5EDT": "America/New_York",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "CST6CDT": "America/Chicago",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "MST7MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "PST8PDT": "America/Los_Angeles",
    "HST": "Pacific/Honolulu",
    "CET": "Europe/Berlin",
    "CEST": "Europe/Berlin",
    "MET": "Europe/Berlin",
    "MEZ": "Europe/Berlin",
    "EET": "Europe/Athens",
    "EEST": "Europe/Athens",
    "WET": "Europe/Lisbon",
    "WEST": "Europe/Lisbon",
    "BST": "Europe/London",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
    "NZST": "Pacific/Auckland",
    "NZDT": "Pacific/Auckland",
    "MSK": "Europe/Moscow",
}


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """Spans of constant offset, complete to the year 2550 (later instants are folded back by CYCLE).

    A *reading* is what the wall clock shows, counted as seconds since 1970 of that clock. Span i holds for the seconds
    `starts[i] <= t < starts[i + 1]`, in which the reading is `t + offsets[i]`. Every reading below `reached[i]` was on the
    clock, or was skipped by it, before span i began.
    """

    name: str
    starts: tuple[int, ...]
    offsets: tuple[int, ...]
    reached: tuple[int, ...]

    def span(self, second: int) -> int:
        """The index of the span that holds this second."""
        return bisect_right(self.starts, second) - 1

    def end(self, span: int) -> int:
        """The first second after the span."""
        return self.starts[span + 1] if span + 1 < len(self.starts) else END

    def reading(self, second: int) -> int:
        """What the wall clock shows at that second."""
        cycles, second = folded(second)
        return second + self.offsets[self.span(second)] + cycles * CYCLE

    def second(self, reading: int) -> int:
        """The first second at which the clock has come to `reading`: its first pass, or the end of the gap it falls into."""
        cycles, reading = folded(reading)
        i = self.span(reading - OFFSET_MAX)
        while reading >= self.end(i) + self.offsets[i]:
            i += 1
        return max(self.starts[i], reading - self.offsets[i]) + cycles * CYCLE


def folded(second: int) -> tuple[int, int]:
    """(cycles, second): the same second as cycles of 400 years and a second that the tables hold."""
    cycles = max(0, (second - REGULAR_FROM) // CYCLE)
    return cycles, second - cycles * CYCLE


def tzdata_version() -> str:
    """The release of the IANA database that all answers come from, e.g. "2026f"."""
    return str(tzdata.IANA_VERSION)


@cache
def names() -> tuple[str, ...]:
    """Every name that `zone` accepts, sorted."""
    listed = files("tzdata").joinpath("zones").read_text("ascii").split()
    return tuple(sorted(name for name in listed if name not in _ABBREVIATIONS and name != "Factory"))


def abbreviations() -> dict[str, str]:
    """Abbreviations that people write for a zone → a place that keeps it."""
    return _ABBREVIATIONS


@lru_cache(maxsize=ZONES_KEPT)
def zone(name: str) -> Zone:
    """The zone of that name. Raises BadValue("timezone", …) naming the nearest for anything else."""
    if name not in names():
        raise _unknown(name)
    data = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    return _spans(name, data)


def _spans(name: str, data: bytes) -> Zone:
    offset, changes, rule = read_tzif(data)
    if rule is not None:
        last = changes[-1][0] if changes else 0
        first_year = date.fromordinal(last // DAY + _EPOCH_ORDINAL).year
        years = range(first_year, _TABLE_YEARS_END)
        changes += [change for year in years for change in rule.changes(year) if change[0] > last]
    starts, offsets, reached = [BEGINNING], [offset], [BEGINNING]
    for start, offset in changes:
        if offset != offsets[-1]:
            reached.append(max(reached[-1], start + offsets[-1]))
            starts.append(start)
            offsets.append(offset)
    return Zone(name, tuple(starts), tuple(offsets), tuple(reached))


def _unknown(name: str) -> BadValue:
    upper = name.upper()
    if upper in _ABBREVIATIONS:
        return BadValue(
            "timezone",
            f"{name} is an abbreviation; it does not say whose clock changes to follow",
            f"name a place, e.g. {_ABBREVIATIONS[upper]}",
        )
    by_upper = {known.upper(): known for known in names()}
    near = [by_upper[match] for match in get_close_matches(upper[:60], by_upper, n=3, cutoff=0.6)]
    if upper in by_upper:
        remedy = f"write {by_upper[upper]}"
    elif near:
        remedy = f"did you mean {' or '.join(near)}?"
    else:
        remedy = "use a name such as Europe/Berlin or UTC"
    return BadValue("timezone", f"{name[:60]!r} is no time zone of the IANA database", remedy)


@lru_cache(maxsize=ZONES_KEPT)
def on_whole_minutes(name: str) -> bool:
    """Whether its clock begins every minute with one of UTC, from 1970 on. (Liberia's did not until 1972.)"""
    clock = zone(name)
    first = clock.span(0)
    return not any(second % 60 for second in (*clock.offsets[first:], *clock.starts[first + 1 :]))
