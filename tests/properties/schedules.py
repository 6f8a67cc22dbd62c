"""Random schedules of every kind, nested, with bounds and exceptions, that the definitions accept."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from horarium.core.errors import BadValue
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays, Dates, Holidays, Weekdays
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.rrule import Rrule
from tests.properties.cron_texts import HARD_ZONES

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEK: tuple[Any, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
YEARLY_DAYS = ("BYMONTHDAY=1", "BYMONTHDAY=15,-1", "BYDAY=4TH", "BYDAY=MO")
NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
WAYS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"dst_gap": "skip"},
    {"dst_fold": "both"},
    {"dst_gap": "skip", "dst_fold": "both"},
)
# seconds at or near clock changes of Berlin, New York and Lord Howe in 2027
CHANGES = (1_806_109_200, 1_824_858_000, 1_804_921_200, 1_825_480_800, 1_806_764_400, 1_821_884_400)
TRIES = 50
LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def schedule(rng: Random) -> Any:
    """A schedule of any kind. What the definitions refuse (a day that no year has, too many instants) is drawn again."""
    for _ in range(TRIES):
        make = rng.choice((_simple, _simple, _excepted, _several, _times_of_a_day))
        try:
            return make(rng)
        except BadValue:
            continue
    raise AssertionError(f"{TRIES} schedules in a row were refused")


def _simple(rng: Random) -> Any:
    kind, members = _rule(rng)
    return kind(**members, **_bounds(rng))


def _excepted(rng: Random) -> Any:
    kind, members = _rule(rng)
    return kind(**members, **_bounds(rng), **_exceptions(rng))


def _several(rng: Random, depth: int = 1) -> Any:
    inside = [_simple, _simple, _excepted, _several if depth else _simple]
    members = []
    for _ in range(rng.randint(1, 3)):
        make = rng.choice(inside)
        members.append(_several(rng, depth - 1) if make is _several else make(rng))
    beside = _exceptions(rng) if rng.random() < 0.5 else {}
    return AnyOf(kind="any_of", schedules=tuple(members), **_bounds(rng), **beside)


def _times_of_a_day(rng: Random) -> Any:
    """What a list of times gives, in whatever order."""
    zone, days = rng.choice(HARD_ZONES), rng.choice(["* * *", "* * 1-5", "1,15 * *", "15 * 1#2"])
    times = [(rng.randint(0, 59), rng.randint(0, 23)) for _ in range(rng.randint(2, 4))]
    members = (Cron(kind="cron", expression=f"{minute} {hour} {days}", timezone=zone) for minute, hour in times)
    return AnyOf(kind="any_of", schedules=tuple(members), **_bounds(rng))


def _rule(rng: Random) -> tuple[type[Any], dict[str, Any]]:
    """A kind and the members of its rule."""
    kind = rng.choice((Cron, Cron, Cron, Rrule, Once, Every))
    if kind is Cron:
        return Cron, {
            "kind": "cron",
            "expression": cron_text(rng),
            "timezone": rng.choice(HARD_ZONES),
            **rng.choice(WAYS),
        }
    if kind is Rrule:
        start = datetime.fromtimestamp(rng.randint(946_684_800, 2_208_988_800), UTC).isoformat()[:19]
        where = {"start": start, "timezone": rng.choice(HARD_ZONES), **rng.choice(WAYS)}
        return Rrule, {"kind": "rrule", "rule": _rrule(rng), **where}
    if kind is Once:
        return Once, {"kind": "once", "at": _instant(rng), "if_past": rng.choice([None, None, "run"])}
    return Every, {"kind": "every", "seconds": _length(rng, 10**9), "anchor": rng.choice([None, _instant(rng)])}


def cron_text(rng: Random) -> str:
    """Every part of the grammar now and then, wild and fixed."""
    days = rng.choice(("*", "*", _field(rng, 1, 31), _listed(rng, lambda: _date_item(rng))))
    months = rng.choice(("*", "*", "*", _field(rng, 1, 12)))
    weekdays = rng.choice(("*", "*", _field(rng, 0, 7), _listed(rng, lambda: _weekday_item(rng))))
    minutes = rng.choice((_few(rng, 0, 59), _few(rng, 0, 59), _field(rng, 0, 59)))
    hours = rng.choice((_few(rng, 0, 23), "*", "0-23", _field(rng, 0, 23)))
    seconds = rng.choice(("", "", "", _few(rng, 0, 59), "*", "0", "*/20"))
    return " ".join([seconds, minutes, hours, days, months, weekdays]).strip()


def _field(rng: Random, low: int, high: int) -> str:
    shape = rng.randrange(6)
    if shape == 0:
        return rng.choice("*?")
    if shape == 1:
        return f"*/{rng.randint(1, high + 3)}"
    return _listed(rng, lambda: _item(rng, low, high))


def _item(rng: Random, low: int, high: int) -> str:
    first, last = sorted((rng.randint(low, high), rng.randint(low, high)))
    step = rng.randint(1, high + 3)
    return rng.choice((str(first), f"{first}-{last}", f"{first}-{last}/{step}", f"{first}/{step}", "*/2"))


def _date_item(rng: Random) -> str:
    return rng.choice(("L", "LW", f"{rng.randint(1, 31)}W", str(rng.randint(1, 31)), "1", "*/9"))


def _weekday_item(rng: Random) -> str:
    name = rng.choice((rng.choice(NAMES), str(rng.randint(0, 7))))
    return rng.choice((name, f"{name}#{rng.randint(1, 5)}", f"{name}L", "FRI-SUN", "*/3"))


def _listed(rng: Random, item: Any) -> str:
    return ",".join(item() for _ in range(rng.randint(1, 3)))


def _few(rng: Random, low: int, high: int) -> str:
    return ",".join(str(rng.randint(low, high)) for _ in range(rng.randint(1, 3)))


def _rrule(rng: Random) -> str:
    every = rng.randint(2, 30)
    days = ",".join(rng.sample(RULE_DAYS, rng.randint(1, 5)))
    numbers = ",".join(str(rng.randint(1, 31)) for _ in range(rng.randint(1, 3)))
    nth = f"{rng.choice((1, 2, 3, 4, 5, -1, -2, -3, -5))}{rng.choice(RULE_DAYS)}"
    steps = f"FREQ={rng.choice(('HOURLY', 'HOURLY', 'MINUTELY'))};INTERVAL={rng.randint(30, 400)}"
    positions = rng.choice(("1", "2", "-1", "-2", "3,-3"))
    of_year = ",".join(str(rng.randint(1, 366) * rng.choice((1, 1, -1))) for _ in range(rng.randint(1, 3)))
    interval = rng.choice(("", "", f";INTERVAL={every}"))
    tail = rng.choice(("", "", "", ";COUNT=7", ";UNTIL=20300101T000000", ";WKST=SU", ";BYHOUR=17,9", ";BYMONTH=3,1"))
    return rng.choice(
        (
            f"FREQ=WEEKLY;INTERVAL={every};BYDAY={days}{tail}",
            f"FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={numbers}{tail}",
            f"INTERVAL={rng.randint(2, 400)};FREQ=DAILY{tail}",
            f"FREQ={rng.choice(('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY', 'HOURLY'))}{interval}{tail}",
            f"FREQ=MONTHLY;BYDAY={nth}{tail}",
            f"FREQ=MONTHLY;BYMONTHDAY={numbers},-1;BYDAY={days}{tail}",
            f"FREQ=MONTHLY{interval};BYDAY={rng.choice(('MO,TU,WE,TH,FR', 'SA,SU'))};BYSETPOS={positions}{tail}",
            f"FREQ=MONTHLY{interval};BYMONTHDAY={numbers},-{rng.randint(1, 31)}{tail}",
            f"FREQ=YEARLY{interval};BYYEARDAY={of_year}{tail}",
            f"{steps}{tail}",
            f"FREQ=YEARLY{interval};BYMONTH={rng.choice(('2', '9,3'))};{rng.choice(YEARLY_DAYS)}",
            f"FREQ=MONTHLY;BYDAY={days};BYSETPOS={rng.choice((1, 2, -1))}{tail}",
        )
    )


def _instant(rng: Random) -> datetime:
    return EPOCH + timedelta(
        milliseconds=rng.choice(
            (
                rng.randint(0, 8_000_000_000) * 1000,
                rng.randint(400_000, 700_000) * 3_600_000,
                rng.randint(400_000, 700_000) * 3_600_000 - 1,
                rng.randint(0, 8_000_000_000_000),
                (rng.choice(CHANGES) + rng.randint(-7200, 7200)) * 1000,
                (rng.choice(CHANGES) + rng.randint(-2, 2) * 1800) * 1000 - 1,
            )
        )
    )


def _length(rng: Random, most: int) -> int | float:
    return rng.choice(
        (
            rng.randint(1, most),
            rng.randint(1, most // 3600) * 3600,
            rng.randint(1, most // 60) * 60,
            rng.randint(1000, 100_000) / 1000,
            float(rng.randint(1, 100)),
        )
    )


def _bounds(rng: Random) -> dict[str, Any]:
    """Mostly none."""
    made: dict[str, Any] = {}
    if rng.random() < 0.5:
        return made
    start = _instant(rng)
    if rng.random() < 0.5:
        made["starts_at"] = start
    if rng.random() < 0.5:
        made["ends_at"] = start + timedelta(milliseconds=rng.choice((rng.randint(0, 10**10), 86_400_000 * 30)))
    if rng.random() < 0.4:
        made["max_occurrences"] = rng.randint(1, 10**6)
    if rng.random() < 0.4:
        made["jitter_seconds"] = _length(rng, 86_400)
    return made


def _exceptions(rng: Random) -> dict[str, Any]:
    """Days and instants left out; lists name their own zone where the schedule may have none."""
    zone = rng.choice((None, None, "Europe/Berlin"))
    found = [_exclusion(rng, zone) for _ in range(rng.randint(1, 3))]
    return {"except_": tuple(found), "roll": rng.choice(("none", "none", "forward", "back"))}


def _exclusion(rng: Random, zone: str | None) -> Any:
    match rng.randrange(6):
        case 0:
            return Weekdays(kind="weekdays", days=tuple(rng.sample(WEEK, rng.randint(1, 6))), timezone=zone)
        case 1:
            days = tuple(_day_text(rng) for _ in range(rng.randint(1, 5)))
            if rng.random() < 0.2:  # whole months of every year, which have words of their own
                days = tuple(
                    f"--{month:02}-01/--{month:02}-{LAST_DAYS[month - 1]}" for month in rng.sample(range(1, 13), 2)
                )
            return Dates(kind="dates", dates=days, timezone=zone)
        case 2:
            part, version = rng.choice((None, "BE", "BY")), rng.choice((None, "0.109"))
            return Holidays(kind="holidays", country="DE", subdivision=part, version=version, timezone=zone)
        case 3:
            name = rng.choice(
                ("ops", "Schließtage", 'off", until 2020-01-01', "a\\\u202e\tb", "(every day) at 9; or not")
            )
            written = (_day_text(rng),)
            version_number = rng.choice((None, rng.randint(1, 99)))
            return CalendarDays(kind="calendar", name=name, version=version_number, days=written, timezone=zone)
        case _:
            return _simple(rng)


def _day_text(rng: Random) -> str:
    first = date(2026, 1, 1) + timedelta(days=rng.randint(0, 2000))
    last = first + timedelta(days=rng.randint(0, 60))
    month, other = rng.randint(1, 12), rng.randint(1, 12)
    return rng.choice(
        (
            first.isoformat(),
            f"{first}/{last}",
            f"--{first:%m-%d}",
            f"--{first:%m-%d}/--{last:%m-%d}",
            f"--{month:02}-01/--{other:02}-{LAST_DAYS[other - 1]}",
            "--02-29",
        )
    )
