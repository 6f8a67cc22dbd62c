"""What people paste from elsewhere: cron text with its zone, other programs' notations, word processors' characters."""

from datetime import UTC, datetime

import pytest

from horarium.core.errors import BadPhrase
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.phrase import parse

NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expression", "zone"),
    [
        ("0 9 * * 1-5 Europe/Berlin", "0 9 * * 1-5", "Europe/Berlin"),
        ("0 9 * * MON-FRI UTC", "0 9 * * MON-FRI", "UTC"),
        ("0 0 9 * * 1-5 America/New_York", "0 0 9 * * 1-5", "America/New_York"),
        ("0 9 * * * Etc/GMT+5", "0 9 * * *", "Etc/GMT+5"),
        ("@daily Asia/Tokyo", "@daily", "Asia/Tokyo"),
        ("TZ=Asia/Tokyo 0 9 * * *", "0 9 * * *", "Asia/Tokyo"),
        ("0 9 * * TUE/2", "0 9 * * TUE/2", "Australia/Perth"),
    ],
)
def test_cron_text_may_name_its_zone_before_or_behind(text: str, expression: str, zone: str) -> None:
    read = parse(text, "Australia/Perth", NOW).schedule
    assert read == Cron(kind="cron", expression=expression, timezone=zone)


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("CRON_TZ=UTC 0 9 * * * »Europe/Berlin", "the time zone is said twice"),
        ("0 9 * * 1-5 »Europe/Berln", "'Europe/Berln' is no time zone of the IANA database"),
    ],
)
def test_a_zone_behind_is_refused_at_its_place(marked: str, message: str) -> None:
    before, _, after = marked.partition("»")
    with pytest.raises(BadPhrase) as caught:
        parse(before + after, "UTC", NOW)
    assert caught.value.column == len(before) + 1
    assert caught.value.message == f"{message} (column {len(before) + 1})"


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ('"0 9 * * 1-5"', ("0 9 * * 1-5",)),
        ("'every day at 9'", ("every day at 9",)),
        ("@every 1h30m", ("every 1h30m",)),
        ("rate(5 minutes)", ("every 5 minutes",)),
        ("PT15M", ("every 15 minutes", "in 15 minutes")),
        ("p1dt1h", ("every 1 day 1 hour", "in 1 day 1 hour")),
        ("PT0S", ()),
        ("P", ()),
        ("20271224T180000Z", ("2027-12-24T18:00:00Z",)),
        ("20271324T1800", ()),
        ("Mon–Fri 9am", ("Mon-Fri 9am",)),
        ("every day at 9 o’clock", ("every day at 9 o'clock",)),
        ("0 9 * * 1–5", ("0 9 * * 1-5",)),
        ("every day at ９", ()),
    ],
)
def test_another_notation_is_refused_with_ours(text: str, offers: tuple[str, ...]) -> None:
    with pytest.raises(BadPhrase) as caught:
        parse(text, "UTC", NOW)
    assert caught.value.offers == offers


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("every Thu and Fri at 17h", "every Thu and Fri at 17:00"),
        ("every day at 8h and 17h", "every day at 8:00 and 17:00"),
        ("ten past 9", "at 9:10"),
        ("twenty past eight every evening", "every day at 20:20"),
        ("every hour at ten past", "every hour at minute 10"),
        ("end of quarter at 17:00", "last day of every quarter at 17:00"),
        ("every day but Sunday at 9:00", "every day except Sunday at 9:00"),
        ("on the fifteenth of each month at noon", "on the 15th of the month at 12:00"),
    ],
)
def test_other_ways_of_people_mean_the_same(text: str, same: str) -> None:
    assert parse(text, "UTC", NOW).schedule == parse(same, "UTC", NOW).schedule
