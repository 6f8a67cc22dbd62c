"""What is due, found by brute force: nothing of the product is imported, the standard library's zones walk the clock.

Wild texts: every minute of real time is looked at, and its reading compared. Fixed texts: every local time is written down
from the calendar, and each put on the time line by the rules of PEP 495. Slow and plain on purpose.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


@cache
def zone_info(name: str) -> ZoneInfo:
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@cache
def changes(name: str, first_year: int, last_year: int) -> tuple[datetime, ...]:
    """The instants at which the zone's offset changes."""
    found = []
    at, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while at < end:
        following = at + 5 * DAY
        if offset(name, at) != offset(name, following):
            found.append(_change_between(name, at, following))
        at = following
    return tuple(found)


def offset(name: str, at: datetime) -> timedelta:
    delta = at.astimezone(zone_info(name)).utcoffset()
    assert delta is not None
    return delta


def due_between(
    text: str, zone: str, first: datetime, last: datetime, dst_gap: str = "run_after", dst_fold: str = "first"
) -> list[datetime]:
    """All due instants from `first` to `last`, both included, by the text's own rule."""
    rule = Rule.read(text)
    if rule.wild:
        found = set(_walk(rule, zone, first, last))
    else:
        day, stop = (first - 3 * DAY).date(), (last + 3 * DAY).date()
        found = set()
        while day <= stop:
            if rule.names_day(day):
                for reading in rule.readings(day):
                    found.update(_placed(reading, zone, dst_gap, dst_fold))
            day += DAY
    return sorted(at for at in found if first <= at <= last)


@dataclass(frozen=True)
class Rule:
    """A cron text taken apart, each field kept as its list of items."""

    seconds: set[int]
    minutes: set[int]
    hours: set[int]
    day_items: list[str]
    months: set[int]
    weekday_items: list[str]
    wild: bool

    @staticmethod
    def read(text: str) -> "Rule":
        fields = text.upper().split()
        if len(fields) == 5:
            fields = ["0", *fields]
        second, minute, hour, day, month, weekday = fields
        return Rule(
            seconds=_values(second, 0, 59, []),
            minutes=_values(minute, 0, 59, []),
            hours=_values(hour, 0, 23, []),
            day_items=day.split(","),
            months=_values(month, 1, 12, ["", *MONTHS]),
            weekday_items=weekday.split(","),
            wild=any(field[0] in "*?" for field in (second, minute, hour)),
        )

    def readings(self, day: date) -> Iterator[datetime]:
        for hour in sorted(self.hours):
            for minute in sorted(self.minutes):
                for second in sorted(self.seconds):
                    yield datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 -- a reading

    def names_day(self, day: date) -> bool:
        by_date = any(_is_day(item, day) for item in self.day_items)
        by_weekday = any(_is_weekday(item, day) for item in self.weekday_items)
        together = self.day_items[0][0] in "*?" or self.weekday_items[0][0] in "*?"
        return day.month in self.months and (by_date and by_weekday if together else by_date or by_weekday)


def _walk(rule: Rule, zone: str, first: datetime, last: datetime) -> Iterator[datetime]:
    info = zone_info(zone)
    at = first.replace(second=0, microsecond=0)
    while at <= last:
        local = at.astimezone(info)
        step = MINUTE
        if local.second:  # an offset with seconds: look at each of them
            step = SECOND
            if local.second in rule.seconds and _fits(rule, local):
                yield at
        elif _fits(rule, local):
            for second in rule.seconds:
                if (at + second * SECOND).astimezone(info).second == second:
                    yield at + second * SECOND
        at += step


def _fits(rule: Rule, local: datetime) -> bool:
    return local.minute in rule.minutes and local.hour in rule.hours and rule.names_day(local.date())


def _placed(reading: datetime, zone: str, dst_gap: str, dst_fold: str) -> list[datetime]:
    info = zone_info(zone)
    first, second = (reading.replace(tzinfo=info, fold=fold).astimezone(UTC) for fold in (0, 1))
    passes = sorted({at for at in (first, second) if at.astimezone(info).replace(tzinfo=None, fold=0) == reading})
    if passes:
        return passes if dst_fold == "both" else passes[:1]
    return [_change_between(zone, second, first)] if dst_gap == "run_after" else []


def _change_between(zone: str, before: datetime, after: datetime) -> datetime:
    """The first second of the offset that holds at `after`, where it changes once in between."""
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if offset(zone, before + middle * SECOND) == offset(zone, after):
            high = middle
        else:
            low = middle
    return before + high * SECOND


def _values(field: str, low: int, high: int, names: list[str]) -> set[int]:
    found: set[int] = set()
    for item in field.split(","):
        span, _, step = item.partition("/")
        if span in ("*", "?"):
            begin, end = low, high
        else:
            left, dash, right = span.partition("-")
            begin = _value(left, names)
            end = _value(right, names) if dash else (high if step else begin)
        found.update(range(begin, end + 1, int(step or 1)))
    return found


def _value(word: str, names: list[str]) -> int:
    return names.index(word) if word in names else int(word)


def _is_day(item: str, day: date) -> bool:
    length = monthrange(day.year, day.month)[1]
    if item == "L":
        return day.day == length
    if item == "LW":
        later = [date(day.year, day.month, other) for other in range(day.day + 1, length + 1)]
        return day.weekday() < 5 and all(other.weekday() >= 5 for other in later)
    if item.endswith("W"):
        wanted = int(item[:-1])
        if wanted > length or day.weekday() >= 5:
            return False
        workdays = [d for d in range(1, length + 1) if date(day.year, day.month, d).weekday() < 5]
        return day.day == min(workdays, key=lambda d: (abs(d - wanted), d))
    return day.day in _values(item, 1, 31, [])


def _is_weekday(item: str, day: date) -> bool:
    ours = day.isoweekday() % 7
    if "#" in item:
        name, _, nth = item.partition("#")
        return ours == _value(name, WEEKDAYS) % 7 and (day.day + 6) // 7 == int(nth)
    if item.endswith("L"):
        return ours == _value(item[:-1], WEEKDAYS) % 7 and (day + 7 * DAY).month != day.month
    if item.endswith("-SUN") and not item.startswith("SUN"):
        item = item.replace("-SUN", "-7")
    return ours in {value % 7 for value in _values(item, 0, 7, WEEKDAYS)}
