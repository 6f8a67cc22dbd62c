"""RRULE schedules: the examples of RFC 5545, section 3.8.5.3, clock changes, counting, far years."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from horarium.core.errors import BadSchedule
from horarium.core.schedule.rrule_text import COUNT_MAX
from horarium.core.schedule.schedule import first_dues
from tests.oracles.clock import zone_info
from tests.unit.schedule.rrules import BEFORE, at, rrule

NEW_YORK = zone_info("America/New_York")
WEEKDAYS = "MO,TU,WE,TH,FR"


def days(text: str) -> Iterator[tuple[int, int, int]]:
    """ "1997 9/2 4 6-8 10/1": a year, then month/day, further days of that month, stretches of days."""
    year = month = 0
    for word in text.split():
        if len(word) == 4 and word.isdigit():
            year = int(word)
            continue
        if "/" in word:
            name, word = word.split("/")
            month = int(name)
        first, _, last = word.partition("-")
        for day in range(int(first), int(last or first) + 1):
            yield year, month, day


# (start, rule, days as the RFC lists them, whether the rule ends with them)
RFC_EXAMPLES = [
    ("1997-09-02", "FREQ=DAILY;COUNT=10", "1997 9/2-11", True),
    ("1997-09-02", "FREQ=DAILY;UNTIL=19971223T190000", "1997 9/2-30 10/1-31 11/1-30 12/1-23", True),
    (
        "1997-09-02",
        "FREQ=DAILY;INTERVAL=2",
        (
            "1997 9/2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 10/2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 "
            "11/1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 12/1 3"
        ),
        False,
    ),
    ("1997-09-02", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997 9/2 12 22 10/2 12", True),
    (
        "1998-01-01",
        "FREQ=YEARLY;UNTIL=20000131T090000;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "1998 1/1-31 1999 1/1-31 2000 1/1-31",
        True,
    ),
    (
        "1998-01-01",
        "FREQ=DAILY;UNTIL=20000131T090000;BYMONTH=1",
        "1998 1/1-31 1999 1/1-31 2000 1/1-31",
        True,
    ),
    ("1997-09-02", "FREQ=WEEKLY;COUNT=10", "1997 9/2 9 16 23 30 10/7 14 21 28 11/4", True),
    (
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971223T190000",
        "1997 9/2 9 16 23 30 10/7 14 21 28 11/4 11 18 25 12/2 9 16 23",
        True,
    ),
    (
        "1997-09-02",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "1997 9/2 16 30 10/14 28 11/11 25 12/9 23 1998 1/6 20 2/3 17",
        False,
    ),
    (
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971006T200000;WKST=SU;BYDAY=TU,TH",
        "1997 9/2 4 9 11 16 18 23 25 30 10/2",
        True,
    ),
    ("1997-09-02", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997 9/2 4 9 11 16 18 23 25 30 10/2", True),
    (
        "1997-09-01",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971223T190000;WKST=SU;BYDAY=MO,WE,FR",
        "1997 9/1 3 5 15 17 19 29 10/1 3 13 15 17 27 29 31 11/10 12 14 24 26 28 12/8 10 12 22",
        True,
    ),
    ("1997-09-02", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997 9/2 4 16 18 30 10/2 14 16", True),
    (
        "1997-09-05",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997 9/5 10/3 11/7 12/5 1998 1/2 2/6 3/6 4/3 5/1 6/5",
        True,
    ),
    ("1997-09-05", "FREQ=MONTHLY;UNTIL=19971223T190000;BYDAY=1FR", "1997 9/5 10/3 11/7 12/5", True),
    (
        "1997-09-07",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997 9/7 28 11/2 30 1998 1/4 25 3/1 29 5/3 31",
        True,
    ),
    ("1997-09-22", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997 9/22 10/20 11/17 12/22 1998 1/19 2/16", True),
    ("1997-09-28", "FREQ=MONTHLY;BYMONTHDAY=-3", "1997 9/28 10/29 11/28 12/29 1998 1/29 2/26", False),
    (
        "1997-09-02",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "1997 9/2 15 10/2 15 11/2 15 12/2 15 1998 1/2 15",
        True,
    ),
    (
        "1997-09-30",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997 9/30 10/1 31 11/1 30 12/1 31 1998 1/1 31 2/1",
        True,
    ),
    (
        "1997-09-10",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "1997 9/10-15 1999 3/10-13",
        True,
    ),
    (
        "1997-09-02",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "1997 9/2 9 16 23 30 11/4 11 18 25 1998 1/6 13 20 27 3/3 10 17 24 31",
        False,
    ),
    (
        "1997-06-10",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "1997 6/10 7/10 1998 6/10 7/10 1999 6/10 7/10 2000 6/10 7/10 2001 6/10 7/10",
        True,
    ),
    (
        "1997-03-10",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997 3/10 1999 1/10 2/10 3/10 2001 1/10 2/10 3/10 2003 1/10 2/10 3/10",
        True,
    ),
    (
        "1997-01-01",
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1997 1/1 4/10 7/19 2000 1/1 4/9 7/18 2003 1/1 4/10 7/19 2006 1/1",
        True,
    ),
    ("1997-05-19", "FREQ=YEARLY;BYDAY=20MO", "1997 5/19 1998 5/18 1999 5/17", False),
    ("1997-05-12", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997 5/12 1998 5/11 1999 5/17", False),
    (
        "1997-03-13",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "1997 3/13 20 27 1998 3/5 12 19 26 1999 3/4 11 18 25",
        False,
    ),
    (
        "1997-06-05",
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        (
            "1997 6/5 12 19 26 7/3 10 17 24 31 8/7 14 21 28 1998 6/4 11 18 25 7/2 9 16 23 30 8/6 13 20 27 "
            "1999 6/3 10 17 24 7/1 8 15 22 29 8/5 12 19 26"
        ),
        False,
    ),
    # The RFC leaves its start out by EXDATE: here a start that does not fit is none.
    ("1997-09-02", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998 2/13 3/13 11/13 1999 8/13 2000 10/13", False),
    (
        "1997-09-13",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "1997 9/13 10/11 11/8 12/13 1998 1/10 2/7 3/7 4/11 5/9 6/13",
        False,
    ),
    (
        "1996-11-05",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996 11/5 2000 11/7 2004 11/2",
        False,
    ),
    ("1997-09-04", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997 9/4 10/7 11/6", True),
    (
        "1997-09-29",
        f"FREQ=MONTHLY;BYDAY={WEEKDAYS};BYSETPOS=-2",
        "1997 9/29 10/30 11/27 12/30 1998 1/29 2/26 3/30",
        False,
    ),
    ("1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997 8/5 10 19 24", True),
    ("1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997 8/5 17 19 31", True),
    ("2007-01-15", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007 1/15 30 2/15 3/15 30", True),
]


@pytest.mark.parametrize(("start", "rule", "expected", "ends"), RFC_EXAMPLES)
def test_the_day_examples_of_the_rfc(start: str, rule: str, expected: str, ends: bool) -> None:
    schedule = rrule(rule, f"{start}T09:00:00")
    wanted = [datetime(*day, 9, tzinfo=NEW_YORK).astimezone(UTC) for day in days(expected)]
    assert list(first_dues(schedule, BEFORE, len(wanted))) == wanted
    assert (schedule.next_due(wanted[-1]) is None) == ends
    assert schedule.count(BEFORE, wanted[-1]) == len(wanted)
    assert schedule.last_due(wanted[-1] - timedelta(seconds=1)) == wanted[-2]
    if ends:
        assert schedule.last_due(datetime(9999, 1, 1, tzinfo=UTC)) == wanted[-1]
        assert schedule.count(BEFORE, datetime(9999, 1, 1, tzinfo=UTC)) == len(wanted)


EVERY_TWENTY = [f"{hour}:{minute:02}" for hour in range(9, 17) for minute in (0, 20, 40)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # Its UNTIL is 17:00 in the words of the example; the RFC's text wrote 17:00Z (erratum 3883).
        ("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000", ["9:00", "12:00", "15:00"]),
        ("FREQ=MINUTELY;INTERVAL=15;COUNT=6", ["9:00", "9:15", "9:30", "9:45", "10:00", "10:15"]),
        ("FREQ=MINUTELY;INTERVAL=90;COUNT=4", ["9:00", "10:30", "12:00", "13:30"]),
        ("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", EVERY_TWENTY),
        ("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16", EVERY_TWENTY),
    ],
)
def test_the_time_examples_of_the_rfc(rule: str, expected: list[str]) -> None:
    schedule = rrule(rule)
    wanted = [
        datetime(1997, 9, 2, int(hour), int(minute), tzinfo=NEW_YORK).astimezone(UTC)
        for hour, minute in (time.split(":") for time in expected)
    ]
    assert list(first_dues(schedule, BEFORE, len(wanted))) == wanted
    following = schedule.next_due(wanted[-1])
    if rule.startswith("FREQ=HOURLY") or "COUNT" in rule:
        assert following is None
    else:
        assert following == datetime(1997, 9, 3, 9, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("rule", "start", "timezone", "more", "after", "expected"),
    [
        # Skipped: the first instant after the gap; the days around it as they are.
        (
            "FREQ=DAILY",
            "2027-03-01T02:30",
            "America/New_York",
            {},
            "2027-03-13T12:00",
            "2027-03-14T07:00 2027-03-15T06:30 2027-03-16T06:30",
        ),
        (
            "FREQ=DAILY",
            "2027-03-01T02:30",
            "America/New_York",
            {"dst_gap": "skip"},
            "2027-03-13T12:00",
            "2027-03-15T06:30 2027-03-16T06:30",
        ),
        # 2:15, 2:45 and 3:00 are one instant.
        (
            "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,15,45",
            "2027-03-01T00:00",
            "America/New_York",
            {},
            "2027-03-13T12:00",
            "2027-03-14T07:00 2027-03-14T07:15 2027-03-14T07:45 2027-03-15T06:00",
        ),
        # Repeated: the first pass, or both.
        (
            "FREQ=DAILY",
            "2027-11-01T01:30",
            "America/New_York",
            {},
            "2027-11-06T12:00",
            "2027-11-07T05:30 2027-11-08T06:30",
        ),
        (
            "FREQ=DAILY",
            "2027-11-01T01:30",
            "America/New_York",
            {"dst_fold": "both"},
            "2027-11-06T12:00",
            "2027-11-07T05:30 2027-11-07T06:30 2027-11-08T06:30",
        ),
        # Asked from inside the repeated hour.
        (
            "FREQ=DAILY",
            "2027-11-01T01:45",
            "America/New_York",
            {},
            "2027-11-07T06:10",
            "2027-11-08T06:45",
        ),
        # Every half hour of the clock: the repeated hour is passed once, the skipped one leaves a single instant.
        (
            "FREQ=MINUTELY;INTERVAL=30",
            "2027-01-01T00:00",
            "Europe/Berlin",
            {},
            "2027-10-30T23:45",
            "2027-10-31T00:00 2027-10-31T00:30 2027-10-31T02:00 2027-10-31T02:30",
        ),
        (
            "FREQ=MINUTELY;INTERVAL=30",
            "2027-01-01T00:00",
            "Europe/Berlin",
            {"dst_fold": "both"},
            "2027-10-30T23:45",
            "2027-10-31T00:00 2027-10-31T00:30 2027-10-31T01:00 2027-10-31T01:30 2027-10-31T02:00",
        ),
        (
            "FREQ=MINUTELY;INTERVAL=30",
            "2027-01-01T00:00",
            "Europe/Berlin",
            {},
            "2027-03-28T00:15",
            "2027-03-28T00:30 2027-03-28T01:00 2027-03-28T01:30",
        ),
        # A day that begins at one o'clock, and one that is left out altogether.
        (
            "FREQ=DAILY",
            "2027-01-01",
            "America/Santiago",
            {},
            "2027-09-04T12:00",
            "2027-09-05T04:00 2027-09-06T03:00",
        ),
        (
            "FREQ=DAILY",
            "2011-12-01T12:00",
            "Pacific/Apia",
            {},
            "2011-12-29T12:00",
            "2011-12-29T22:00 2011-12-30T10:00 2011-12-30T22:00",
        ),
    ],
)
def test_clock_changes(rule: str, start: str, timezone: str, more: dict[str, Any], after: str, expected: str) -> None:
    schedule = rrule(rule, start, timezone, **more)
    wanted = [at(text) for text in expected.split()]
    assert list(first_dues(schedule, at(after), len(wanted))) == wanted
    assert schedule.count(at(after), wanted[-1]) == len(wanted)
    for before, following in pairwise(wanted):
        assert schedule.last_due(following - timedelta(milliseconds=1)) == before


@pytest.mark.parametrize("rule", ["FREQ=DAILY;COUNT=1", "FREQ=YEARLY"])
def test_a_rule_that_begins_in_a_repeated_hour(rule: str) -> None:
    """On 2027-11-07 New York shows 1:30 at 5:30 and at 6:30 UTC, and 1:10 at 6:10 after 1:30 was shown."""
    first, second = at("2027-11-07T05:30"), at("2027-11-07T06:30")
    once = rrule(rule, "2027-11-07T01:30")
    assert once.last_due(at("2027-11-07T06:10")) == first
    assert once.last_due(at("2027-11-08T00:00")) == first
    assert once.next_due(first) == (None if "COUNT" in rule else at("2028-11-07T06:30"))
    both = rrule(rule, "2027-11-07T01:30", dst_fold="both")
    assert list(first_dues(both, BEFORE, 2)) == [first, second]
    assert both.last_due(at("2027-11-07T06:10")) == first
    assert both.count(BEFORE, at("2027-11-08T00:00")) == 2


def test_count_counts_readings_also_those_that_a_clock_change_merges() -> None:
    schedule = rrule("FREQ=HOURLY;COUNT=4", "2027-03-14T01:00")
    assert list(first_dues(schedule, BEFORE, 9)) == [
        at("2027-03-14T06:00"),
        at("2027-03-14T07:00"),
        at("2027-03-14T08:00"),
    ]


def test_bysetpos_chooses_from_the_whole_first_week() -> None:
    """The start is a Wednesday; the first of Monday, Wednesday and Friday is the Monday before it."""
    schedule = rrule("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1", "2027-01-06T09:00", "UTC")
    assert schedule.next_due(BEFORE) == at("2027-01-11T09:00")


def test_a_week_without_weekday_has_that_of_the_start() -> None:
    """Week 1 of 2026 begins on 2025-12-29: its Tuesday belongs to the calendar year 2025."""
    schedule = rrule("FREQ=YEARLY;BYWEEKNO=1", "2024-01-02T09:00", "UTC")
    assert list(first_dues(schedule, BEFORE, 4)) == [
        at("2024-01-02T09:00"),
        at("2024-12-31T09:00"),
        at("2025-12-30T09:00"),
        at("2027-01-05T09:00"),
    ]


def test_texts_are_written_in_one_form() -> None:
    schedule = rrule("freq=weekly;byday=mo", "2027-01-04t09:00")
    assert (schedule.rule, schedule.start) == ("FREQ=WEEKLY;BYDAY=MO", "2027-01-04T09:00:00")
    assert rrule("FREQ=DAILY", "2027-01-04").start == "2027-01-04T00:00:00"


def test_count_reaches_its_bound() -> None:
    weekly = rrule(f"FREQ=WEEKLY;COUNT={COUNT_MAX}", "2000-01-01T00:00", "UTC")
    last = at("2000-01-01T00:00") + (COUNT_MAX - 1) * timedelta(days=7)
    assert weekly.last_due(datetime(9999, 1, 1, tzinfo=UTC)) == last
    assert weekly.next_due(last) is None
    assert weekly.count(BEFORE, last) == COUNT_MAX
    yearly = rrule(f"FREQ=YEARLY;COUNT={COUNT_MAX}", "2000-01-01T00:00", "UTC")
    assert yearly.last_due(datetime(9999, 6, 1, tzinfo=UTC)) == at("9999-01-01T00:00")
    with pytest.raises(BadSchedule) as refused:
        rrule(f"FREQ=HOURLY;INTERVAL=25;BYHOUR=5;COUNT={COUNT_MAX}", "2000-01-01T00:00", "UTC")
    assert refused.value.remedy == "end the rule with UNTIL instead"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=SECONDLY", 604_800),
        ("FREQ=SECONDLY;INTERVAL=7", 86_400),
        ("FREQ=MINUTELY", 10_080),
        ("FREQ=MINUTELY;INTERVAL=7", 1_440),
        ("FREQ=MINUTELY;BYSECOND=0,30;BYHOUR=9,10", 1_680),
        ("FREQ=HOURLY;INTERVAL=5", 34),
    ],
)
def test_a_week_is_counted(rule: str, expected: int) -> None:
    schedule = rrule(rule, "2007-01-01T00:00", "UTC")
    monday = at("2007-01-01T00:00") + 7 * 1_000 * timedelta(days=1) - timedelta(milliseconds=1)
    found = schedule.count(monday, monday + timedelta(days=7))
    assert found == expected


@pytest.mark.parametrize("century", [26, 30, 98])
def test_far_years_follow_the_same_rules(century: int) -> None:
    schedule = rrule("FREQ=MONTHLY;INTERVAL=7;BYDAY=-1SU", "2027-03-01T02:30")
    expected: list[datetime] = []
    month = 2027 * 12 + 2
    while len(expected) < 3:
        year, index = divmod(month, 12)
        last = datetime(year + index // 11, (index + 1) % 12 + 1, 1, 2, 30) - timedelta(days=1)  # noqa: DTZ001
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        if sunday.year >= century * 100:
            expected.append(sunday)
        month += 7
    after = datetime(century * 100, 1, 1, 12, tzinfo=UTC)
    found = first_dues(schedule, after, 3)
    assert [due.astimezone(NEW_YORK).replace(tzinfo=None) for due in found] == expected
    assert schedule.last_due(found[2] - timedelta(seconds=1)) == found[1]
    assert schedule.count(found[0], found[2]) == 2
