"""Which days a text names, against a calendar looked at day by day; and the ideal clock's next, last and rank."""

from calendar import monthrange
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from horarium.core.errors import BadSchedule
from horarium.core.schedule.cron import read_text
from horarium.core.schedule.cron_days import EPOCH_ORDINAL
from horarium.core.schedule.cron_pattern import Pattern
from horarium.core.schedule.tzif import DAY
from tests.oracles.clock import Rule
from tests.properties.cron_texts import cron_texts, day_fields
from tests.sizes import size


def pattern(text: str) -> Pattern:
    try:
        return read_text(text)[0]
    except BadSchedule:
        assume(False)
        raise


@examples(max_examples=size(100, 1_500), deadline=None)
@given(fields=day_fields(), first=st.dates(date(1970, 1, 1), date(2540, 1, 1)))
def test_the_named_days_of_four_years(fields: str, first: date) -> None:
    days = pattern(f"0 0 {fields}").days
    rule = Rule.read(f"0 0 {fields}")
    start = first.toordinal() - EPOCH_ORDINAL
    expected = [start + i for i in range(1461) if rule.names_day(first + timedelta(days=i))]
    assert [day for day in range(start, start + 1461) if days.has(day)] == expected
    assert days.rank(start + 1461) - days.rank(start) == len(expected)
    if expected:
        assert days.next(start) == expected[0]
        assert days.last(start + 1460) == expected[-1]


def test_a_day_no_year_has_is_known_from_the_kinds_of_months() -> None:
    """The check on save and a calendar of 400 years agree on the texts that are hard to judge."""
    for fields in ("30 2 *", "31 2,4,6,9,11 *", "29 2 *", "1W * */6", "31W 2 *", "*/31 2 0", "29 2 */7", "*/30 2 1L"):
        rule = Rule.read(f"0 0 {fields}")
        months = [(year, month) for year in range(2000, 2400) for month in rule.months]
        calendar = (date(*month, day) for month in months for day in range(1, monthrange(*month)[1] + 1))
        named = any(rule.names_day(day) for day in calendar)
        try:
            read_text(f"0 0 {fields}")
            accepted = True
        except BadSchedule:
            accepted = False
        assert accepted == named, fields


@examples(max_examples=size(200, 5_000), deadline=None)
@given(text=cron_texts(), reading=st.integers(0, 17_000_000_000))
def test_next_last_and_rank_of_readings_agree(text: str, reading: int) -> None:
    clock = pattern(text)
    following = clock.next(reading)
    assert following is not None
    assert following >= reading
    assert clock.next(following) == following
    assert clock.last(following) == following
    assert clock.rank(following) == clock.rank(reading)
    assert clock.rank(following + 1) == clock.rank(reading) + 1
    before = clock.last(reading - 1)
    assert before is not None
    assert before < reading
    assert clock.rank(before) == clock.rank(reading) - 1
    assert clock.rank(reading + 400 * 365 * DAY) - clock.rank(reading) >= 1
