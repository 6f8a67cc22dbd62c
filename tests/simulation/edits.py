"""Random schedules and random edits of them: one seed is one pair."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from horarium.clocks.simulated import SeededRandom
from horarium.control.preview_notes import parts
from horarium.core.errors import ScheduleTooSparse
from horarium.core.instants import EPOCH
from horarium.core.schedule.schedule import Schedule

SCHEDULE: TypeAdapter[Schedule] = TypeAdapter(Schedule)
TRIES = 20
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Chatham", "UTC", "America/Santiago")
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Edits:
    """`before` and `after`: a schedule, and what somebody makes of it."""

    def __init__(self, seed: int, start: datetime, *, dense: bool) -> None:
        self._chance = SeededRandom(seed)
        self._start = start
        for _ in range(TRIES):
            before = self._dense() if dense else self._any(composed=True)
            try:
                self.before = _read(before)
                self.after = _read(self._edited(before, dense=dense))
            except (ValidationError, ScheduleTooSparse):
                continue  # leaves out everything, or ends before it begins
            return
        raise AssertionError(f"{TRIES} edits in a row were refused")

    def _edited(self, was: dict[str, Any], *, dense: bool) -> dict[str, Any]:
        chance = self._chance
        how = chance.randrange(6)
        if dense:
            shifted = (self._start + timedelta(seconds=chance.randrange(1, 60))).isoformat()
            beside = {"kind": "every", "seconds": chance.choice((60, 120)), "anchor": shifted}
            return beside if how else {**was, **self._bounds()}
        if how == 0:
            return {**was, **self._bounds()}
        if how == 1 and was["kind"] in ("cron", "rrule"):
            return {**was, "timezone": chance.choice(ZONES)}
        if how == 2 and was["kind"] == "cron":
            return {**was, "expression": self._expression()}
        if how == 3 and was["kind"] == "cron":
            return {**was, **self._exceptions()}
        if how == 4 and was["kind"] != "any_of":
            return {"kind": "any_of", "schedules": [_bare(was), self._any(composed=False)]}
        return self._any(composed=True)

    def _any(self, *, composed: bool) -> dict[str, Any]:
        chance = self._chance
        zone = chance.choice(ZONES)
        made: dict[str, Any]
        match chance.randrange(6 if composed else 4):
            case 0:
                made = {"kind": "every", "seconds": chance.choice((21_600, 86_400, 100_000, 43_200.5))}
                made["anchor"] = (self._start - timedelta(hours=chance.randrange(60))).isoformat()
            case 1 | 2:
                made = {"kind": "cron", "expression": self._expression(), "timezone": zone}
                if chance.random() < 0.4:
                    made |= self._exceptions()
            case 3:
                rules = ("FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=DAILY;COUNT=9")
                begin = f"2027-03-{chance.randrange(10, 25)}T{chance.randrange(24):02}:30"
                made = {"kind": "rrule", "rule": chance.choice(rules), "start": begin, "timezone": zone}
            case 4:
                made = {"kind": "any_of", "schedules": [self._any(composed=False), self._any(composed=False)]}
            case _:
                soon = self._start + timedelta(hours=chance.randrange(1, 400))
                return {"kind": "once", "at": soon.isoformat(), "if_past": "run"}
        return {**made, **(self._bounds() if composed and chance.random() < 0.4 else {})}

    def _dense(self) -> dict[str, Any]:
        chance = self._chance
        if chance.random() < 0.5:
            return {"kind": "every", "seconds": chance.choice((60, 90, 300)), "anchor": self._start.isoformat()}
        expression = chance.choice(("* * * * *", "*/2 * * * *", "*/5 8-17 * * *"))
        return {"kind": "cron", "expression": expression, "timezone": chance.choice(ZONES)}

    def _expression(self) -> str:
        chance = self._chance
        minute, hour = chance.choice((0, 15, 30)), chance.choice(("2", "1,14", "9", "0", "23", "*/8"))
        days = chance.choice(("* * *", "* * MON-FRI", "1 * FRI", "*/2 * *", f"* * {chance.choice(WEEKDAYS)}"))
        return f"{minute} {hour} {days}"

    def _exceptions(self) -> dict[str, Any]:
        chance = self._chance
        lists: list[dict[str, Any]] = [
            {"kind": "weekdays", "days": chance.sample(DAY_NAMES, chance.randrange(1, 4))},
            {"kind": "holidays", "country": chance.choice(("DE", "US"))},
            {"kind": "dates", "dates": ["2027-03-27/2027-03-29", "2027-04-07"]},
        ]
        picked = chance.sample(lists, chance.randrange(1, 3))
        return {"except": picked, "roll": chance.choice(("none", "forward", "back"))}

    def _bounds(self) -> dict[str, Any]:
        chance = self._chance
        match chance.randrange(3):
            case 0:
                return {"max_occurrences": chance.randrange(1, 30)}
            case 1:
                return {"ends_at": (self._start + timedelta(hours=chance.randrange(1, 600))).isoformat()}
            case _:
                return {"starts_at": (self._start + timedelta(hours=chance.randrange(1, 600))).isoformat()}


def _bare(schedule: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schedule.items() if name != "max_occurrences"}


def _read(schedule: dict[str, Any]) -> Schedule:
    """Raises ValidationError, or ScheduleTooSparse for what can be written but is never due."""
    read = SCHEDULE.validate_json(to_json(schedule))
    for part in parts(read):
        if part.except_:
            part.next_due(EPOCH)
    return read
