"""any_of, except and roll in any mixture: the same instants as brute force finds on sets."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from horarium.core.errors import BadValue, ScheduleTooSparse
from horarium.core.instants import shown
from horarium.core.schedule.bounds import Bounded
from horarium.core.schedule.schedule import Schedule
from tests.oracles.composed import DAY, MS, NAMES, due, zones_of
from tests.properties.cron_texts import HARD_ZONES, near_changes
from tests.sizes import size

DECODER: TypeAdapter[Any] = TypeAdapter(Schedule)
REACH = 16
"""Longer than any stretch of days left out here."""
WINDOW = 6 * DAY
WALKED_MAX = 20_000
EARLIEST = datetime(1970, 3, 1, tzinfo=UTC)

Json = dict[str, Any]


def few(low: int, high: int, most: int = 2) -> st.SearchStrategy[str]:
    return st.lists(st.integers(low, high).map(str), min_size=1, max_size=most, unique=True).map(",".join)


@st.composite
def crons(draw: st.DrawFn, zones: st.SearchStrategy[str]) -> Json:
    """A few times a day, many of them at night; now and then by the minute for some hours."""
    minutes, hours = draw(few(0, 59) | few(0, 3, 3)), draw(few(0, 3) | few(22, 23) | few(0, 23))
    days = draw(st.sampled_from(["* * *", "* * *", "* * MON-FRI", "*/2 * *", "* * SAT,SUN", "1-20 * *"]))
    wild = draw(st.integers(0, 7)) == 0
    ways: Json = {}
    if not wild and draw(st.booleans()):
        ways = {
            "dst_gap": draw(st.sampled_from(["run_after", "skip"])),
            "dst_fold": draw(st.sampled_from(["first", "both"])),
        }
    text = f"{'*/20' if wild else minutes} {hours} {days}"
    return {"kind": "cron", "expression": text, "timezone": draw(zones)} | ways


@st.composite
def plain(draw: st.DrawFn, zones: st.SearchStrategy[str], near: datetime) -> Json:
    kind = draw(st.integers(0, 9))
    if kind < 6:
        return draw(crons(zones))
    offset = timedelta(minutes=draw(st.integers(-9_000, 9_000)))
    around = near.replace(second=0, microsecond=0) + offset
    if kind < 9:
        seconds = draw(st.sampled_from([3_600, 5_400, 10_800, 43_200, 86_400, 86_401, 7_200.5]))
        return {"kind": "every", "seconds": seconds, "anchor": shown(around)}
    return {"kind": "once", "at": shown(around)}


@st.composite
def day_lists(draw: st.DrawFn, zone: str | None, near: datetime) -> Json:
    given_zone: Json = {} if zone is None else {"timezone": zone}
    kind = draw(st.integers(0, 5))
    if kind == 0 and date(2026, 3, 1) < near.date() < date(2028, 11, 1):
        return {"kind": "holidays", "country": "DE"} | given_zone
    if kind < 3:
        days = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
        return {"kind": "weekdays", "days": days} | given_zone
    texts = []
    for _ in range(draw(st.integers(1, 4))):
        first = near.date() + draw(st.integers(-10, 10)) * DAY
        length = draw(st.sampled_from([0, 0, 1, 2, 5]))
        last = first + length * DAY
        if draw(st.integers(0, 2)) == 0:
            texts.append(f"--{first:%m-%d}" if not length else f"--{first:%m-%d}/--{last:%m-%d}")
        else:
            texts.append(f"{first}" if not length else f"{first}/{last}")
    if kind == 3:
        return {"kind": "calendar", "name": "plant", "version": 1, "days": texts} | given_zone
    return {"kind": "dates", "dates": texts} | given_zone


@st.composite
def whole_days(draw: st.DrawFn, zones: st.SearchStrategy[str]) -> Json:
    """Every minute or every second of some days, and what is nearly so."""
    times = draw(st.sampled_from(["* *", "* *", "* * *", "*/2 *", "*/20 * *", "* 0-22"]))
    days = draw(st.sampled_from(["* * 5L", "*/3 * *", "L,1-5 * *", "* * MON,WED", "* * 6#2"]))
    return {"kind": "cron", "expression": f"{times} {days}", "timezone": draw(zones)}


@st.composite
def composed(draw: st.DrawFn, near: datetime, zone: str, depth: int = 2) -> Json:
    """At most two levels of nesting, and rarely several zones."""
    zones = st.just(zone) if draw(st.integers(0, 3)) else st.sampled_from(HARD_ZONES)
    if depth and draw(st.booleans()):
        members = [draw(composed(near, zone, depth - 1)) for _ in range(draw(st.integers(1, 3)))]
        schedule: Json = {"kind": "any_of", "schedules": members}
    else:
        schedule = draw(plain(zones, near))
    exclusions: list[Json] = []
    own = zones_of(schedule)
    roll = draw(st.sampled_from(["none", "none", "forward", "back"]))
    all_in = draw(zones)
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.integers(0, 5)) == 0:
            exclusions.append(draw(whole_days(zones)))
        elif depth and draw(st.integers(0, 3)) == 0:
            exclusions.append(draw(composed(near, zone, depth - 1)))
        elif roll == "none":
            says = len(own) != 1 or draw(st.booleans())
            exclusions.append(draw(day_lists(draw(zones) if says else None, near)))
        else:
            exclusions.append(draw(day_lists(all_in, near)))
    if exclusions:
        schedule["except"] = exclusions
        if any(one["kind"] in ("dates", "weekdays", "holidays", "calendar") for one in exclusions):
            schedule["roll"] = roll
    if draw(st.integers(0, 5)) == 0:
        schedule["starts_at"] = shown(near - 2 * DAY + timedelta(minutes=draw(st.integers(0, 3_000))))
    if draw(st.integers(0, 5)) == 0:
        schedule["ends_at"] = shown(near + 2 * DAY + timedelta(minutes=draw(st.integers(0, 3_000))))
    return schedule


def read(schedule: Json) -> Bounded:
    try:
        made: Bounded = DECODER.validate_json(json.dumps(schedule))
    except ValidationError as refused:
        causes = [error["ctx"]["error"] for error in refused.errors()]
        assert all(isinstance(cause, BadValue) for cause in causes)
        # Nothing is ever due, or every time falls into a gap: rightly refused, and tested elsewhere.
        assume(not any("left out" in str(cause) or "is skipped" in str(cause) for cause in causes))
        raise
    return made


def asked(verb: Callable[[datetime], datetime | None], at: datetime) -> datetime | None:
    """A part that leaves out itself is refused while it is searched; that is tested elsewhere."""
    try:
        return verb(at)
    except ScheduleTooSparse:
        assume(False)
        raise


def walked(schedule: Bounded, after: datetime, through: datetime) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(WALKED_MAX):
        following = asked(schedule.next_due, after)
        if following is None or following > through:
            return found
        assert following > after, "strictly increasing"
        found.append(after := following)
    raise AssertionError("more instants than this test can walk")


@examples(max_examples=size(60, 5_000), deadline=None)
@given(data=st.data(), zone=st.sampled_from(HARD_ZONES))
def test_composed_schedules_name_the_instants_that_brute_force_finds(data: st.DataObject, zone: str) -> None:
    modern = st.integers(0, 700 * 86_400).map(lambda s: datetime(2026, 4, 1, tzinfo=UTC) + timedelta(seconds=s))
    near = max(EARLIEST, data.draw(near_changes(zone, 1971, 2029) | modern))
    document = data.draw(composed(near, zone))
    schedule = read(document)
    after, through = near - WINDOW / 2, near + WINDOW / 2
    expected = sorted(due(document, after + MS, through, reach=REACH))
    assert walked(schedule, after, through) == expected
    assert schedule.count(after, through) == len(expected)
    newest = asked(schedule.last_due, through)
    assert newest == expected[-1] if expected else newest is None or newest <= after
    for _ in range(3):
        low = after + data.draw(st.integers(0, WINDOW // MS)) * MS
        high = low + data.draw(st.integers(0, (through - low) // MS)) * MS
        within = [at for at in expected if low < at <= high]
        assert schedule.count(low, high) == len(within)
        following = [at for at in expected if at > low]
        if following:
            assert schedule.next_due(low) == following[0]
        before = [at for at in expected if at <= high]
        if before:
            assert schedule.last_due(high) == before[-1]
    for at in expected[:50]:
        assert schedule.names(at)
        assert schedule.names(at + MS) == (at + MS in expected)


@examples(max_examples=size(50, 2_000), deadline=None)
@given(data=st.data(), zone=st.sampled_from(HARD_ZONES))
def test_counting_and_walking_agree_over_weeks(data: st.DataObject, zone: str) -> None:
    near = max(EARLIEST, data.draw(near_changes(zone, 1971, 2100)))
    schedule = read(data.draw(composed(near, zone)))
    after, through = near - 30 * DAY, near + 30 * DAY
    dues = walked(schedule, after, through)
    assert schedule.count(after, through) == len(dues)
    back: list[datetime] = []
    at = asked(schedule.last_due, through)
    while at is not None and at > after:
        back.append(at)
        at = asked(schedule.last_due, at - MS)
    assert back == dues[::-1]


@examples(max_examples=size(50, 2_000), deadline=None)
@given(data=st.data(), zone=st.sampled_from(HARD_ZONES))
def test_what_goes_in_comes_out(data: st.DataObject, zone: str) -> None:
    schedule = read(data.draw(composed(datetime(2027, 3, 28, tzinfo=UTC), zone)))
    assert DECODER.validate_json(DECODER.dump_json(schedule)) == schedule
