"""Phrases that people read in two ways: what was taken, and how to say the other, stands in the notes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.phrase import parse
from horarium.core.schedule.schedule import first_dues

NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)  # a Friday, 11:20 in Berlin
BERLIN = "Europe/Berlin"
ONCE = "; for one time write "


def instants(text: str, count: int = 3) -> list[str]:
    read: Any = parse(text, BERLIN, NOW).schedule
    whole = read.anchored(NOW) if isinstance(read, Every) else read
    return [f"{due:%Y-%m-%dT%H:%M}" for due in first_dues(whole, NOW, count)]


def one_time(text: str) -> tuple[str, str]:
    """(what the note says, the text that it gives for a single time)"""
    note = next(note for note in parse(text, BERLIN, NOW).notes if ONCE in note)
    said, _, written = note.partition(ONCE)
    return said, written


# 2027-01-21 is a Thursday, 2027-01-15 a Friday; Berlin is an hour ahead of UTC in winter, New York five behind.
@pytest.mark.parametrize(
    ("text", "said", "written", "at"),
    [
        ("Thursday at 17:00", "Thursday is read as every Thursday", "2027-01-21 at 17:00", "2027-01-21T16:00"),
        (
            "on Thu at 17:00 in New York",
            "Thu is read as every Thursday",
            "2027-01-21 at 17:00 in New York",
            "2027-01-21T22:00",
        ),
        ("Sunday 23:00", "Sunday is read as every Sunday", "2027-01-17 at 23:00", "2027-01-17T22:00"),
        ("9:00 Monday", "Monday is read as every Monday", "9:00 2027-01-18", "2027-01-18T08:00"),
        ("Friday night at 11", "Friday is read as every Friday", "2027-01-15 23:00", "2027-01-15T22:00"),
        (
            "Friday evening at 8 in New York",
            "Friday is read as every Friday",
            "2027-01-15 20:00 America/New_York",
            "2027-01-16T01:00",
        ),
        (
            "on the 24 December at 18:00",
            "24 December is read as that day of every year",
            "2027-12-24 at 18:00",
            "2027-12-24T17:00",
        ),
        ("Dec 24 at 6pm", "Dec 24 is read as that day of every year", "2027-12-24 at 6pm", "2027-12-24T17:00"),
    ],
)
def test_a_day_without_every_says_that_it_comes_back_and_how_to_say_it_once(
    text: str, said: str, written: str, at: str
) -> None:
    assert one_time(text) == (said, written)
    assert instants(text, 1) == [at]
    assert parse(written, BERLIN, NOW).schedule == Once(kind="once", at=datetime.fromisoformat(f"{at}Z"))


@pytest.mark.parametrize(
    "text",
    [
        "every Thursday at 17:00",
        "Thursdays at 17:00",
        "weekly on Thursday at 17:00",
        "Monday to Friday at 9:00",
        "Mon, Wed and Fri at 9:00",
        "every 24 December at 18:00",
        "yearly on 24 December at 18:00",
        "24 December 2027 and 1 January 2028 at 9:00",
    ],
)
def test_what_says_that_it_comes_back_has_no_such_note(text: str) -> None:
    assert not [note for note in parse(text, BERLIN, NOW).notes if " is read as every" in note or ONCE in note]


def test_beside_an_end_or_exceptions_the_note_gives_no_text() -> None:
    assert "Thursday is read as every Thursday" in parse("Thursday at 17:00 except holidays", BERLIN, NOW).notes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # 9:00 of that Friday has passed, 16:00 has not.
        ("every other day at 9:00 starting today", ["2027-01-16T08:00", "2027-01-18T08:00", "2027-01-20T08:00"]),
        ("every other day at 16:00 starting today", ["2027-01-15T15:00", "2027-01-17T15:00", "2027-01-19T15:00"]),
        ("every other Friday at 9:00 starting today", ["2027-01-22T08:00", "2027-02-05T08:00", "2027-02-19T08:00"]),
        ("every other Friday at 16:00 starting today", ["2027-01-15T15:00", "2027-01-29T15:00", "2027-02-12T15:00"]),
        ("every 2 months on the 15th at 9:00 starting today", ["2027-02-15T08:00", "2027-04-15T07:00"]),
    ],
)
def test_what_starts_today_is_counted_from_the_first_time_that_is_still_to_come(text: str, found: list[str]) -> None:
    assert instants(text, len(found)) == found


def test_a_date_that_has_passed_is_counted_from_all_the_same_and_that_is_said() -> None:
    # From 8 January, a Friday: the 22nd, not the 29th.
    text = "every other Friday at 9:00 starting 2027-01-08"
    assert instants(text, 2) == ["2027-01-22T08:00", "2027-02-05T08:00"]
    assert "it is counted from 2027-01-08, which has passed" in parse(text, BERLIN, NOW).notes


def test_elapsed_time_from_the_beginning_of_today_says_its_first() -> None:
    text = "every other day starting today"
    assert instants(text, 2) == ["2027-01-16T23:00", "2027-01-18T23:00"]
    said = "where it starts has passed: the first to come is 2027-01-17 00:00 in Europe/Berlin"
    assert said in parse(text, BERLIN, NOW).notes


def test_the_small_hours_of_a_night_are_those_of_the_day_itself_where_it_is_not_named_by_it() -> None:
    assert "1 at night is read as 01:00, early on the day itself" in parse("Saturday at 1 at night", BERLIN, NOW).notes
    assert instants("Saturday at 1 at night", 1) == ["2027-01-16T00:00"]
    assert instants("every night at 1", 1) == ["2027-01-16T00:00"]


def test_a_day_of_the_month_among_those_from_its_end_is_told_apart() -> None:
    said = parse("the 1st and 2nd last day of the month at 9:00", BERLIN, NOW)
    assert "the 1st counts from the beginning of the month" in said.notes
    assert instants("the 1st and 2nd last day of the month at 9:00", 2) == ["2027-01-30T08:00", "2027-02-01T08:00"]
