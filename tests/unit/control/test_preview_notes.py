"""The notes of a preview: each with its sentence, worked out by hand on the calendar of 2027."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from horarium.control.preview import Preview, crowded, passed, preview, tight
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays, Dates, Holidays, Weekdays
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.schedule import Schedule

NOW = datetime(2027, 9, 25, tzinfo=UTC)
"""A Saturday, two in the morning in Berlin."""
GERMAN = Holidays(kind="holidays", country="DE")
WEEKEND = Weekdays(kind="weekdays", days=("saturday", "sunday"))
SUNDAY = Weekdays(kind="weekdays", days=("sunday",))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cron(expression: str, zone: str = "Europe/Berlin", **more: Any) -> Cron:
    return Cron(kind="cron", expression=expression, timezone=zone, **more)


def rrule(rule: str, start: str, zone: str = "Europe/Berlin", **more: Any) -> Rrule:
    return Rrule(kind="rrule", rule=rule, start=start, timezone=zone, **more)


def any_of(*schedules: Schedule, **more: Any) -> AnyOf:
    return AnyOf(kind="any_of", schedules=schedules, **more)


def seen(schedule: Schedule, count: int, after: datetime = NOW) -> Preview:
    return preview(schedule, after, count, NOW)


def texts(found: Preview, *kinds: str) -> list[str]:
    return [note.text for note in found.notes if note.kind in kinds]


# Moved off a day


@pytest.mark.parametrize(
    ("expression", "roll", "said"),
    [
        ("0 9 3 10 *", "forward", "Mon 4 Oct 2027: moved from Sun 3 Oct, German Unity Day."),
        ("0 9 3 10 *", "back", "Sat 2 Oct 2027: moved from Sun 3 Oct, German Unity Day."),
        ("0 9 1 1 *", "back", "Fri 31 Dec 2027: moved from Sat 1 Jan 2028, New Year's Day."),
    ],
)
def test_a_rolled_occurrence_says_from_which_day_and_why(expression: str, roll: str, said: str) -> None:
    found = seen(cron(expression, except_=(GERMAN,), roll=roll), 1)
    assert texts(found, "rolled") == [said]
    assert [note.at for note in found.notes if note.kind == "rolled"] == list(found.due)


def test_one_that_others_are_rolled_onto_stands_for_them_too() -> None:
    found = seen(cron("0 9 * * *", except_=(WEEKEND,), roll="forward"), 2)
    assert found.due == (instant("2027-09-27T07:00"), instant("2027-09-28T07:00"))
    assert texts(found, "rolled", "excluded") == [
        "Mon 27 Sep 2027: stands as well for the one of Sun 26 Sep, a Sunday, and of Sat 25 Sep, a Saturday."
    ]


def test_a_long_stretch_names_its_nearest_days_and_counts_the_rest() -> None:
    # An instant moves at most 366 days, so that the 10th takes in those of 366 days: five by name, 361 more.
    closed = Dates(kind="dates", dates=("2027-10-11/9999-12-31",))
    found = seen(cron("0 9 * * *", except_=(closed,), roll="back"), 1, instant("2027-10-09T12:00"))
    assert texts(found, "rolled") == [
        (
            "Sun 10 Oct 2027: stands as well for the one of Mon 11 Oct, a listed date, and of Tue 12 Oct, a listed date, "
            "and of Wed 13 Oct, a listed date, and of Thu 14 Oct, a listed date, and of Fri 15 Oct, a listed date, "
            "and of 361 days more."
        )
    ]


def test_the_list_that_tells_most_gives_the_reason() -> None:
    found = seen(cron("0 9 3 10 *", except_=(SUNDAY, GERMAN), roll="forward"), 1)
    assert texts(found, "rolled") == ["Mon 4 Oct 2027: moved from Sun 3 Oct, German Unity Day."]


def test_a_target_in_a_gap_tells_the_time_it_has() -> None:
    moved = cron("30 2 27 3 *", except_=(Dates(kind="dates", dates=("2027-03-27",)),), roll="forward")
    found = seen(moved, 1, instant("2027-03-20T00:00"))
    assert found.due == (instant("2027-03-28T01:00"),)
    assert texts(found, "rolled") == [
        "Sun 28 Mar 2027: moved from Sat 27 Mar, a listed date; at 03:00, as the clock skips 02:30."
    ]


def test_a_member_may_roll_by_itself() -> None:
    found = seen(any_of(cron("0 9 3 10 *", except_=(GERMAN,), roll="forward"), cron("0 8 4 10 *")), 2)
    assert found.due == (instant("2027-10-04T06:00"), instant("2027-10-04T07:00"))
    assert texts(found, "rolled") == ["Mon 4 Oct 2027: moved from Sun 3 Oct, German Unity Day."]


# Left out


def test_days_left_out_between_are_named_with_their_reason() -> None:
    found = seen(cron("0 9,18 * * *", except_=(GERMAN, SUNDAY)), 15)
    assert found.due[-1] == instant("2027-10-04T07:00")
    assert texts(found, "excluded") == [
        "Sun 26 Sep 2027: 2 occurrences left out, a Sunday.",
        "Sun 3 Oct 2027: 2 occurrences left out, German Unity Day.",
    ]


def test_lists_and_calendars_name_themselves() -> None:
    closed = CalendarDays(kind="calendar", name="works outing", version=1, days=("2027-09-27",))
    listed = Dates(kind="dates", dates=("2027-09-28",))
    found = seen(cron("0 9 * * *", except_=(closed, listed)), 4)
    assert texts(found, "excluded") == [
        'Mon 27 Sep 2027: 1 occurrence left out, calendar "works outing".',
        "Tue 28 Sep 2027: 1 occurrence left out, a listed date.",
    ]


def test_instants_of_another_schedule_are_named_one_by_one() -> None:
    found = seen(cron("0 */6 * * *", except_=(cron("0 12 * * *"),)), 5)
    assert texts(found, "excluded") == [
        "Sat 25 Sep 2027, 12:00: left out, named by (At 12:00, every day, Europe/Berlin).",
        "Sun 26 Sep 2027, 12:00: left out, named by (At 12:00, every day, Europe/Berlin).",
    ]


def test_after_a_roll_only_instants_are_left_out() -> None:
    other = Once(kind="once", at=instant("2027-09-27T07:00"))
    found = seen(cron("0 9 * * *", except_=(WEEKEND, other), roll="forward"), 2)
    assert found.due == (instant("2027-09-28T07:00"), instant("2027-09-29T07:00"))
    assert texts(found, "excluded", "rolled") == [
        "Mon 27 Sep 2027, 09:00: left out, named by (Once at 2027-09-27 07:00Z)."
    ]


def test_beyond_ten_the_rest_is_counted() -> None:
    found = seen(cron("0 9 * * *", except_=(WEEKEND,)), 30)
    assert found.due[-1] == instant("2027-11-05T08:00")
    said = texts(found, "excluded")
    assert len(said) == 11
    assert said[9] == "Sun 24 Oct 2027: 1 occurrence left out, a Sunday."
    assert said[10] == "2 occurrences more left out until Sun 31 Oct 2027."


def test_what_another_member_is_due_at_is_not_left_out() -> None:
    weekdays, sundays = cron("0 9 * * *", except_=(SUNDAY,)), cron("0 9 * * SUN")
    assert texts(seen(any_of(weekdays, sundays), 9), "excluded") == []
    half = any_of(cron("0 9,10 * * *", except_=(SUNDAY,)), sundays)
    assert texts(seen(half, 6), "excluded") == ["Sun 26 Sep 2027: 1 occurrence left out, a Sunday."]


def test_a_dense_schedule_takes_one_step_a_day() -> None:
    found = seen(cron("* * * * *", except_=(SUNDAY,)), 1_000, instant("2027-09-25T15:00"))
    assert texts(found, "excluded") == ["Sun 26 Sep 2027: 1,440 occurrences left out, a Sunday."]


# Clock changes


def test_rules_and_members_are_marked_as_cron_is() -> None:
    daily = rrule("FREQ=DAILY", "2027-03-01T02:30")
    found = seen(daily, 3, instant("2027-03-27T12:00"))
    assert [(note.kind, note.at) for note in found.notes] == [
        ("moved", instant("2027-03-28T01:00")),
        ("clock_change", instant("2027-03-28T01:00")),
        ("clock_change", instant("2027-10-31T01:00")),
    ]
    both = any_of(cron("30 2 * * *", "America/New_York"), daily, Every(kind="every", seconds=86_400))
    found = seen(both, 60, instant("2027-03-12T00:00"))
    assert [(note.kind, f"{note.at:%m-%d}") for note in found.notes if note.at] == [
        ("moved", "03-14"),
        ("moved", "03-28"),
        ("clock_change", "03-14"),
        ("clock_change", "11-07"),
        ("clock_change", "03-28"),
        ("clock_change", "10-31"),
    ]


def test_the_ways_of_a_rule_through_clock_changes_are_told() -> None:
    skipping = rrule("FREQ=DAILY", "2027-03-01T02:30", dst_gap="skip")
    assert texts(seen(skipping, 3, instant("2027-03-27T00:00")), "left_out") == ["The clock skips 1 time: left out."]
    twice = rrule("FREQ=DAILY", "2027-03-01T02:30", dst_fold="both")
    found = seen(twice, 3, instant("2027-10-30T12:00"))
    assert found.due[:2] == (instant("2027-10-31T00:30"), instant("2027-10-31T01:30"))
    assert texts(found, "repeated") == ["The clock repeats 1 time: due on both passes."]


def test_what_is_left_out_anyway_is_not_moved_by_the_clock() -> None:
    found = seen(cron("30 2 * * *", except_=(SUNDAY,)), 3, instant("2027-03-26T12:00"))
    assert texts(found, "moved", "merged") == []
    assert texts(found, "excluded") == ["Sun 28 Mar 2027: 1 occurrence left out, a Sunday."]
    skipping = cron("30 2 * * *", dst_gap="skip", except_=(SUNDAY,))
    assert texts(seen(skipping, 3, instant("2027-03-26T12:00")), "left_out") == []


# The whole


def test_the_sentence_is_of_what_was_written() -> None:
    assert seen(Every(kind="every", seconds=900), 1).sentence == "Every 15 minutes"
    assert seen(cron("0 9 * * MON-FRI"), 1).sentence == "At 09:00, Monday to Friday, Europe/Berlin"


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (cron("0 9 * * *", ends_at=instant("2027-09-27T12:00")), "Never again after Mon 27 Sep 2027, 09:00 (Europe/Berlin)."),
        (rrule("FREQ=DAILY;COUNT=30", "2027-09-25T09:00"), "Never again after Sun 24 Oct 2027, 09:00 (Europe/Berlin)."),
        (cron("0 9 * * *", max_occurrences=2), "Never again after Sun 26 Sep 2027, 09:00 (Europe/Berlin)."),
        (cron("0 9 * * *", max_occurrences=500), "Never again after 500 occurrences."),
        (any_of(Once(kind="once", at=instant("2027-10-01T00:00"))), "Never again after Fri 1 Oct 2027, 00:00 (UTC)."),
    ],
)  # fmt: skip
def test_an_end_is_told(schedule: Schedule, said: str) -> None:
    assert texts(seen(schedule, 10), "ends") == [said]


def test_what_goes_on_or_is_due_once_has_no_such_end() -> None:
    for schedule in (
        cron("0 9 * * *"),
        Every(kind="every", seconds=60),
        Once(kind="once", at=instant("2027-10-01T00:00")),
    ):
        assert texts(seen(schedule, 3), "ends") == []


def test_never_tells_the_last_time_there_was() -> None:
    over = cron("0 9 * * *", ends_at=instant("2027-09-20T12:00"))
    found = seen(over, 3)
    assert (found.due, texts(found, "never")) == (
        (),
        ["Nothing is due after this instant. The last time was Mon 20 Sep 2027, 09:00 (Europe/Berlin)."],
    )
    assert [note.at for note in found.notes if note.kind == "never"] == [instant("2027-09-20T07:00")]
    later = Once(kind="once", at=instant("2027-10-01T13:30"))
    said = "Nothing is due after this instant. The last time was Fri 1 Oct 2027, 13:30 (UTC)."
    assert texts(seen(later, 3, instant("2028-01-01T00:00")), "never", "passed") == [said]


def test_a_single_instant_that_would_be_refused_says_so_and_what_to_do() -> None:
    yesterday = Once(kind="once", at=instant("2027-09-24T13:30"))
    said = "Fri 24 Sep 2027, 13:30 (UTC) has passed: name a later time."
    for after in (NOW, instant("2027-09-01T00:00")):
        found = seen(yesterday, 3, after)
        assert [(note.kind, note.at, note.text) for note in found.notes] == [("passed", yesterday.at, said)]


def test_what_saving_accepts_is_not_called_passed() -> None:
    ran = Once(kind="once", at=instant("2027-09-24T13:30"))
    assert passed(ran, NOW, ran) is None
    assert passed(replace(ran, if_past="run"), NOW) is None
    assert passed(Once(kind="once", at=instant("2027-09-24T23:59:30")), NOW) is None
    assert passed(cron("0 9 * * *", ends_at=instant("2027-09-20T12:00")), NOW) is None
    assert passed(replace(ran, at=instant("2027-09-24T13:31")), NOW, ran) is not None


def test_two_restricted_day_fields_are_said_in_words() -> None:
    assert texts(seen(cron("0 9 1 * MON"), 3), "either_day") == [
        "Either is enough: the day of the month (1) or the day of the week (MON); both need not be met."
    ]
    for expression in ("0 9 * * MON", "0 9 1 * *", "0 9 */2 * MON", "@monthly"):
        assert texts(seen(cron(expression), 3), "either_day") == []


def test_an_instant_just_passed_is_shown_as_it_would_be_saved() -> None:
    just = Once(kind="once", at=instant("2027-09-24T23:59:30"))
    assert seen(just, 1).due == (instant("2027-09-25T00:00:00.001"),)


def test_tight_compares_the_closest_two_with_the_usual_run() -> None:
    due = (instant("2027-09-25T09:00"), instant("2027-09-25T10:00"), instant("2027-09-25T10:01"))
    found = tight(due, 75_400)
    assert found is not None
    assert (found.at, found.text) == (
        instant("2027-09-25T10:00"),
        "A run usually takes 75 seconds, and the next is due after 1 minute.",
    )
    assert tight(due, 60_000) is None
    assert tight(due, None) is None
    assert tight(due[:1], 75_400) is None


def test_a_crowd_begins_with_twenty_others() -> None:
    at = instant("2027-09-25T07:00:30")
    assert crowded(at, 19, "Europe/Berlin") is None
    found = crowded(at, 20, "Europe/Berlin")
    assert found is not None
    assert found.text == "20 other tasks are due in the same minute, 09:00; a few minutes beside it there is more room."
    many = crowded(at, 1_001, "Europe/Berlin")
    assert many is not None
    assert many.text.startswith("More than 1,000 other tasks")
