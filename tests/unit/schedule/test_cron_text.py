"""What the grammar accepts, what it means, and where a refusal points."""

import pytest

from horarium.core.errors import BadSchedule, BadValue
from horarium.core.schedule.cron import Cron, read_text, reckoning
from horarium.core.schedule.cron_text import CronText, read_cron

REFUSED = [
    ("", 1),
    ("   ", 1),
    ("*", 2),
    ("* * * *", 8),
    ("30 2 * *  ", 9),
    ("* * * * * * *", 13),
    ("* * * * * * * *", 13),
    ("60 * * * *", 1),
    ("0 24 * * *", 3),
    ("0 0 0 * *", 5),
    ("0 0 32 * *", 5),
    ("0 0 * 0 *", 7),
    ("0 0 * 13 *", 7),
    ("0 0 * * 8", 9),
    ("60 0 0 * * *", 1),
    ("0 60 0 * * *", 3),
    ("0 0 * * 1,8", 11),
    ("5,10,60 * * * *", 6),
    ("1-60 * * * *", 3),
    ("10-5 * * * *", 4),
    ("0 22-2 * * *", 6),
    ("0 0 * * FRI-MON", 13),
    ("0 0 * * 6-0", 11),
    ("0 0 * NOV-FEB *", 11),
    ("*/0 * * * *", 3),
    ("*/00 * * * *", 3),
    ("0-30/0 * * * *", 6),
    ("*/ * * * *", 3),
    ("*/x * * * *", 3),
    ("*/5x * * * *", 4),
    ("*/-5 * * * *", 3),
    ("*/5/5 * * * *", 4),
    ("/5 * * * *", 1),
    ("-5 * * * *", 1),
    ("5- * * * *", 3),
    ("5-10- * * * *", 5),
    ("5--10 * * * *", 3),
    ("+5 * * * *", 1),
    ("5.5 * * * *", 2),
    ("0x5 * * * *", 1),
    (", * * * *", 1),
    ("1,,2 * * * *", 3),
    ("1, * * * *", 3),
    (",1 * * * *", 1),
    ("** * * * *", 2),
    ("*5 * * * *", 2),
    ("*-5 * * * *", 2),
    ("0 0 * JANUARY *", 7),
    ("0 0 * FOO *", 7),
    ("0 0 * * MONDAY", 9),
    ("0 0 * * FOO", 9),
    ("0 0 * * JAN", 9),
    ("0 0 MON * *", 5),
    ("JAN 0 * * *", 1),
    ("0 0 * FEB-FOO *", 11),
    ("L 0 * * *", 1),
    ("0 L * * *", 3),
    ("0 0 * L *", 7),
    ("0 0 * * L", 9),
    ("0 0 L-3 * *", 6),
    ("0 0 L/2 * *", 6),
    ("0 0 1-L * *", 7),
    ("0 0 W * *", 5),
    ("0 0 0W * *", 5),
    ("0 0 32W * *", 5),
    ("0 0 15W-17 * *", 8),
    ("0 0 1-15W * *", 7),
    ("0 0 WL * *", 5),
    ("0 0 5#2 * *", 6),
    ("0 0 * * #2", 9),
    ("0 0 * * 5#", 11),
    ("0 0 * * 5#0", 11),
    ("0 0 * * 5#6", 11),
    ("0 0 * * 5#-1", 11),
    ("0 0 * * 8#1", 9),
    ("0 0 * * 5#2/2", 12),
    ("0 0 * * 8L", 9),
    ("0 0 * * FOOL", 9),
    ("0 0 * * 1-5L", 11),
    ("0 0 * * 5L/2", 11),
    ("0 0 * * 15W", 9),
    ("@", 1),
    ("@reboot", 1),
    ("@every 5m", 1),
    ("@fortnightly", 1),
    ("@daily *", 8),
    ("  @dayly", 3),
    ("* @daily", 9),
    ("٣ 2 * * *", 1),
    ("0 ２ * * *", 3),
    ("0 0 * * mon–fri", 12),
    ("0\u00a00 * * *", 2),
    ("0 0 * *\n*", 8),
    ("0 0 * * *\n", 10),
    ("0 0\0 * * *", 4),
    ("0 0 * * * # comment", 13),
    ("H 0 * * *", 1),
    ("0 0 30 2 *", 5),
    ("0 0 0 30 2 *", 7),
    ("0 0 31 4,6,9,11 *", 5),
    ("0 0 31W 2 *", 5),
    ("0 0 1W * */6", 5),
    ("1," * 128 + "1 * * * *", 257),
    (" " * 300, 257),
    ("9" * 256, 257),
]


@pytest.mark.parametrize(("text", "column"), REFUSED, ids=[ascii(text[:40]) for text, _ in REFUSED])
def test_a_refusal_points_at_the_first_character_not_understood(text: str, column: int) -> None:
    with pytest.raises(BadSchedule) as refused:
        Cron(kind="cron", expression=text, timezone="Europe/Berlin")
    assert refused.value.field == "expression"
    assert refused.value.column == column
    assert f"(column {column})" in str(refused.value)


