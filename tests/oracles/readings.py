"""What python-dateutil makes of an RRULE on a wall clock without zone, as a second opinion.

Where it departs from RFC 5545 the rules it is asked must be chosen so that the two agree, and only there:
1. BYDAY with ordinals and plain weekdays side by side: it demands both at once, a list means either.
2. FREQ=WEEKLY with BYSETPOS: of the first week it sees the days from the start on only, a position counts in a whole week.
3. BYWEEKNO with no other part that names days: it takes all seven days of the week, not the weekday of the start.
4. BYWEEKNO=-53 and -52: a day in late December that belongs to week 1 of the next year is week 1 to it, never also the
   53rd or 52nd from that year's end.
5. BYWEEKNO=52 and 53: for the first days of January it reckons the number of weeks of the year before from the length of the
   year itself, and so takes the 52 weeks of 1982 for 53. The standard library's isocalendar is asked about these instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import prod
from types import SimpleNamespace

from dateutil import rrule as witness

YEARS_SEEN = {"YEARLY": 120, "MONTHLY": 40, "WEEKLY": 12, "DAILY": 12, "HOURLY": 4, "MINUTELY": 2, "SECONDLY": 2}
"""It walks on to the year 9999 where nothing comes, for seconds to hours; these are its calendars instead."""


def last_year_seen(rule: str, start: datetime) -> int:
    frequency = next(part for part in rule.split(";") if part.startswith("FREQ="))
    return start.year + YEARS_SEEN[frequency.removeprefix("FREQ=")]


def readings(rule: str, start: datetime, most: int) -> list[datetime]:
    """The first readings of the rule, `most` at most, up to the end of `last_year_seen`."""
    if _has_no_position(rule):
        return []
    last_year = last_year_seen(rule, start)
    with _calendar_until(last_year):
        try:
            found = list(islice(witness.rrulestr(rule, dtstart=start), most))
        except ValueError as refused:
            if "empty" not in str(refused):
                raise
            return []
    return [reading for reading in found if reading.year <= last_year]


EXPANDED_BY = {"HOURLY": ("BYMINUTE", "BYSECOND"), "MINUTELY": ("BYSECOND",), "SECONDLY": ()}


def _has_no_position(rule: str) -> bool:
    """The set of an hour, a minute or a second has fewer members than each position of BYSETPOS asks for. Then nothing comes
    (RFC 5545, 3.3.10), for which it would look at every second of its calendar."""
    parts = dict(part.split("=") for part in rule.split(";"))
    if "BYSETPOS" not in parts or parts["FREQ"] not in EXPANDED_BY:
        return False
    members = prod(len(parts[name].split(",")) for name in EXPANDED_BY[parts["FREQ"]] if name in parts)
    return all(abs(int(position)) > members for position in parts["BYSETPOS"].split(","))


@contextmanager
def _calendar_until(last_year: int) -> Iterator[None]:
    own = witness.datetime
    witness.datetime = SimpleNamespace(MAXYEAR=last_year, date=date, datetime=datetime, time=time, timedelta=timedelta)
    try:
        yield
    finally:
        witness.datetime = own
