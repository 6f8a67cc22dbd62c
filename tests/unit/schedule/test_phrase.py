"""Text to schedule: what is assumed is said, where it stands does not matter, and reading costs next to nothing."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from horarium.core.errors import BadPhrase, BadValue
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays, Dates
from horarium.core.schedule.describe import describe
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.phrase import PHRASE_MAX, parse
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.same import normal_cron, normal_form, normal_rrule

NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)  # a Friday
BERLIN = "Europe/Berlin"


def read(text: str) -> Any:
    return parse(text, BERLIN, NOW).schedule


def notes(text: str) -> tuple[str, ...]:
    return parse(text, BERLIN, NOW).notes


def test_a_phrase_becomes_the_cron_text_that_says_it() -> None:
    assert read("2nd Tuesday of the month 09:30 New York time") == Cron(
        kind="cron", expression="30 9 * * 2#2", timezone="America/New_York"
    )


def test_an_interval_alone_is_elapsed_time_and_one_of_the_clock_is_not() -> None:
    assert read("every 15 minutes") == Every(kind="every", seconds=900)
    assert read("every 15 minutes by the clock") == Cron(kind="cron", expression="*/15 * * * *", timezone=BERLIN)
    assert read("every 15 minutes on weekdays") == Cron(kind="cron", expression="*/15 * * * 1-5", timezone=BERLIN)


def test_every_other_monday_begins_with_the_next_one_in_the_zone_of_the_phrase() -> None:
    # In Kiritimati it is Saturday already; a Saturday begins there today, in Berlin tomorrow.
    assert read("every other Saturday at 8:00") == Rrule(
        kind="rrule", rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", start="2027-01-16T08:00:00", timezone=BERLIN
    )
    late = parse("every other Saturday at 8:00 in Kiritimati", BERLIN, datetime(2027, 1, 15, 11, 0, tzinfo=UTC))
    assert late.schedule == Rrule(
        kind="rrule", rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", start="2027-01-16T08:00:00", timezone="Pacific/Kiritimati"
    )
    assert "it is counted from 2027-01-16" in late.notes


def test_times_that_one_cron_text_cannot_say_are_several_schedules() -> None:
    assert read("weekdays at 9:00 and 17:30") == AnyOf(
        kind="any_of",
        schedules=(
            Cron(kind="cron", expression="0 9 * * 1-5", timezone=BERLIN),
            Cron(kind="cron", expression="30 17 * * 1-5", timezone=BERLIN),
        ),
    )
    assert read("weekdays at 9:15 and 17:15") == Cron(kind="cron", expression="15 9,17 * * 1-5", timezone=BERLIN)


def test_today_and_tomorrow_are_days_of_the_zone() -> None:
    late = datetime(2027, 1, 15, 23, 30, tzinfo=UTC)  # the 16th in Berlin
    assert parse("tomorrow 7am", BERLIN, late).schedule == Once(kind="once", at=datetime(2027, 1, 17, 6, 0, tzinfo=UTC))
    assert parse("tomorrow 7am", "UTC", late).schedule == Once(kind="once", at=datetime(2027, 1, 16, 7, 0, tzinfo=UTC))


def test_days_ahead_keep_the_time_of_day_through_a_clock_change() -> None:
    before = datetime(2027, 3, 27, 11, 0, tzinfo=UTC)  # noon in Berlin, the clocks go forward that night
    noon, an_hour_later = datetime(2027, 3, 28, 10, 0, tzinfo=UTC), datetime(2027, 3, 28, 11, 0, tzinfo=UTC)
    assert parse("in 1 day", BERLIN, before).schedule == Once(kind="once", at=noon)
    assert parse("in 24 hours", BERLIN, before).schedule == Once(kind="once", at=an_hour_later)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("every day at 9", "9 is read as 09:00 (24-hour clock)"),
        ("every day at 9:00", "times are those of Europe/Berlin, as no place was named"),
        ("at 9:00", "no day was said: every day"),
        ("on Mondays", "no time was said: 00:00"),
        ("every day at midnight", "midnight is 00:00, the start of the day"),
        ("every day at 12am", "12am is read as midnight"),
        ("every day at 12:30 am", "12:30 am is read as just after midnight"),
        ("every day at 9, 12 and 15", "12 is read as 12:00, noon, as other hours are above 12"),
        ("at 7 in the evening", "7 in the evening is read as 19:00"),
        ("at half past 9", "half past 9 is read as 09:30 (24-hour clock)"),
        ("tomorrow at 9:00", "tomorrow is 2027-01-16 in Europe/Berlin"),
        ("in 20 minutes", "in 20 minutes is 2027-01-15 11:40:00 in Europe/Berlin"),
        ("every 15 minutes between 8 and 18", "18:00 itself is not included; write from … to … to include it"),
        ("every hour from 8:00 to 18:00", "18:00 itself is included"),
        ("next Monday at 9:00", "next Monday is 2027-01-18 in Europe/Berlin"),
        ("every day at 9:00 starting next Monday", "next Monday is 2027-01-18 in Europe/Berlin"),
        ("every day at 9:00 except 24 December", "days without a year are left out every year"),
        (
            "every day at 9:00 except the last Friday of the month",
            "these days are left out by their whole minutes, in Europe/Berlin",
        ),
        ("weekdays at 9:00 except holidays", "holidays are those of Germany (DE), where Europe/Berlin lies"),
        ("every 90 minutes", "it is counted from when it is saved, not by the clock"),
        ("every 3 days", "3 days are counted as 72 hours from when it is saved; name a time for days of the calendar"),
        ("every 2 months", "every 2 months is January, March, May, July, September, November"),
        ("monthly at 9:00", "no day of the month was said: the 1st"),
        ("first Monday at 9:00", "the ordinal counts within every month"),
        ("on the 31st at 9:00", "months without a 31st are left out"),
        ("Friday the 13th at 9:00", "both must hold: the weekday and the day of the month"),
        ("every day at 9:00 until 2027-06-30", "until 2027-06-30 includes that day, in Europe/Berlin"),
        (
            "on the 15th at 9:00, moved to the next working day",
            "Saturdays and Sundays are left out, so that the day moved to is a working day",
        ),
        ("FREQ=DAILY", "the rule begins with its next time, 2027-01-16 00:00, as no DTSTART was given"),
        ("every day at 9 except Mondays in July", "the months belong to the exception: left out are Mondays in July"),
        (
            "every other week starting tomorrow",
            "2 weeks are counted as 336 hours from when it starts; name a weekday for days of the calendar",
        ),
        (
            "on the 15th at 9:00, moved to the next working day",
            'working days are Monday to Friday; write "except holidays" to move off public holidays too',
        ),
        ("FREQ=DAILY;UNTIL=20270201T090000Z", "UNTIL is 2027-02-01 10:00:00 in Europe/Berlin"),
    ],
)
def test_what_is_assumed_is_said(text: str, note: str) -> None:
    assert note in notes(text)


@pytest.mark.parametrize(
    "text",
    [
        "every weekday at 09:00 in New York",
        "2027-03-01T09:00:00Z",
        "CRON_TZ=Asia/Tokyo 0 9 * * *",
        "DTSTART;TZID=Asia/Tokyo:20270104T090000\nRRULE:FREQ=DAILY",
        "Mon *-*-* 12:00:00 Europe/Berlin",
    ],
)
def test_where_nothing_is_assumed_nothing_is_said(text: str) -> None:
    assert notes(text) == ()


def test_the_parts_may_stand_in_any_order_and_any_case() -> None:
    first = read("every weekday at 9:00 Berlin time except 2027-12-24 starting 2027-02-01")
    for text in (
        "at 9:00 every weekday, Berlin time, starting 2027-02-01, except 2027-12-24",
        "STARTING 2027-02-01 AT 9:00 EVERY WEEKDAY EXCEPT 2027-12-24 IN BERLIN",
        "Europe/Berlin, weekdays except 2027-12-24 at 9am, starting 2027-02-01.",
    ):
        assert read(text) == first


def test_the_outer_place_holds_inside_brackets_that_name_none() -> None:
    members = read("(weekdays at 9:00) or (weekends at 11:00 in Tokyo), New York time").schedules
    assert [member.timezone for member in members] == ["America/New_York", "Asia/Tokyo"]


def test_days_left_out_of_what_has_no_zone_say_their_own() -> None:
    assert read("every 15 minutes except weekends").except_[0].timezone == BERLIN
    assert read("every day at 9:00 except weekends").except_[0].timezone is None


def test_an_unknown_zone_beside_the_text_is_the_callers_mistake() -> None:
    with pytest.raises(BadValue) as caught:
        parse("every day at 9:00", "Europe/Berln", NOW)
    assert caught.value.field == "timezone"


def test_one_meaning_has_one_normal_form() -> None:
    assert normal_cron("0 9 * * SUN,MON-FRI,7") == "0 9 * * 0-5"
    assert normal_cron("0 9 1-31 * MON") == "0 9 * * *"
    assert normal_cron("0 0 9 * * 2#1,TUE") == "0 9 * * 2"
    assert normal_cron("? ? * * *") == "* * * * *"
    assert normal_rrule("BYDAY=WE,MO;WKST=MO;INTERVAL=1;FREQ=WEEKLY") == "FREQ=WEEKLY;BYDAY=MO,WE"
    spelled = Cron(kind="cron", expression="@daily", timezone="UTC")
    assert normal_form(spelled) == Cron(kind="cron", expression="0 0 * * *", timezone="UTC")


def test_a_step_through_the_clock_and_the_same_times_named_are_not_the_same() -> None:
    assert normal_cron("*/30 9 * * *") != normal_cron("0,30 9 * * *")


PATHOLOGICAL = [
    "(" * PHRASE_MAX,
    "(every day at 9:00) or " * 11,
    "every day except " * 15,
    "9:00 and " * 28,
    "every 1 second from 00:00 to 23:59:59",
    "every 7 seconds from 0:00:01 to 23:59",
    "every 1 second from 00:00 to 23:59:59 until Friday",
    "every 1 second from 00:00:00 to 23:59:58 except 12",
    "every 5 seconds except (every 7 seconds from 00:00 to 23:59:59) except at " + "9:00, " * 30,
    "third last day and " * 14,
    "every Monday at 9 on the 1st " * 9,
    "every 11 minutes from 0:01 to 23:59 on the 13th only if it is Friday",
    "except holidays of " + "Z" * 200,
    "Europe/" + "B" * 249,
    "x" * PHRASE_MAX,
    "1" * PHRASE_MAX,
    "1 " * 128,
    "the " * 64,
    "and " * 64,
    "* " * 128,
    "*-" * 128,
    "2027-01-01 and " * 17,
    "FREQ=" + "A" * 251,
    "mon," * 64,
    "Mon.." * 51,
    "half past " * 25,
    '"' * PHRASE_MAX,
    "in 1 hour and 1 hour and " * 10,
]


@pytest.mark.parametrize("text", PATHOLOGICAL, ids=lambda text: text[:20])
def test_texts_that_could_take_long_are_read_or_refused_in_place(text: str) -> None:
    """What they cost is measured in bench/words.py."""
    text = text[:PHRASE_MAX]
    column, word = 1, ""
    try:
        parse(text, BERLIN, NOW)
    except BadPhrase as refused:
        column, word = refused.column or 0, refused.word
    assert column >= 1
    assert text[column - 1 :].startswith(word)


def test_the_grammar_is_loaded_when_the_first_phrase_is_read() -> None:
    program = (
        "import sys; from datetime import UTC, datetime; from horarium.core.schedule.phrase import parse;"
        "from horarium.core.schedule.describe import describe;"
        "before = 'lark' in sys.modules; parse('0 9 * * *', 'UTC', datetime(2027, 1, 1, tzinfo=UTC));"
        "cron = 'lark' in sys.modules; parse('daily at 9:00', 'UTC', datetime(2027, 1, 1, tzinfo=UTC));"
        "print(before, cron, 'lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True"]


def test_a_local_anchor_says_whose_time_it_is() -> None:
    whose = "times are those of Europe/Berlin, as no place was named"
    assert whose in notes("every 90 minutes counted from 2027-01-15 12:00")
    assert whose in notes("every 90 minutes starting 2027-02-01")
    assert whose not in notes("every 90 minutes counted from 2027-01-15 12:00Z")
    assert whose not in notes("every 90 minutes")


@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01 at 00:30",
        "9999-12-31 23:30 in New York",
        "every day at 9:00 starting 1970-01-01",
        "2027-01-01T00:00+25:00",
    ],
)
def test_instants_that_the_books_cannot_hold_are_refused(text: str) -> None:
    with pytest.raises(BadPhrase):
        parse(text, BERLIN, NOW)


def test_the_last_day_there_is_can_be_the_last() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
    assert parse("every day at 9:00 until 9999-12-31", "UTC", NOW).schedule.ends_at == last
    with pytest.raises(BadPhrase):
        parse("every day at 9:00 until 9999-12-31 in New York", "UTC", NOW)


@pytest.mark.parametrize(
    ("said", "dates"),
    [
        ("24 and 31 December", ("--12-24", "--12-31")),
        ("from 24 December to 2 January", ("--12-24/--01-02",)),
        ("December 24 to January 2", ("--12-24/--01-02",)),
        ("24 to 26 December", ("--12-24/--12-26",)),
        ("24 December 2027 to 2 January 2028", ("2027-12-24/2028-01-02",)),
        ("24 December and in January", ("--12-24", "--01-01/--01-31")),
        ("in November to February", ("--11-01/--02-29",)),
        ("March 21 and 28 September", ("--03-21", "--09-28")),
        ("March 21 and 28 and May 5", ("--03-21", "--03-28", "--05-05")),
        ("March 21 to 28 September", ("--03-21/--09-28",)),
        ("2027-05-01, 24 December and 2027-05-03", ("2027-05-01", "--12-24", "2027-05-03")),
    ],
)
def test_days_that_are_left_out(said: str, dates: tuple[str, ...]) -> None:
    (listed,) = read(f"every day at 9:00 except {said}").except_
    assert (listed.kind, listed.dates) == ("dates", dates)


def test_a_list_of_a_thousand_days_reads_back() -> None:
    days = tuple(f"{date(2027, 1, 1) + timedelta(days=3 * index)}" for index in range(1_000))
    stretches = tuple(f"{day}/{date.fromisoformat(day) + timedelta(days=1)}" for day in days)
    for listed in (days, stretches):
        left_out = Dates(kind="dates", dates=listed)
        made = Cron(kind="cron", expression="0 9 * * *", timezone=BERLIN, except_=(left_out,))
        assert read(describe(made)) == made


def test_the_name_of_a_calendar_may_hold_anything_and_forges_nothing() -> None:
    for written, name in (
        ('"Schließtage"', "Schließtage"),
        (r'"x\", until 2020-01-01"', 'x", until 2020-01-01'),
        (r'"a\\b\u202e\U0001f600"', "a\\b\u202e\U0001f600"),
    ):
        made = read(f"every day at 9:00 except calendar {written}")
        assert made.except_ == (CalendarDays(kind="calendar", name=name),)
        assert made.ends_at is None
    assert r"\u202e" in describe(read('every day at 9:00 except calendar "a\u202eb"'))


def test_a_rule_says_what_it_takes_from_its_start() -> None:
    start = "2027-01-04T09:30:00"  # a Monday
    assert normal_rrule("FREQ=WEEKLY", start) == "FREQ=WEEKLY;BYDAY=MO"
    assert normal_rrule("FREQ=MONTHLY;BYHOUR=9;BYMINUTE=30", start) == "FREQ=MONTHLY;BYMONTHDAY=4"
    assert normal_rrule("FREQ=YEARLY", start) == "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=4"
    assert normal_rrule("FREQ=YEARLY;BYMONTH=3", start) == "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=4"
    assert normal_rrule("FREQ=DAILY;BYHOUR=9,10", start) == "FREQ=DAILY;BYHOUR=9,10"
    assert normal_rrule("FREQ=HOURLY;BYHOUR=9", start) == "FREQ=HOURLY;BYHOUR=9"


def test_what_comes_back_in_intervals_begins_with_its_next_time() -> None:
    tuesday = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)  # 13:30 in Berlin
    for text, start in (
        ("every other Tuesday at 8", "2026-12-01T08:00:00"),
        ("every other Tuesday at 14:00", "2026-11-24T14:00:00"),
        ("every other day at noon", "2026-11-25T12:00:00"),
        ("every other day at 8 starting tomorrow", "2026-11-25T08:00:00"),
        ("every 3 days at 6am from 2026-12-24", "2026-12-24T06:00:00"),
        ("every other day at 8 starting 2026-11-26 09:00", "2026-11-27T08:00:00"),
        ("every 2 years on 1 March at 9:00", "2027-03-01T09:00:00"),
    ):
        made: Any = parse(text, BERLIN, tuesday).schedule
        assert made.start == start, text
    first = parse("every 2 months on the 1st starting 2026-12-01", BERLIN, tuesday).schedule.next_due(tuesday)
    assert first == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)  # 1 December in Berlin
