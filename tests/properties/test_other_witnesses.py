"""Where their dialects agree with ours (UTC, so no clock changes), cronsim and croniter name the same instants."""

import re
from datetime import UTC, datetime

from croniter import croniter
from cronsim import CronSim
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from horarium.core.errors import BadSchedule
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.schedule import first_dues
from tests.properties.cron_texts import cron_texts
from tests.sizes import size

INSTANTS = st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
DUES = 5


def ours(text: str, after: datetime) -> list[datetime]:
    try:
        schedule = Cron(kind="cron", expression=text, timezone="UTC")
    except BadSchedule:
        assume(False)
    return list(first_dues(schedule, after, DUES))


@examples(max_examples=size(200, 5_000), deadline=None)
@given(text=cron_texts(), after=INSTANTS)
def test_cronsim_agrees(text: str, after: datetime) -> None:
    # It knows neither ? nor nW nor names before L and #, and refuses a Sunday that ends a range.
    day, _, weekday = text.split()[-3:]
    assume("?" not in text and "W" not in day.replace("LW", "") and "-SUN" not in text)
    assume(not re.search(r"[A-Z]+[#L]", weekday.replace("SUN-TUE", "")))
    # A range of one value with a step means to it what a value with a step means.
    assume(not re.search(r"\b(\d+)-\1/", text))
    found = ours(text, after)
    expected = CronSim(text, after)
    assert found == [next(expected) for _ in range(DUES)]


def plain_field(low: int, high: int) -> st.SearchStrategy[str]:
    pairs = st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)
    ranges = pairs.filter(lambda pair: pair[0] < pair[1]).map(lambda pair: f"{pair[0]}-{pair[1]}")
    listed = st.lists(st.integers(low, high).map(str) | ranges, min_size=1, max_size=3).map(",".join)
    return st.just("*") | listed


PLAIN_TEXTS = st.tuples(
    plain_field(0, 59), plain_field(0, 23), plain_field(1, 28), plain_field(1, 12), plain_field(0, 6)
).map(" ".join)


@examples(max_examples=size(200, 5_000), deadline=None)
@given(text=PLAIN_TEXTS, after=INSTANTS)
def test_croniter_agrees(text: str, after: datetime) -> None:
    """Plain lists and ranges of five fields: it has seconds last, and its own mind on steps, L, W and #."""
    found = ours(text, after)
    expected = croniter(text, after, ret_type=datetime)
    assert found == [expected.get_next() for _ in range(DUES)]
