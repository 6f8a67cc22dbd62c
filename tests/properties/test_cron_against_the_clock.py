"""Whatever the text, the zone and the moment: the same instants as brute force finds on the clock itself."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from horarium.core.errors import BadSchedule
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.zone import names
from tests.oracles.clock import DAY, SECOND, changes, due_between
from tests.properties.cron_texts import HARD_ZONES, cron_texts, near_changes
from tests.sizes import size

MILLISECOND = timedelta(milliseconds=1)
WALKED_MAX = 20_000
TRIED_TEXTS = (
    "30 2 * * *",
    "15,45 0-3 * * *",
    "0 0 * * *",
    "30 23 * * *",
    "*/20 * * * *",
    "*/30 0,2 * * *",
    "59 59 23 * * *",
    "0 12 L * *",
)
WAYS = [(gap, fold) for gap in ("run_after", "skip") for fold in ("first", "both")]


def cron(text: str, zone: str, gap: str = "run_after", fold: str = "first") -> Cron:
    return Cron(kind="cron", expression=text, timezone=zone, dst_gap=gap, dst_fold=fold)  # type: ignore[arg-type]


def walked(schedule: Cron, after: datetime, through: datetime) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(WALKED_MAX):
        due = schedule.next_due(after)
        if due is None or due > through:
            return found
        assert due > after, "strictly increasing"
        found.append(after := due)
    raise AssertionError("more instants than this test can walk")


def check(schedule: Cron, after: datetime, days: int = 2) -> None:
    """All three verbs on (after, after + days], against the oracle."""
    through = after + days * DAY
    expected = due_between(
        schedule.expression, schedule.timezone, after + MILLISECOND, through, schedule.dst_gap, schedule.dst_fold
    )
    if len(expected) <= 600:
        assert walked(schedule, after, through) == expected
    else:
        assert schedule.next_due(after) == expected[0]
    assert schedule.count(after, through) == len(expected)
    before = schedule.last_due(through)
    if expected:
        assert before == expected[-1]
        middle = expected[len(expected) // 2]
        assert schedule.last_due(middle) == middle
        assert schedule.next_due(middle - MILLISECOND) == middle
        assert schedule.count(after, middle) == len(expected) // 2 + 1
    else:
        assert before is None or before <= after


@examples(max_examples=size(200, 5_000), deadline=None)
@given(data=st.data(), text=cron_texts(), zone=st.sampled_from(HARD_ZONES), way=st.sampled_from(WAYS))
def test_cron_names_the_instants_that_brute_force_finds(
    data: st.DataObject, text: str, zone: str, way: tuple[str, str]
) -> None:
    after = data.draw(near_changes(zone))
    wild = any(field[0] in "*?" for field in text.split()[: len(text.split()) - 3])
    try:
        schedule = cron(text, zone) if wild else cron(text, zone, *way)
    except BadSchedule as refused:
        # Day fields that no year satisfies together (31 in February), or times that only ever fall into a gap.
        assume("no year has such a day" not in str(refused) and "is skipped" not in str(refused))
        raise
    check(schedule, after)


@examples(max_examples=size(200, 5_000), deadline=None)
@given(data=st.data(), text=cron_texts(), zone=st.sampled_from(HARD_ZONES))
def test_the_answer_does_not_depend_on_where_it_is_asked_from(data: st.DataObject, text: str, zone: str) -> None:
    after = data.draw(near_changes(zone))
    try:
        schedule = cron(text, zone)
    except BadSchedule:
        assume(False)
    due = schedule.next_due(after)
    assume(due is not None)
    assert due is not None
    between = data.draw(st.integers(0, (due - after) // MILLISECOND - 1))
    asked = after + between * MILLISECOND
    assert schedule.next_due(asked) == due
    assert schedule.count(after, asked) == 0
    assert schedule.count(after, due) == 1
    before = schedule.last_due(asked)
    assert before is None or before <= after
    assert schedule.last_due(due) == due
    if before is not None:
        assert schedule.next_due(before) == due


@examples(max_examples=size(100, 3_000), deadline=None)
@given(
    data=st.data(),
    text=cron_texts(),
    zone=st.sampled_from(HARD_ZONES),
    gaps=st.lists(st.integers(1, 10**12), min_size=2, max_size=2),
)
def test_counts_add_up_over_any_stretch(data: st.DataObject, text: str, zone: str, gaps: list[int]) -> None:
    first = data.draw(near_changes(zone))
    last = datetime(9999, 12, 31, tzinfo=UTC)
    middle = min(first + gaps[0] * MILLISECOND, last)
    end = min(middle + gaps[1] * 100 * MILLISECOND, last)
    try:
        schedule = cron(text, zone)
    except BadSchedule:
        assume(False)
    assert schedule.count(first, end) == schedule.count(first, middle) + schedule.count(middle, end)
    due = schedule.next_due(middle)
    if due is not None:
        assert schedule.count(middle, due) == 1
        assert schedule.count(middle, due - MILLISECOND) == 0


def zones_tried() -> list[str]:
    """All of them in proof; on an ordinary day every tenth."""
    return list(names()[:: size(10, 1)])


@pytest.mark.parametrize("zone", zones_tried())
def test_around_every_change_of_every_zone(zone: str) -> None:
    texts = TRIED_TEXTS[: size(3, len(TRIED_TEXTS))]
    for at in changes(zone, 1970, 2040)[:: size(20, 1)]:
        for text in texts:
            if at - 2 * DAY > datetime(1970, 1, 2, tzinfo=UTC):
                check(cron(text, zone), at - DAY - SECOND)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Asia/Gaza", "Australia/Lord_Howe", "Europe/Dublin"]
)
@pytest.mark.parametrize("year", [2037, 2038, 2099, 2100, 2499, 2500, 2900, 5000, 9998])
def test_the_far_future_follows_the_last_rule(zone: str, year: int) -> None:
    for at in changes(zone, year, year):
        for text in ("30 2 * * *", "*/20 * * * *", "0 0 * * MON"):
            check(cron(text, zone), at - DAY)
    check(cron("0 0 1 1 *", zone), datetime(year, 1, 1, tzinfo=UTC) - DAY)


@pytest.mark.parametrize("zone", HARD_ZONES)
@pytest.mark.parametrize("way", WAYS)
def test_a_rare_day_beside_a_change_is_met_from_afar(zone: str, way: tuple[str, str]) -> None:
    """Asked from half a year away, across other changes, where the search jumps over spans."""
    for at in changes(zone, 1972, 2040)[:: size(6, 1)]:
        for days in (-2, -1, 0, 1):
            day = (at + days * DAY).date()
            schedule = cron(f"30 0,2,12,23 {day.day} {day.month} *", zone, *way)
            window = due_between(schedule.expression, zone, at - 4 * DAY, at + 4 * DAY, *way)
            assert schedule.count(at - 200 * DAY, at + 150 * DAY) == len(window)
            if window:  # a whole day may have been skipped
                assert schedule.next_due(at - 200 * DAY) == window[0]
                assert schedule.last_due(at + 150 * DAY) == window[-1]
