"""Lists whose members share a word: the pm of "2 to 4pm", the last of "last Thursday and Friday". Never shared silently."""

from datetime import UTC, date, datetime

import pytest

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrase import parse
from horarium.core.schedule.schedule import first_dues

NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)  # a Friday
UTC_NAME = "UTC"


def refused(text: str) -> tuple[int, tuple[str, ...]]:
    with pytest.raises(BadPhrase) as caught:
        parse(text, UTC_NAME, NOW)
    assert caught.value.column is not None
    return caught.value.column - 1, caught.value.offers


def hours(text: str) -> list[str]:
    """The times of the next day on which the schedule is due, in UTC."""
    dues = first_dues(parse(text, UTC_NAME, NOW).schedule, datetime(2027, 1, 15, 23, 59, tzinfo=UTC), 24)
    return [f"{due:%H:%M}" for due in dues if due.date() == date(2027, 1, 16)]


# The mark » stands before the time that is open; the offers are what it may mean.
@pytest.mark.parametrize(
    ("marked", "offers"),
    [
        ("at »5 and 7pm", ("at 5pm and 7pm", "at 5am and 7pm")),
        ("every hour from »2 to 4pm", ("every hour from 2pm to 4pm", "every hour from 2am to 4pm")),
        (
            "every hour between »1:30 and 4:30 pm",
            ("every hour between 1:30pm and 4:30 pm", "every hour between 1:30am and 4:30 pm"),
        ),
        ("every hour from 1pm to »5", ("every hour from 1pm to 5pm", "every hour from 1pm to 5am")),
        ("every hour from 12pm to »5", ("every hour from 12pm to 5pm", "every hour from 12pm to 5am")),
        ("every hour from 8am to »5", ("every hour from 8am to 5pm", "every hour from 8am to 5am")),
        ("every hour from »10 to 2am", ("every hour from 10pm to 2am", "every hour from 10am to 2am")),
        ("every hour from »8 to 12am", ("every hour from 8pm to 12am", "every hour from 8am to 12am")),
        ("every day at 9 pm and »10", ("every day at 9 pm and 10pm", "every day at 9 pm and 10am")),
        ("every day at 9am and »5", ("every day at 9am and 5pm", "every day at 9am and 5am")),
        ("»1, 2 and 3pm", ("1pm, 2pm and 3pm", "1am, 2am and 3pm")),
        ("at »8 and at 9:30pm", ("at 8pm and at 9:30pm", "at 8am and at 9:30pm")),
        ("at »12, 1 and 2pm", ()),
    ],
)
def test_a_time_beside_one_with_am_or_pm_is_refused_where_it_can_be_of_either(
    marked: str, offers: tuple[str, ...]
) -> None:
    before, _, after = marked.partition("»")
    if offers:
        assert refused(before + after) == (len(before), offers)
    else:
        refused(before + after)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("every 4 hours from 9 to 5pm", ["09:00", "13:00", "17:00"]),
        ("at 9 and 5pm", ["09:00", "17:00"]),
        ("at 09:30 and 10pm", ["09:30", "22:00"]),
        ("at 9am and 10", ["09:00", "10:00"]),
        ("every 30 minutes from 11 to 12pm", ["11:00", "11:30", "12:00"]),
        ("every 2 hours from 10pm to 2", ["00:00", "02:00", "22:00"]),
        ("every 30 minutes between 10 and 11am", ["10:00", "10:30"]),
        ("every evening at 8 and 9pm", ["20:00", "21:00"]),
        ("at 9pm, 5 times", ["21:00"]),
    ],
)
def test_it_is_read_where_only_one_half_can_be_meant(text: str, times: list[str]) -> None:
    assert hours(text) == times


@pytest.mark.parametrize(
    "text", ["9pm, 16 January", "at 9pm on 16 and 17 January", "January 16, 9pm", "at 9pm, 16 and 18 January"]
)
def test_the_days_of_a_month_beside_a_time_are_no_times(text: str) -> None:
    assert hours(text) == ["21:00"]


@pytest.mark.parametrize(
    ("marked", "offers"),
    [
        (
            "last Thursday and »Friday of the month at 9:00",
            (
                "last Thursday and last Friday of the month at 9:00",
                "last Thursday of the month and every Friday at 9:00",
            ),
        ),
        (
            "the 2nd Tuesday and »Thursday at 9:00",
            (
                "the 2nd Tuesday and 2nd Thursday at 9:00",
                "the 2nd Tuesday of the month and every Thursday at 9:00",
            ),
        ),
        ("every »2nd and 4th Monday at 9:00", ("the 2nd and 4th Monday of every month at 9:00",)),
    ],
)
def test_an_ordinal_is_not_shared_silently(marked: str, offers: tuple[str, ...]) -> None:
    before, _, after = marked.partition("»")
    assert refused(before + after) == (len(before), offers)
    for offer in offers:
        parse(offer, UTC_NAME, NOW)


def test_days_in_the_plural_are_those_of_every_week() -> None:
    read = parse("last Thursday and Fridays at 9:00", UTC_NAME, NOW).schedule
    # 2027-01-28 is the last Thursday of January; 22 and 29 are Fridays.
    assert [due.day for due in first_dues(read, NOW, 3)] == [22, 28, 29]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("every second hour", "every 2 hours"),
        ("every 5th minute", "every 5 minutes"),
        ("every third hour on weekdays", "every 3 hours on weekdays"),
        ("every 10th second", "every 10 seconds"),
    ],
)
def test_every_nth_hour_is_an_interval(text: str, same: str) -> None:
    assert parse(text, UTC_NAME, NOW).schedule == parse(same, UTC_NAME, NOW).schedule
