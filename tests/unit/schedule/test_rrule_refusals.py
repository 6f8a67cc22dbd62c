"""What an RRULE schedule refuses, where it points, and that refusing takes no time."""

import pytest

from horarium.core.errors import BadSchedule, BadValue
from horarium.core.schedule.schedule import first_dues
from tests.unit.schedule.rrules import BEFORE, at, rrule

REFUSED = [
    ("", 1),
    ("RRULE:FREQ=DAILY", 1),
    ("FREQ", 5),
    ("FREQ=", 6),
    ("FREQ=OFTEN", 6),
    ("INTERVAL=2", 11),
    ("FREQ=DAILY;", 11),
    (";FREQ=DAILY", 1),
    ("FREQ=DAILY;;COUNT=2", 12),
    ("FREQ=DAILY; COUNT=2", 12),
    ("FREQ=DAILY\nCOUNT=2", 11),
    ("FREQ=DAILY;BYFOO=2", 12),
    ("FREQ=DAILY;FREQ=DAILY", 12),
    ("FREQ=DAILY;COUNT", 17),
    ("FREQ=DAILY;COUNT=0", 18),
    ("FREQ=DAILY;COUNT=-1", 18),
    ("FREQ=DAILY;COUNT=1x", 19),
    ("FREQ=DAILY;COUNT=10001", 18),
    ("FREQ=DAILY;INTERVAL=0", 21),
    ("FREQ=DAILY;INTERVAL=1.5", 22),
    ("FREQ=DAILY;INTERVAL=100000001", 21),
    ("FREQ=DAILY;INTERVAL=٢", 21),
    ("FREQ=DAILY;COUNT=3;UNTIL=20300101T000000", 26),
    ("FREQ=DAILY;UNTIL=20300101T000000Z", 33),
    ("FREQ=DAILY;UNTIL=20300101", 26),
    ("FREQ=DAILY;UNTIL=20300231T000000", 18),
    ("FREQ=DAILY;UNTIL=20300201T250000", 18),
    ("FREQ=DAILY;UNTIL=2030-02-01T00:00:00", 18),
    ("FREQ=DAILY;UNTIL=20200101T000000", 18),
    ("FREQ=DAILY;BYMONTH=0", 20),
    ("FREQ=DAILY;BYMONTH=13", 20),
    ("FREQ=DAILY;BYMONTH=-1", 20),
    ("FREQ=DAILY;BYMONTH=1,13", 22),
    ("FREQ=DAILY;BYMONTH=1,,2", 22),
    ("FREQ=DAILY;BYMONTH=1,", 22),
    ("FREQ=DAILY;BYMONTH=JAN", 20),
    ("FREQ=DAILY;BYMONTH=1-3", 21),
    ("FREQ=DAILY;BYHOUR=24", 19),
    ("FREQ=DAILY;BYMINUTE=60", 21),
    ("FREQ=DAILY;BYSECOND=60", 21),
    ("FREQ=MONTHLY;BYMONTHDAY=0", 25),
    ("FREQ=MONTHLY;BYMONTHDAY=32", 25),
    ("FREQ=MONTHLY;BYMONTHDAY=-32", 25),
    ("FREQ=WEEKLY;BYMONTHDAY=1", 24),
    ("FREQ=YEARLY;BYYEARDAY=367", 23),
    ("FREQ=DAILY;BYYEARDAY=1", 22),
    ("FREQ=WEEKLY;BYYEARDAY=1", 23),
    ("FREQ=MONTHLY;BYYEARDAY=1", 24),
    ("FREQ=YEARLY;BYWEEKNO=54", 22),
    ("FREQ=MONTHLY;BYWEEKNO=1", 23),
    ("FREQ=WEEKLY;BYDAY=MO,XX", 22),
    ("FREQ=WEEKLY;BYDAY=MON", 19),
    ("FREQ=WEEKLY;BYDAY=1MO", 19),
    ("FREQ=DAILY;BYDAY=MO,-1TU", 21),
    ("FREQ=YEARLY;BYWEEKNO=3;BYDAY=1MO", 30),
    ("FREQ=MONTHLY;BYDAY=6MO", 20),
    ("FREQ=MONTHLY;BYDAY=0MO", 20),
    ("FREQ=YEARLY;BYMONTH=1;BYDAY=-6MO", 29),
    ("FREQ=YEARLY;BYDAY=54MO", 19),
    ("FREQ=MONTHLY;BYDAY=1XX", 21),
    ("FREQ=DAILY;WKST=MON", 17),
    ("FREQ=DAILY;BYSETPOS=1", 21),
    ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", 32),
    ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", 32),
    ("FREQ=DAILY;" + "BYHOUR=" + "1," * 130, 257),
]


