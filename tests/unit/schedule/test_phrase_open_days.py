"""Days that a phrase leaves open are not guessed: the one on which "monthly" comes, the one to which 01:00 belongs."""

from datetime import UTC, datetime

import pytest

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrase import parse
from horarium.core.schedule.schedule import first_dues

NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)  # a Friday


def offers(text: str) -> tuple[str, ...]:
    with pytest.raises(BadPhrase) as caught:
        parse(text, "UTC", NOW)
    return caught.value.offers


def dues(text: str, count: int) -> list[str]:
    return [f"{due:%m-%d %H:%M}" for due in first_dues(parse(text, "UTC", NOW).schedule, NOW, count)]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "every 3 months starting 15 February at 9:00",
            ["02-15 09:00", "05-15 09:00"],
            ["03-01 09:00", "06-01 09:00"],
        ),
        ("monthly starting 2027-03-15 at 9:00", ["03-15 09:00", "04-15 09:00"], ["04-01 09:00", "05-01 09:00"]),
        ("every month starting tomorrow at 9:00", ["01-16 09:00", "02-16 09:00"], ["02-01 09:00", "03-01 09:00"]),
        ("yearly starting 1 May at 9:00", ["05-01 09:00", "05-01 09:00"], ["01-01 09:00", "01-01 09:00"]),
        ("every half year starting 15 March", ["03-15 00:00", "09-15 00:00"], ["04-01 00:00", "10-01 00:00"]),
    ],
)
def test_a_start_may_name_the_day_of_the_month_or_of_the_year(text: str, first: list[str], second: list[str]) -> None:
    assert [dues(offer, 2) for offer in offers(text)] == [first, second]


@pytest.mark.parametrize(
    "text", ["monthly starting 1 March at 9:00", "yearly starting 2028-01-01", "monthly on the 3rd starting 15 March"]
)
def test_a_start_that_leaves_nothing_open_is_read(text: str) -> None:
    parse(text, "UTC", NOW)


# Friday is the 15th and the 22nd, Saturday the 16th.
@pytest.mark.parametrize(
    ("text", "after", "named"),
    [
        (
            "every hour from 22:00 to 1:00 on Fridays",
            ["01-15 22:00", "01-15 23:00", "01-16 00:00", "01-16 01:00", "01-22 22:00"],
            ["01-15 22:00", "01-15 23:00", "01-22 00:00", "01-22 01:00", "01-22 22:00"],
        ),
        (
            "every 45 minutes between 22:30 and 1:00 on Friday",
            ["01-15 22:30", "01-15 23:15", "01-16 00:00", "01-16 00:45", "01-22 22:30"],
            ["01-15 22:30", "01-15 23:15", "01-22 00:00", "01-22 00:45", "01-22 22:30"],
        ),
    ],
)
def test_what_lies_behind_midnight_may_be_on_the_day_named_or_after_it(
    text: str, after: list[str], named: list[str]
) -> None:
    assert [dues(offer, 5) for offer in offers(text)] == [after, named]


def test_what_bounds_the_whole_stays_behind_the_brackets() -> None:
    late = "(every 30 seconds between 23:59 and 00:00 on Monday to Friday)"
    early = "every 30 seconds from 00:00 to 00:01"
    assert offers("every 30 seconds from 23:59 to 0:01 Mon-Fri in Tokyo except 2027-01-20") == (
        f"{late} or ({early} on Tuesday to Saturday), Tokyo, except 2027-01-20",
        f"{late} or ({early} on Monday to Friday), Tokyo, except 2027-01-20",
    )


def test_days_of_the_month_beside_a_window_past_midnight_are_refused() -> None:
    assert offers("every hour from 22:00 to 2:00 on the 1st") == ()


def test_the_midnight_at_the_end_of_a_window_is_noted() -> None:
    read = parse("every hour from 22:00 to 0:00 on Mondays", "UTC", NOW)
    assert "00:00 itself, which is on the next day, is not included" in read.notes
    assert dues("every hour from 22:00 to 0:00 on Mondays", 3) == ["01-18 22:00", "01-18 23:00", "01-25 22:00"]
