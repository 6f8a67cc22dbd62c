"""Days that count from the end of a quarter or of half a year are those of its last month."""

from datetime import UTC, datetime

import pytest

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrase import parse
from horarium.core.schedule.schedule import first_dues

NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)


# By the calendar of 2027: 31 March is a Wednesday, 30 June a Wednesday, 30 September a Thursday.
@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("quarterly on the last day at 9:00", ["03-31", "06-30", "09-30"]),
        ("every quarter on the last working day at 9:00", ["03-31", "06-30", "09-30"]),
        ("quarterly on the last Friday at 9:00", ["03-26", "06-25", "09-24"]),
        ("quarterly on the second last Friday at 9:00", ["03-19", "06-18", "09-17"]),
        ("quarterly on the 2nd last working day at 9:00", ["03-30", "06-29", "09-29"]),
        ("every half year on the last day at 9:00", ["06-30", "12-31", "06-30"]),
        ("quarterly on the first Monday at 9:00", ["04-05", "07-05", "10-04"]),
        ("quarterly on the 15th at 9:00", ["04-15", "07-15", "10-15"]),
        ("every quarter on the last day at 9:00 counted from 2027-02-01", ["02-28", "05-31", "08-31"]),
    ],
)
def test_the_days(text: str, days: list[str]) -> None:
    assert [f"{due:%m-%d}" for due in first_dues(parse(text, "UTC", NOW).schedule, NOW, 3)] == days


def test_the_months_are_noted() -> None:
    notes = parse("quarterly on the last day at 9:00", "UTC", NOW).notes
    assert "the last days of a quarter are in March, June, September and December" in notes


@pytest.mark.parametrize("text", ["quarterly on the 1st and last day at 9", "every quarter on the 1st and last Friday"])
def test_days_from_both_ends_are_refused_together(text: str) -> None:
    with pytest.raises(BadPhrase, match="in other months than those from its end"):
        parse(text, "UTC", NOW)


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("every quarter end at 18:00", "the last day of every quarter at 18:00"),
        ("year-end at 18:00", "the last day of the year at 18:00"),
        ("on New Year's Eve at 23:59", "on 31 December at 23:59"),
        ("every day at 9 except New Year's Day", "every day at 9 except 1 January"),
        ("every day at 9 in NYC", "every day at 9 in America/New_York"),
    ],
)
def test_it_is_refused_with_the_days_in_our_words(text: str, offer: str) -> None:
    with pytest.raises(BadPhrase) as caught:
        parse(text, "UTC", NOW)
    assert caught.value.offers == (offer,)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("every day at 9:00 as of 1 March", "every day at 9:00 starting 1 March"),
        ("every day at 9:00 for the next 3 days", "every day at 9:00 for 3 days"),
        ("in an hour and a half", "in 90 minutes"),
        ("every one and a half hours", "every 90 minutes"),
    ],
)
def test_other_words_mean_the_same(text: str, same: str) -> None:
    assert parse(text, "UTC", NOW).schedule == parse(same, "UTC", NOW).schedule


def test_what_is_past_is_called_so() -> None:
    with pytest.raises(BadPhrase, match="this is past"):
        parse("yesterday at 9", "UTC", NOW)
