"""Every zone, each of its clock changes from 1990 to 2037, and the schedules people have: against a reading of the clock."""

from datetime import datetime

import pytest

from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.zone import names, zone
from tests.oracles.clock import DAY, SECOND, changes, due_between
from tests.properties.clock_checks import MILLISECOND, check, cron
from tests.sizes import size

FIRST_YEAR, LAST_YEAR = 1990, 2037
FIXED = 3
"""So many of the texts follow the calendar, as recurrence rules do."""


def clocks() -> list[str]:
    """One name for each different clock: all of them in proof, every twelfth on an ordinary day."""
    different = {(zone(name).starts, zone(name).offsets): name for name in reversed(names())}
    return sorted(different.values())[:: size(12, 1)]


def texts(at: datetime, name: str) -> list[str]:
    """Daily, weekly and monthly at the very time that the change skips or repeats, then by the hour and by seven minutes."""
    place = zone(name)
    second = round(at.timestamp())
    before, after = place.reading(second - 1) + 1, place.reading(second)
    inside = (min(before, after) + max(before, after)) // 2
    minute, hour, day = inside // 60 % 60, inside // 3600 % 24, inside // 86_400
    weekday = (day + 4) % 7  # 1970-01-01 was a Thursday
    of_month = datetime.fromtimestamp(inside, at.tzinfo).day
    time = f"{minute} {hour}"
    return [f"{time} * * *", f"{time} * * {weekday}", f"{time} {of_month} * *", "0 * * * *", "*/7 * * * *"]


def rule(text: str) -> str:
    """The recurrence rule that names the readings of a fixed cron text."""
    minute, hour, day, _, weekday = text.split()
    time = f"BYHOUR={hour};BYMINUTE={minute};BYSECOND=0"
    if day != "*":
        return f"FREQ=MONTHLY;BYMONTHDAY={day};{time}"
    if weekday != "*":
        return f"FREQ=WEEKLY;BYDAY={['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'][int(weekday)]};{time}"
    return f"FREQ=DAILY;{time}"


def rrule_check(text: str, name: str, after: datetime) -> None:
    schedule = Rrule(kind="rrule", rule=rule(text), start="1970-01-03T00:00:00", timezone=name)
    through = after + 2 * DAY
    expected = due_between(text, name, after + MILLISECOND, through)
    dues, due = [], schedule.next_due(after)
    while due is not None and due <= through:
        dues.append(due)
        due = schedule.next_due(due)
    assert dues == expected
    assert schedule.count(after, through) == len(expected)
    assert (schedule.last_due(through) if expected else None) == (expected[-1] if expected else None)


@pytest.mark.parametrize("name", clocks())
def test_what_people_schedule_around_every_change(name: str) -> None:
    for at in changes(name, FIRST_YEAR, LAST_YEAR)[:: size(8, 1)]:
        for text in texts(at, name):
            check(cron(text, name), at - DAY - SECOND)
        for text in texts(at, name)[:FIXED]:
            rrule_check(text, name, at - DAY - SECOND)
