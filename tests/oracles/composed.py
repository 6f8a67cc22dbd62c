"""Composed schedules by brute force, on sets: nothing of the product is imported.

Every instant of a wide window is written down, each is asked for its local date by the standard library, and dropped or moved
as the rules say. Schedules come as the JSON a person would send, with days of calendars and anchors filled in.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.oracles.clock import _placed, due_between, zone_info

DAY = timedelta(days=1)
MS = timedelta(milliseconds=1)
ROLLED_DAYS_MAX = 366
NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAY_LISTS = ("dates", "weekdays", "calendar", "holidays")

# Nationwide in Germany, by hand: Easter Sunday is 5 April 2026, 28 March 2027, 16 April 2028.
GERMANY = {date(year, *day) for year in (2026, 2027, 2028) for day in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))} | {
    date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25),
    date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17),
    date(2028, 4, 14), date(2028, 4, 17), date(2028, 5, 25), date(2028, 6, 5),
}  # fmt: skip


def due(schedule: dict[str, Any], first: datetime, last: datetime, *, reach: int = 0) -> set[datetime]:
    """All instants from `first` to `last`. `reach`: how many days an occurrence may be rolled at most, here."""
    roll = schedule.get("roll", "none")
    wide = reach * DAY + 2 * DAY if roll != "none" else 0 * DAY
    low, high = first - wide, last + wide
    found = rule(schedule, low, high, reach)
    exclusions = schedule.get("except", [])
    lists = [(one, one.get("timezone") or zone_of(schedule)) for one in exclusions if one["kind"] in DAY_LISTS]
    others = [one for one in exclusions if one["kind"] not in DAY_LISTS]
    if roll == "none":
        found = {at for at in found if not any(listed(one, local_date(at, zone)) for one, zone in lists)}
    elif lists:
        zone = lists[0][1]
        moved = {rolled(at, [one for one, _ in lists], zone, 1 if roll == "forward" else -1) for at in found}
        found = {at for at in moved if at is not None}
    for other in others:
        found -= due(other, low - DAY, high + DAY, reach=reach)
    begin = max([first, *map(instant, filter(None, [schedule.get("starts_at")]))])
    end = min([last, *map(instant, filter(None, [schedule.get("ends_at")]))])
    return {at for at in found if begin <= at <= end}


def rule(schedule: dict[str, Any], low: datetime, high: datetime, reach: int) -> set[datetime]:
    match schedule["kind"]:
        case "cron":
            ways = schedule.get("dst_gap", "run_after"), schedule.get("dst_fold", "first")
            return set(due_between(schedule["expression"], schedule["timezone"], low, high, *ways))
        case "every":
            at, period = instant(schedule["anchor"]), timedelta(seconds=schedule["seconds"])
            if at < low:
                at += (low - at) // period * period
            found = set()
            while at <= high:
                found.add(at)
                at += period
            return {one for one in found if one >= low}
        case "once":
            return {at for at in [instant(schedule["at"])] if low <= at <= high}
        case "any_of":
            return set().union(*(due(one, low, high, reach=reach) for one in schedule["schedules"]))
    raise AssertionError(schedule["kind"])


def rolled(at: datetime, lists: list[dict[str, Any]], zone: str, step: int) -> datetime | None:
    local = at.astimezone(zone_info(zone))
    for days in range(ROLLED_DAYS_MAX + 1):
        day = local.date() + step * days * DAY
        if not any(listed(one, day) for one in lists):
            if not days:
                return at
            return _placed(datetime.combine(day, local.time().replace(fold=0)), zone, "run_after", "first")[0]
    return None


def listed(days: dict[str, Any], day: date) -> bool:
    match days["kind"]:
        case "weekdays":
            return NAMES[day.weekday()] in days["days"]
        case "holidays":
            assert days["country"] == "DE"
            assert day.year in (2026, 2027, 2028)
            return day in GERMANY
        case kind:
            for text in days["dates" if kind == "dates" else "days"]:
                first, _, last = text.partition("/")
                if text.startswith("--"):
                    # As text, month and day are in the order of the calendar, 29 February among them.
                    begin, end, this = first[2:], (last or first)[2:], f"{day:%m-%d}"
                    if begin <= this <= end if begin <= end else this >= begin or this <= end:
                        return True
                elif date.fromisoformat(first) <= day <= date.fromisoformat(last or first):
                    return True
            return False


def zone_of(schedule: dict[str, Any]) -> str:
    (zone,) = zones_of(schedule)
    return zone


def zones_of(schedule: dict[str, Any]) -> set[str]:
    if schedule["kind"] == "any_of":
        return set().union(*map(zones_of, schedule["schedules"]))
    return {schedule["timezone"]} if "timezone" in schedule else set()


def local_date(at: datetime, zone: str) -> date:
    return at.astimezone(zone_info(zone)).date()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