@pytest.mark.parametrize(
    ("before", "wrapped", "after", "written"),
    [
        ("0 ", "22-2", " * * *", "22-23,0-2"),
        ("0 0 * * ", "FRI-MON", "", "FRI-6,0-MON"),
        ("0 0 * * ", "6-0", "", "6-7"),
        ("0 0 * ", "NOV-FEB", " *", "NOV-12,1-FEB"),
        ("0 0 * * 1,", "5-2", "", "5-6,0-2"),
    ],
)
def test_a_range_that_wraps_is_told_how_to_be_written(before: str, wrapped: str, after: str, written: str) -> None:
    with pytest.raises(BadSchedule) as refused:
        read_cron(before + wrapped + after)
    assert refused.value.remedy == f"write {written}"
    read_cron(before + written + after)


SAME = [
    ("0 0 * * *", "@daily"),
    ("0 0 * * *", "@MIDNIGHT"),
    ("0 * * * *", " @hourly\t"),
    ("0 0 1 1 *", "@yearly"),
    ("0 0 1 1 *", "@annually"),
    ("0 0 1 * *", "@monthly"),
    ("0 0 * * 0", "@weekly"),
    ("0 0 * * 0", "0 0 * * 7"),
    ("0 0 * * 0", "0 0 * * sun"),
    ("0 0 * * 0", "0 0 * * SUN-SUN"),
    ("0 0 * * 5,6,0", "0 0 * * fri-SUN"),
    ("0 0 * * 5,6,0", "0 0 * * 5-7"),
    ("0 0 * * 1,3,5,7", "0 0 * * 1/2"),
    ("0 0 * JAN,dec *", "0 0 * 1,12 *"),
    ("0,15,30,45 0 * * *", "0/15 0 * * *"),
    ("5,20,35,50 0 * * *", "5/15 0 * * *"),
    ("10,15,20 0 * * *", "10-20/5 0 * * *"),
    ("*/15 0 * * *", "?/15 0 * * *"),
    ("* * * * *", "? ? ? ? ?"),
    ("* * * * *", "\t*  *\t* * *  "),
    ("7 0 * * *", "07 00 * * *"),
    ("7 0 * * *", "0 7 0 * * *"),
    ("7 0 L * *", "7 0 l * *"),
    ("7 0 * * 5#2", "7 0 * * fri#2"),
    ("7 0 * * 0L", "7 0 * * SUNL"),
    ("7 0 * * 0#1", "7 0 * * 7#1"),
    ("1,2,3 0 * * *", "3,1-2,2 0 * * *"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_of_writing_the_same(one: str, other: str) -> None:
    assert meaning(read_cron(one)) == meaning(read_cron(other))


def meaning(text: CronText) -> tuple[object, ...]:
    return (text.seconds, text.minutes, text.hours, text.days, text.wild)


def test_a_step_beyond_its_field_leaves_the_first_value() -> None:
    assert read_cron("*/90 0 * * *").minutes == 1
    assert read_cron(f"*/{'9' * 200} 0 * * *").minutes == 1


@pytest.mark.parametrize(
    ("text", "wild"),
    [
        ("0 0 * * *", False),
        ("* 0 * * *", True),
        ("*/5 0 * * *", True),
        ("0 * * * *", True),
        ("0 ?/2 * * *", True),
        ("0,*/5 0-23 * * *", False),
        ("0 30 2 * * *", False),
        ("* 30 2 * * *", True),
        ("0-59 0-59 0-23 * * *", False),
    ],
)
def test_wild_is_what_begins_with_a_star(text: str, wild: bool) -> None:
    assert Cron(kind="cron", expression=text, timezone="UTC").wild is wild


@pytest.mark.parametrize("field", [{"dst_gap": "skip"}, {"dst_fold": "both"}])
def test_ways_through_clock_changes_belong_to_fixed_texts(field: dict[str, str]) -> None:
    Cron(kind="cron", expression="0 2 * * *", timezone="UTC", **field)  # type: ignore[arg-type]
    with pytest.raises(BadValue) as refused:
        Cron(kind="cron", expression="*/5 2 * * *", timezone="UTC", **field)  # type: ignore[arg-type]
    assert refused.value.field == next(iter(field))
    Cron(kind="cron", expression="*/5 2 * * *", timezone="UTC", dst_gap="run_after", dst_fold="first")


def test_a_time_that_every_clock_change_skips_is_refused() -> None:
    always_skipped = "30 2 * 3 0#2"
    Cron(kind="cron", expression=always_skipped, timezone="America/New_York")
    Cron(kind="cron", expression=always_skipped, timezone="UTC", dst_gap="skip")
    with pytest.raises(BadSchedule, match="skipped by the clock changes of America/New_York"):
        Cron(kind="cron", expression=always_skipped, timezone="America/New_York", dst_gap="skip")
    with pytest.raises(BadSchedule, match="skipped"):
        Cron(kind="cron", expression="*/30 2 * 3 0#2", timezone="America/New_York")


def test_what_was_read_is_kept_within_bounds() -> None:
    for cached in (read_text, reckoning):
        assert cached.cache_info().maxsize == 4_096
