"""Elapsed intervals know no time of day: what a phrase leaves out of them, and what it offers, must have an effect."""

from datetime import UTC, datetime

import pytest

from horarium.core.errors import BadPhrase
from horarium.core.schedule.every import Every
from horarium.core.schedule.phrase import parse
from horarium.core.schedule.schedule import first_dues

SAVED = datetime(2027, 1, 15, 10, 20, 7, tzinfo=UTC)
MISSED = 'an interval may never meet the very instants left out; write "by the clock" to meet them'


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("every hour except midnight", "00"),
        ("every hour except at 12", "12"),
        ("every 2h except at 4:00", "04"),
        ("every half hour except between 12 and 13", "12"),
        ("every hour except 12:00 to 13:00", "12"),
        ("every 15 minutes except from 12:00 to 13:00", "12"),
    ],
)
def test_every_offer_leaves_something_out(text: str, gone: str) -> None:
    with pytest.raises(BadPhrase) as caught:
        parse(text, "UTC", SAVED)
    assert caught.value.offers
    for offer in caught.value.offers:
        read = parse(offer, "UTC", SAVED)
        whole = read.schedule.anchored(SAVED) if isinstance(read.schedule, Every) else read.schedule
        day = [due for due in first_dues(whole, SAVED, 200) if due.date().day == 16]
        hours = [f"{due:%H}" for due in day if due.minute < 30]
        assert MISSED not in read.notes
        assert hours
        assert gone not in hours


@pytest.mark.parametrize(
    "text",
    [
        "every hour except (every day at noon)",
        "every hour except (every minute between 12 and 13)",
        "every 90 minutes except Sundays and (every day at 3:00)",
    ],
)
def test_instants_that_an_interval_may_never_meet_are_noted(text: str) -> None:
    assert MISSED in parse(text, "UTC", SAVED).notes


@pytest.mark.parametrize(
    "text",
    [
        "every hour except Sundays",
        "every hour except the last Friday of the month",
        "every hour except (every second between 12 and 13)",
        "every hour by the clock except (every day at noon)",
        "every hour counted from 2027-01-15 12:00 except (every day at noon)",
    ],
)
def test_what_is_met_is_not_noted(text: str) -> None:
    assert MISSED not in parse(text, "UTC", SAVED).notes


def test_half_an_hour_by_the_clock_is_thirty_minutes() -> None:
    half = parse("every half hour on weekdays", "UTC", SAVED).schedule
    assert half == parse("every 30 minutes on weekdays", "UTC", SAVED).schedule


def test_the_end_is_told_as_it_was_said() -> None:
    assert (
        "it ends 5 days after now, that instant not included" in parse("every day at 9 for 5 days", "UTC", SAVED).notes
    )


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("every 2 hours starting tomorrow at 8", ("every 2 hours starting 2027-01-16 08:00",)),
        ("every 10 minutes until tomorrow noon", ("every 10 minutes until 2027-01-16 12:00",)),
        ("every 10 minutes until 6pm today", ("every 10 minutes until 2027-01-15 18:00",)),
        ("every 15 minutes until Monday at 18:00", ("every 15 minutes until 2027-01-18 18:00",)),
        ("every 12 hours at 18:00", ("every 12 hours starting at 06:00",)),
        ("every 12 hours at 6 and 18", ("every day at 6 and 18",)),
        ("every 24 hours at 9", ("every day at 9",)),
        ("every hour at 9:15", ("every day at 9:15", "every hour at minute 15")),
        ("every hour at 5 and 35", ("every hour at minutes 5 and 35",)),
        ("every 48 hours at 9", ()),
        ("every 5 minutes at 9", ()),
    ],
)
def test_a_time_beside_an_interval_is_refused_with_what_it_may_mean(text: str, offers: tuple[str, ...]) -> None:
    with pytest.raises(BadPhrase) as caught:
        parse(text, "UTC", SAVED)
    assert caught.value.offers == offers
