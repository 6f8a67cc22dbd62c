"""Shorthand for the tests of RRULE schedules."""

from datetime import UTC, datetime
from typing import Any

from horarium.core.schedule.rrule import Rrule

BEFORE = datetime(1990, 1, 1, tzinfo=UTC)


def rrule(rule: str, start: str = "1997-09-02T09:00:00", timezone: str = "America/New_York", **more: Any) -> Rrule:
    return Rrule(kind="rrule", rule=rule, start=start, timezone=timezone, **more)


def at(text: str) -> datetime:
    """ "2027-03-14T07:00" in UTC."""
    return datetime.fromisoformat(f"{text}:00+00:00")