@pytest.mark.parametrize(("rule", "column"), REFUSED)
def test_a_refusal_points_at_the_first_character_not_understood(rule: str, column: int) -> None:
    with pytest.raises(BadSchedule) as refused:
        rrule(rule, "2027-01-04T09:00:00")
    assert (refused.value.field, refused.value.column) == ("rule", column)


NEVER = (
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2027-01-01"),
    ("FREQ=YEARLY;BYYEARDAY=366;BYMONTH=11", "2027-01-01"),
    ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "2027-02-01"),
    ("FREQ=MONTHLY;INTERVAL=2;BYMONTH=2", "2027-01-01"),
    ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "2027-01-01"),
    ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "2027-01-01"),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "2027-01-04"),
    ("FREQ=DAILY;INTERVAL=1461;BYMONTH=2;BYMONTHDAY=29", "2027-01-04"),
    ("FREQ=DAILY;BYHOUR=1;BYSETPOS=2", "2027-01-04"),
    ("FREQ=HOURLY;INTERVAL=24;BYHOUR=5", "2027-01-01T03:00"),
    ("FREQ=HOURLY;INTERVAL=168;BYDAY=TU", "2027-01-04"),
    ("FREQ=HOURLY;INTERVAL=5;BYMONTH=2;BYMONTHDAY=30", "2027-01-04"),
    ("FREQ=MINUTELY;INTERVAL=10;BYMINUTE=5", "2027-01-01T03:00"),
    ("FREQ=MINUTELY;BYSECOND=5;BYSETPOS=2", "2027-01-01T03:00"),
    ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "2027-01-01"),
    ("FREQ=SECONDLY;BYHOUR=1;BYSETPOS=2", "2027-01-01"),
    ("FREQ=SECONDLY;INTERVAL=86401;BYHOUR=0;BYMINUTE=0;BYSECOND=0;BYMONTH=2", "2027-01-01T01:00"),
)
"""Rules that never come, with their starts; bench/words.py measures what refusing them costs."""


@pytest.mark.parametrize(("rule", "start"), NEVER)
def test_a_rule_that_never_comes_is_refused(rule: str, start: str) -> None:
    with pytest.raises(BadSchedule) as refused:
        rrule(rule, start)
    assert refused.value.field == "rule"
    assert refused.value.column is not None


def test_rules_that_take_decades_are_read() -> None:
    leap_mondays = rrule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2027-01-01T09:00", "UTC")
    assert list(first_dues(leap_mondays, BEFORE, 3)) == [
        at("2044-02-29T09:00"),
        at("2072-02-29T09:00"),
        at("2112-02-29T09:00"),
    ]


@pytest.mark.parametrize(
    "start", ["", "2027-02-30", "2027-01-01T24:00", "2027-01-01T09:00Z", "09:00", "1969-12-31", "٢٠٢٧-01-01"]
)
def test_a_start_is_a_local_reading(start: str) -> None:
    with pytest.raises(BadSchedule) as refused:
        rrule("FREQ=DAILY", start)
    assert refused.value.field == "start"
    assert refused.value.remedy is not None


def test_the_zone_and_what_only_falls_into_gaps_are_refused() -> None:
    with pytest.raises(BadValue) as refused:
        rrule("FREQ=DAILY", timezone="EST")
    assert refused.value.field == "timezone"
    for rule in ("FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "FREQ=YEARLY;INTERVAL=7;BYMONTH=3;BYDAY=2SU"):
        assert rrule(rule, "2027-03-01T02:30").next_due(at("2027-01-01T00:00")) == at("2027-03-14T07:00")
        with pytest.raises(BadSchedule):
            rrule(rule, "2027-03-01T02:30", dst_gap="skip")
