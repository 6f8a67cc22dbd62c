"""When cron would run what, found the long way: walk every minute and ask each line whether the clock on the wall matches.

Written from the manual and from the rules of clock changes, and from nothing of horarium: it shares no code and no idea with
the product, which never walks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
SHORT = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]


@dataclass(frozen=True)
class Line:
    """One command line of a crontab: its number, its five fields."""

    number: int
    fields: tuple[str, ...]

    @property
    def wild(self) -> bool:
        return self.fields[0].startswith("*") or self.fields[1].startswith("*")

    def matches(self, wall: datetime) -> bool:
        minute, hour, day, month, weekday = self.fields
        if not (matches(minute, wall.minute, 0, 59) and matches(hour, wall.hour, 0, 23)):
            return False
        if not matches(month, wall.month, 1, 12, MONTHS):
            return False
        by_date = matches(day, wall.day, 1, 31)
        sunday_first = wall.isoweekday() % 7
        by_weekday = any(
            matches(weekday, value, 0, 7, DAYS) for value in ({0, 7} if sunday_first == 0 else {sunday_first})
        )
        if day.startswith("*") or weekday.startswith("*"):
            return by_date and by_weekday
        return by_date or by_weekday


def matches(field: str, value: int, low: int, high: int, names: list[str] | None = None) -> bool:
    return any(matches_item(item, value, low, high, names) for item in field.split(","))


def matches_item(item: str, value: int, low: int, high: int, names: list[str] | None) -> bool:
    span, _, step = item.partition("/")
    if span == "*":
        first, last = low, high
    elif "-" in span:
        first, last = (number(text, low, names) for text in span.split("-"))
    else:
        first = last = number(span, low, names)
    return first <= value <= last and (value - first) % int(step or "1") == 0


def number(text: str, low: int, names: list[str] | None) -> int:
    return names.index(text.lower()) + low if names is not None and text.isalpha() else int(text)


def lines(crontab: str) -> Iterator[Line]:
    """Its command lines. Settings, comments and blank lines are passed over."""
    for number_of_line, text in enumerate(crontab.splitlines(), 1):
        words = text.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] in SHORT:
            yield Line(number_of_line, tuple(SHORT[words[0]].split()))
        elif words[0][0] in "*0123456789":
            yield Line(number_of_line, tuple(words[:5]))


def due(line: Line, zone: ZoneInfo, after: datetime, through: datetime) -> list[datetime]:
    """The minutes of (after, through] at which `line` is due, in UTC.

    A line whose minute or hour begins with * is due whenever the wall shows a match. Any other is due once for each time
    that it names: when the wall first comes to it, or past it where the clock jumps forward.
    """
    found = []
    moment = after.astimezone(UTC) - timedelta(days=1)
    reached = wall_at(moment, zone)
    while moment < through:
        moment += MINUTE
        wall = wall_at(moment, zone)
        if line.wild:
            is_due = line.matches(wall)
        else:
            passed = (wall - reached) // MINUTE
            is_due = any(line.matches(reached + MINUTE * (i + 1)) for i in range(passed))
        reached = max(reached, wall)
        if is_due and moment > after:
            found.append(moment)
    return found


def wall_at(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows, without its zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
