"""Whatever the rule, the zone and the start: the readings that python-dateutil names, put on the time line by the rules of
PEP 495 over the standard library's zones."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from horarium.core.errors import BadSchedule
from horarium.core.schedule.rrule import Rrule
from tests.oracles.clock import DAY, SECOND, _placed, zone_info
from tests.oracles.readings import last_year_seen, readings
from tests.properties.cron_texts import HARD_ZONES, near_changes
from tests.properties.rrule_texts import rules
from tests.sizes import size

MILLISECOND = timedelta(milliseconds=1)
READINGS = 40
STEPPED = 50 * 366 * DAY
WAYS = [(gap, fold) for gap in ("run_after", "skip") for fold in ("first", "both")]


def local_start(data: st.DataObject, zone: str) -> datetime:
    """A reading some days before a clock change, or anywhere."""
    near = data.draw(near_changes(zone)).replace(microsecond=0)
    near -= data.draw(st.integers(0, 40)) * DAY
    start = max(near, datetime(1971, 1, 1, tzinfo=UTC)).astimezone(zone_info(zone)).replace(tzinfo=None, fold=0)
    return start.replace(second=0, minute=start.minute // 15 * 15) if data.draw(st.booleans()) else start


def schedule_of(rule: str, start: datetime, zone: str, way: tuple[str, str] = ("run_after", "first")) -> Rrule:
    gap, fold = way
    return Rrule(kind="rrule", rule=rule, start=start.isoformat(), timezone=zone, dst_gap=gap, dst_fold=fold)  # type: ignore[arg-type]


def too_far(refused: BadSchedule, rule: str, start: datetime, named: list[datetime]) -> bool:
    """Steps that divide no day come to their first reading, and to the last of their COUNT, within 50 years or not at all."""
    counted = re.search(r"COUNT=(\d+)", rule)
    if "takes more than 50 years" in str(refused):
        assert counted is not None
        wanted = int(counted[1])
        return len(named) < wanted or named[wanted - 1] > start + STEPPED
    return "within 50 years" in str(refused) and named[0] > start + STEPPED


@examples(max_examples=size(200, 20_000), deadline=None)
@given(data=st.data(), zone=st.sampled_from(HARD_ZONES), way=st.sampled_from(WAYS))
def test_rrule_names_the_instants_that_dateutil_and_the_clock_name(
    data: st.DataObject, zone: str, way: tuple[str, str]
) -> None:
    rule, start = data.draw(rules(local_start(data, zone)))
    named = readings(rule, start, READINGS)
    try:
        schedule = schedule_of(rule, start, zone, way)
    except BadSchedule as refused:
        # Nothing comes, or every reading of it falls into a gap and it wanted none of those, or it takes too long to come.
        if named and not (way[0] == "skip" and "skipped" in str(refused)) and not too_far(refused, rule, start, named):
            raise
        return
    placed = sorted({instant for reading in named for instant in _placed(reading, zone, *way)})
    if len(named) < READINGS:
        # The rule has ended, or the calendar of the second opinion.
        end = datetime(last_year_seen(rule, start), 12, 29, tzinfo=UTC)
    else:
        # Readings beyond the last may share its instant, and no earlier one.
        end = min(_placed(named[-1], zone, "run_after", "first"))
    expected = [instant for instant in placed if instant < end]
    after = datetime(1970, 1, 1, tzinfo=UTC) - MILLISECOND
    found: list[datetime] = []
    due = schedule.next_due(after)
    while due is not None and due < end and len(found) <= len(expected):
        found.append(due)
        due = schedule.next_due(due)
    assert found == expected
    assert schedule.count(after, end - MILLISECOND) == len(expected)
    before = None
    for instant in expected:
        assert schedule.last_due(instant - MILLISECOND) == before
        assert schedule.last_due(instant) == instant
        before = instant
    if expected:
        middle = len(expected) // 2
        assert schedule.count(expected[middle], expected[-1]) == len(expected) - 1 - middle


@examples(max_examples=size(200, 20_000), deadline=None)
@given(data=st.data(), zone=st.sampled_from(HARD_ZONES), way=st.sampled_from(WAYS))
def test_the_answer_does_not_depend_on_where_it_is_asked_from(
    data: st.DataObject, zone: str, way: tuple[str, str]
) -> None:
    rule, start = data.draw(rules(local_start(data, zone)))
    try:
        schedule = schedule_of(rule, start, zone, way)
    except BadSchedule:
        assume(False)
    after = start.replace(tzinfo=UTC) + data.draw(st.integers(-200_000, 10**9)) * SECOND
    due = schedule.next_due(after)
    before = schedule.last_due(after)
    assert before is None or (before <= after and schedule.last_due(before) == before)
    if due is None:
        assert schedule.count(after, datetime(9999, 1, 1, tzinfo=UTC)) == 0
        return
    assert due > after
    asked = after + data.draw(st.integers(0, (due - after) // MILLISECOND - 1)) * MILLISECOND
    assert schedule.next_due(asked) == due
    assert schedule.last_due(asked) == before
    assert schedule.last_due(due) == due
    assert schedule.count(asked, due) == schedule.count(after, due) == 1
    assert schedule.count(after, due - MILLISECOND) == 0
    if before is not None:
        assert schedule.next_due(before) == due


@examples(max_examples=size(100, 5_000), deadline=None)
@given(data=st.data(), zone=st.sampled_from(HARD_ZONES), gaps=st.lists(st.integers(1, 10**10), min_size=2, max_size=2))
def test_counts_add_up_over_any_stretch(data: st.DataObject, zone: str, gaps: list[int]) -> None:
    rule, start = data.draw(rules(local_start(data, zone)))
    try:
        schedule = schedule_of(rule, start, zone)
    except BadSchedule:
        assume(False)
    first = start.replace(tzinfo=UTC) - DAY
    middle = first + gaps[0] * MILLISECOND
    last = middle + gaps[1] * 10 * MILLISECOND
    assert schedule.count(first, last) == schedule.count(first, middle) + schedule.count(middle, last)


@pytest.mark.parametrize("week", [1, 2, 51, 52, 53])
@pytest.mark.parametrize(("day", "number"), [("MO", 1), ("TH", 4), ("SA", 6), ("SU", 7)])
def test_the_weeks_of_years_are_those_of_the_iso_calendar(week: int, day: str, number: int) -> None:
    """Also where they reach into another calendar year; the standard library knows them."""
    schedule = Rrule(
        kind="rrule",
        rule=f"FREQ=YEARLY;BYWEEKNO={week};BYDAY={day};WKST=MO",
        start="1971-01-01T00:00:00",
        timezone="UTC",
    )
    days = (datetime(1971, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(365 * 80))
    expected = [at for at in days if at.isocalendar()[1:] == (week, number)]
    found, due = [], schedule.next_due(datetime(1970, 12, 31, tzinfo=UTC))
    while due is not None and due <= expected[-1]:
        found.append(due)
        due = schedule.next_due(due)
    assert found == expected
