"""Whatever the text, the zone and the moment: the same instants as brute force finds on the clock itself."""

from datetime import UTC, datetime

from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from horarium.core.errors import BadSchedule
from tests.properties.clock_checks import MILLISECOND, WAYS, check, cron
from tests.properties.cron_texts import HARD_ZONES, cron_texts, near_changes
from tests.sizes import size


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
