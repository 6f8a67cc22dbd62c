"""Sentences as people would write them, each exact, each readable again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays, Dates, Holidays, Weekdays
from horarium.core.schedule.describe import describe, length_words
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.phrase import parse
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.same import normal_form

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def cron(expression: str, timezone: str = BERLIN, **members: Any) -> Cron:
    return Cron(kind="cron", expression=expression, timezone=timezone, **members)


CRON = [
    ("0 9 * * 1-5", "At 09:00, Monday to Friday, Europe/Berlin"),
    ("0 9 * * *", "At 09:00, every day, Europe/Berlin"),
    ("30 17 * * FRI", "At 17:30, every Friday, Europe/Berlin"),
    ("0 9,17 * * *", "At 09:00 and 17:00, every day, Europe/Berlin"),
    ("15,45 8 * * 1,3,5", "At 08:15 and 08:45, Monday, Wednesday and Friday, Europe/Berlin"),
    ("0 10 * * 6,0", "At 10:00, Saturday and Sunday, Europe/Berlin"),
    ("0 10 * * FRI-SUN", "At 10:00, Friday to Sunday, Europe/Berlin"),
    ("0 10 * * 0,1", "At 10:00, Monday and Sunday, Europe/Berlin"),
    ("15 30 12 * * *", "At 12:30:15, every day, Europe/Berlin"),
    ("0 0 1 1 *", "At 00:00, every 1 January, Europe/Berlin"),
    ("0 8 24,31 12 *", "At 08:00, on the 24th and 31st of the month, in December, Europe/Berlin"),
    ("0 8 1-5,15 * *", "At 08:00, on the 1st to 5th and 15th of the month, Europe/Berlin"),
    ("0 8 15,L * *", "At 08:00, on the 15th and last day of the month, Europe/Berlin"),
    ("0 8 LW * *", "At 08:00, on the last workday of the month, Europe/Berlin"),
    ("0 8 1W * *", "At 08:00, on the 1st workday of the month, Europe/Berlin"),
    ("0 8 15W * *", "At 08:00, on the workday nearest the 15th of the month, Europe/Berlin"),
    ("30 9 * * 2#2", "At 09:30, on the 2nd Tuesday of the month, Europe/Berlin"),
    ("0 17 * * 5L", "At 17:00, on the last Friday of the month, Europe/Berlin"),
    (
        "0 9 * 1,4,7,10 1#1",
        "At 09:00, on the 1st Monday of the month, in January, April, July and October, Europe/Berlin",
    ),
    ("0 9 * * 1,2#1", "At 09:00, every Monday, and also on the 1st Tuesday of the month, Europe/Berlin"),
    ("0 9 * * 1-5,6L", "At 09:00, Monday to Friday, and also on the last Saturday of the month, Europe/Berlin"),
    # either is enough, in words; both must hold, in words
    ("0 9 15 * 1", "At 09:00, on the 15th of the month, or every Monday, Europe/Berlin"),
    ("0 9 15 * 1#2", "At 09:00, on the 15th of the month, or also on the 2nd Monday of the month, Europe/Berlin"),
    (
        "0 9 15 * 5,1#1",
        "At 09:00, on the 15th of the month, or every Friday, and also on the 1st Monday of the month, Europe/Berlin",
    ),
    (
        "0 9 */31 * 5,1#1",
        "At 09:00, on the 1st of the month, only if it is Friday or on the 1st Monday of the month, Europe/Berlin",
    ),
    ("0 9 */31 * 1", "At 09:00, on the 1st of the month, only if it is Monday, Europe/Berlin"),
    # a field that names every day adds nothing
    ("0 9 1-31 * 1", "At 09:00, every day, Europe/Berlin"),
    ("0 9 * * 0-6", "At 09:00, every day, Europe/Berlin"),
    ("0 9 ? 5-8 ?", "At 09:00, in May to August, Europe/Berlin"),
    # real time
    ("* * * * *", "Every minute by the clock, Europe/Berlin"),
    ("*/15 * * * *", "Every 15 minutes by the clock, Europe/Berlin"),
    ("0 * * * *", "Every hour by the clock, Europe/Berlin"),
    ("0 */2 * * 1-5", "Every 2 hours by the clock, Monday to Friday, Europe/Berlin"),
    ("*/30 * * * * *", "Every 30 seconds by the clock, Europe/Berlin"),
    ("*/15 8-17 * * *", "Every 15 minutes from 08:00 to 17:45, Europe/Berlin"),
    ("* 8 * * *", "Every minute from 08:00 to 08:59, Europe/Berlin"),
    ("5 * * * *", "At minute 5 of every hour, every day, Europe/Berlin"),
    ("5,35 * * * *", "At minutes 5 and 35 of every hour, every day, Europe/Berlin"),
    (
        "*/13 8-17 * * *",
        "At minutes 0, 13, 26, 39 and 52 of hours 8 to 17, following real time, every day, Europe/Berlin",
    ),
    ("0 0 */24 * * *", "At minute 0 of hour 0, following real time, every day, Europe/Berlin"),
    # the same times, but named: they follow the calendar
    ("0 0-23 * * *", "Every hour from 00:00 to 23:00, Europe/Berlin"),
    ("30 9-17/2 * * *", "At 09:30, 11:30, 13:30, 15:30 and 17:30, every day, Europe/Berlin"),
    ("0 0-22/2 * * *", "Every 2 hours from 00:00 to 22:00, Europe/Berlin"),
    ("0,15,30,45 8-17 * * *", "At minutes 0, 15, 30 and 45 of hours 8 to 17, every day, Europe/Berlin"),
    ("0-29 30 8-17 * * *", "At seconds 0 to 29 of minute 30 of hours 8 to 17, every day, Europe/Berlin"),
]


@pytest.mark.parametrize(("expression", "sentence"), CRON)
def test_cron(expression: str, sentence: str) -> None:
    assert describe(cron(expression)) == sentence


START, END = (
    datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
    datetime(2027, 6, 30, 22, 0, tzinfo=UTC) - timedelta(milliseconds=1),
)
RULED: list[tuple[Any, str]] = [
    (Once(kind="once", at=NOON), "Once at 2027-03-01 12:00Z"),
    (Once(kind="once", at=NOON.replace(second=5, microsecond=250_000)), "Once at 2027-03-01 12:00:05.250Z"),
    (Once(kind="once", at=NOON, if_past="run"), "Once at 2027-03-01 12:00Z, at once if that has passed"),
    (Every(kind="every", seconds=1), "Every second"),
    (Every(kind="every", seconds=60), "Every minute"),
    (Every(kind="every", seconds=5400), "Every 90 minutes"),
    (Every(kind="every", seconds=86_400), "Every 24 hours"),
    (Every(kind="every", seconds=1.5), "Every 1.5 seconds"),
    (Every(kind="every", seconds=7200, anchor=NOON), "Every 2 hours, counted from 2027-03-01 12:00Z"),
    (Every(kind="every", seconds=60, anchor=NOON, starts_at=NOON), "Every minute, starting 2027-03-01 12:00Z"),
    (
        Every(kind="every", seconds=60, starts_at=NOON),
        "Every minute, counted from its saving, starting 2027-03-01 12:00Z",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", start="2027-01-04T08:00", timezone=BERLIN),
        "Every other Monday at 08:00, counted from 2027-01-04, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,MO", start="2027-01-04T08:00", timezone=BERLIN),
        "Every 3 weeks on Monday and Tuesday at 08:00, counted from 2027-01-04, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="INTERVAL=3;FREQ=DAILY", start="2027-01-04T08:00:30", timezone=BERLIN, dst_gap="skip"),
        "Every 3 days at 08:00:30, counted from 2027-01-04, Europe/Berlin, left out when the clocks skip it",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=3", start="2027-01-04T08:00", timezone=BERLIN),
        "Every 5 months on the 3rd at 08:00, counted from 2027-01-04, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="freq=daily;count=3", start="2027-01-04", timezone="UTC"),
        "Every day at 00:00, counted from 2027-01-04, 3 times in all, UTC",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=DAILY;BYMONTH=8,7;BYHOUR=20,8", start="2027-01-04", timezone="UTC"),
        "Every day in July and August at 08:00 and 20:00, counted from 2027-01-04 00:00, UTC",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=WEEKLY;UNTIL=20270630T173000", start="2027-01-04T08:00", timezone=BERLIN),
        "Every week on Monday at 08:00, counted from 2027-01-04 to 2027-06-30 17:30, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=MONTHLY;BYDAY=2TU,-1FR", start="2027-01-04T08:00", timezone=BERLIN),
        "Every month on the 2nd Tuesday and last Friday at 08:00, counted from 2027-01-04, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=MONTHLY;BYMONTHDAY=1,15,-1", start="2027-01-04T08:00", timezone=BERLIN),
        "Every month on the 1st, 15th and last day at 08:00, counted from 2027-01-04, Europe/Berlin",
    ),
    (
        Rrule(
            kind="rrule", rule="FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2", start="2027-01-01T09:00", timezone=BERLIN
        ),
        "Every month on the 2nd working day (Monday to Friday) at 09:00, counted from 2027-01-01, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=MONTHLY;BYMONTHDAY=-2", start="2027-01-01T09:00", timezone=BERLIN),
        "Every month on the 2nd last day at 09:00, counted from 2027-01-01, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=MONTHLY;BYMONTHDAY=-1,1,-3", start="2027-01-01T09:00", timezone=BERLIN),
        "Every month on the 1st day, 3rd last day and last day at 09:00, counted from 2027-01-01, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=MONTHLY;BYDAY=-2FR,1MO", start="2027-01-01T09:00", timezone=BERLIN),
        "Every month on the 1st Monday and 2nd last Friday at 09:00, counted from 2027-01-01, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=MONTHLY;BYDAY=SU,SA;BYSETPOS=-1", start="2027-01-01T09:00", timezone=BERLIN),
        "Every month on the last weekend day at 09:00, counted from 2027-01-01, Europe/Berlin",
    ),
    (
        Rrule(
            kind="rrule",
            rule="FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            start="2027-01-01T09:00",
            timezone=BERLIN,
        ),
        "Every month on the 2nd last working day (Monday to Friday) at 09:00, counted from 2027-01-01, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=YEARLY;BYYEARDAY=111,-1", start="2027-01-01T09:00", timezone=BERLIN),
        "Every year on the 111th day and last day of the year at 09:00, counted from 2027-01-01, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=HOURLY;INTERVAL=7", start="2027-01-01T09:15", timezone=BERLIN),
        "Every 7 hours by the clock, counted from 2027-01-01 09:15, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=MINUTELY;COUNT=3", start="2027-01-01T09:15:30", timezone=BERLIN),
        "Every minute by the clock, counted from 2027-01-01 09:15:30, 3 times in all, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", start="2027-01-01T09:00", timezone=BERLIN),
        "Every month on the 13th, only if it is Friday, at 09:00, counted from 2027-01-01, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=YEARLY;INTERVAL=2", start="2027-03-01T09:00", timezone=BERLIN),
        "Every 2 years on 1 March at 09:00, counted from 2027-03-01, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", start="2027-03-01T09:00", timezone=BERLIN),
        "Every year in November on the 4th Thursday at 09:00, counted from 2027-03-01, Europe/Berlin",
    ),
    (
        Rrule(kind="rrule", rule="FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", start="2027-01-04", timezone="UTC"),
        "By the rule FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO starting 2027-01-04 00:00, UTC",
    ),
    (
        cron(
            "0 9 * * *",
            except_=(CalendarDays(kind="calendar", name='Schließtage", until \\ \u202e', days=("2027-12-24",)),),
        ),
        r'At 09:00, every day, Europe/Berlin, except calendar "Schließtage\", until \\ \u202e"',
    ),
    (
        cron("0 9 * * *", dst_gap="skip", dst_fold="both"),
        "At 09:00, every day, Europe/Berlin, left out when the clocks skip it, twice when the clocks repeat it",
    ),
    (
        cron("0 9 * * *", starts_at=START, ends_at=END, max_occurrences=10, jitter_seconds=300),
        (
            "At 09:00, every day, Europe/Berlin, starting 2027-01-01, until 2027-06-30, at most 10 times, "
            "each at random within 5 minutes"
        ),
    ),
    (
        cron("0 9 * * *", starts_at=NOON, ends_at=NOON + timedelta(hours=11)),
        "At 09:00, every day, Europe/Berlin, starting 2027-03-01 13:00, until 2027-03-02 00:00",
    ),
    (
        # 02:30 comes twice in that night: only UTC says which of them
        cron("0 9 * * *", starts_at=datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        "At 09:00, every day, Europe/Berlin, starting 2027-10-31 01:30Z",
    ),
    (
        cron(
            "0 9 15 * *",
            except_=(
                Weekdays(kind="weekdays", days=("sunday", "saturday")),
                Dates(kind="dates", dates=("2027-12-24", "2027-12-27/2027-12-31")),
                Holidays(kind="holidays", country="DE", subdivision="BE"),
                CalendarDays(kind="calendar", name="ops", version=3, days=("2027-01-02",)),
            ),
            roll="back",
        ),
        (
            "At 09:00, on the 15th of the month, Europe/Berlin, except Saturday and Sunday, "
            "except 2027-12-24 and 2027-12-27 to 2027-12-31, except holidays of DE-BE, "
            'except calendar "ops", moved to the previous open day'
        ),
    ),
    (
        Every(
            kind="every",
            seconds=60,
            except_=(Weekdays(kind="weekdays", days=("sunday",), timezone="Asia/Tokyo"),),
        ),
        "Every minute, except Sunday (days of Asia/Tokyo)",
    ),
    (
        cron(
            "0 9 * * *",
            except_=(
                Dates(kind="dates", dates=("--12-24", "2027-05-01", "--12-24/--01-02", "--01-01/--01-31")),
                Dates(kind="dates", dates=("--01-01/--01-31", "--11-01/--02-29"), timezone="Asia/Tokyo"),
                Dates(kind="dates", dates=("--02-01/--02-28", "--02-29")),
            ),
        ),
        (
            "At 09:00, every day, Europe/Berlin, "
            "except 24 December and 2027-05-01 and 24 December to 2 January and 1 January to 31 January, "
            "except in January and November to February (days of Asia/Tokyo), "
            "except 1 February to 28 February and 29 February"
        ),
    ),
    (
        cron("0 9 * * *", except_=(cron("* * 24 12 *"),)),
        "At 09:00, every day, Europe/Berlin, except (Every minute by the clock, every 24 December, Europe/Berlin)",
    ),
    (
        AnyOf(kind="any_of", schedules=(cron("0 9 * * 1-5"), cron("30 17 * * 1-5"))),
        "At 09:00 and 17:30, Monday to Friday, Europe/Berlin",
    ),
    (
        AnyOf(kind="any_of", schedules=(cron("30 17 * * 1-5"), cron("0 9 * * 1-5"))),
        "(At 17:30, Monday to Friday, Europe/Berlin) or (At 09:00, Monday to Friday, Europe/Berlin)",
    ),
    (
        AnyOf(kind="any_of", schedules=(cron("0 9 * * *"), Every(kind="every", seconds=60)), max_occurrences=1),
        "(At 09:00, every day, Europe/Berlin) or (Every minute), at most 1 time",
    ),
    (
        AnyOf(kind="any_of", schedules=(cron("0 9 * * 1#1"), cron("0 8 * * 5")), starts_at=START, ends_at=END),
        (
            "(At 09:00, on the 1st Monday of the month, Europe/Berlin) or (At 08:00, every Friday, Europe/Berlin), "
            "starting 2027-01-01, until 2027-06-30"
        ),
    ),
    (
        AnyOf(kind="any_of", schedules=(cron("0 9 * * *"), cron("0 8 * * 5", "Asia/Tokyo")), ends_at=END),
        (
            "(At 09:00, every day, Europe/Berlin) or (At 08:00, every Friday, Asia/Tokyo), "
            "until 2027-06-30 21:59:59.999Z"
        ),
    ),
    (AnyOf(kind="any_of", schedules=(cron("0 9 * * *"),)), "Any of (At 09:00, every day, Europe/Berlin)"),
]


@pytest.mark.parametrize(("schedule", "sentence"), RULED, ids=[sentence for _, sentence in RULED])
def test_other_kinds_and_what_stands_beside_the_rule(schedule: Any, sentence: str) -> None:
    assert describe(schedule) == sentence


@pytest.mark.parametrize("schedule", [cron(expression) for expression, _ in CRON] + [schedule for schedule, _ in RULED])
def test_each_of_these_sentences_reads_back(schedule: Any) -> None:
    read = parse(describe(schedule), "Asia/Tokyo", NOON).schedule
    assert normal_form(read) == normal_form(schedule)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (90, "90 seconds"),
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (0.25, "0.25 seconds"),
        (1.001, "1.001 seconds"),
        (604_800, "168 hours"),
    ],
)
def test_a_length_is_written_in_one_way(seconds: int | float, words: str) -> None:
    assert length_words(seconds) == words
