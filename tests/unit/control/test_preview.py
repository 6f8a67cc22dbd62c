"""The next due instants, and what clock changes make of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from horarium.control.preview import preview
from horarium.control.preview_notes import Note
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once

NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cron(expression: str, zone: str = "America/New_York", **more: Any) -> Cron:
    return Cron(kind="cron", expression=expression, timezone=zone, **more)


def marks(schedule: Cron, after: str, count: int = 3) -> list[tuple[str, str]]:
    """Kind and instant of each note that is about this schedule's instants."""
    notes = preview(schedule, instant(after), count, NOW).notes
    return [(note.kind, f"{note.at:%m-%dT%H:%M}") for note in notes if note.kind != "clock_change" and note.at]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("30 2 * * *", [("moved", "03-14T07:00")]),
        ("15,45 2 * * *", [("merged", "03-14T07:00")]),
        ("0 2,3 * * *", [("merged", "03-14T07:00")]),
        ("0 4 * * *", []),
        ("30 * * * *", []),
        ("*/15 2 * * *", []),
    ],
)
def test_what_the_clock_skips_is_marked(expression: str, found: list[tuple[str, str]]) -> None:
    assert marks(cron(expression), "2027-03-13T12:00") == found


def test_what_is_left_out_is_marked_where_the_schedule_says_so() -> None:
    assert marks(cron("30 2 * * *", dst_gap="skip"), "2027-03-13T12:00") == [("left_out", "03-14T07:00")]


def test_what_the_clock_repeats_is_marked() -> None:
    first = preview(cron("30 1 * * *"), instant("2027-11-06T12:00"), 2, NOW)
    assert first.notes[0] == Note(
        kind="repeated", at=instant("2027-11-07T05:30"), text="The clock repeats 1 time: due on the first pass only."
    )
    both = preview(cron("30 1 * * *", dst_fold="both"), instant("2027-11-06T12:00"), 2, NOW)
    assert both.due == (instant("2027-11-07T05:30"), instant("2027-11-07T06:30"))
    assert both.notes[0].text == "The clock repeats 1 time: due on both passes."
    assert marks(cron("*/30 * * * *", "Europe/Berlin"), "2027-10-30T23:15", 4) == [("repeated", "10-31T00:00")]


def test_only_changes_among_the_instants_shown_are_marked() -> None:
    assert marks(cron("30 2 * * *"), "2027-03-10T12:00", 2) == []
    later = cron("30 2 * * *", starts_at=instant("2027-03-15T00:00"))
    assert marks(later, "2027-03-10T12:00", 2) == []


def test_the_next_two_clock_changes_are_named() -> None:
    notes = preview(cron("0 12 * * *", "Europe/Berlin"), NOW, 1, NOW).notes
    assert [note.text for note in notes] == [
        "Clocks in Europe/Berlin go forward from 02:00 to 03:00 on 2027-03-28.",
        "Clocks in Europe/Berlin go back from 03:00 to 02:00 on 2027-10-31.",
    ]
    assert preview(cron("0 12 * * *", "UTC"), NOW, 1, NOW).notes == ()


def test_a_clock_change_across_dates_names_both() -> None:
    apia = preview(cron("0 12 * * *", "Pacific/Apia"), instant("2011-12-29T00:00"), 1, NOW).notes
    assert apia[0].text == "Clocks in Pacific/Apia go forward from 00:00 on 2011-12-30 to 00:00 on 2011-12-31."
    brazil = preview(cron("0 12 * * *", "America/Sao_Paulo"), instant("2018-02-01T00:00"), 1, NOW).notes
    assert brazil[0].text == "Clocks in America/Sao_Paulo go back from 00:00 on 2018-02-18 to 23:00 on 2018-02-17."


def test_an_every_is_shown_as_it_would_be_saved() -> None:
    seen = preview(Every(kind="every", seconds=60), NOW, 2, NOW)
    assert [f"{due:%H:%M}" for due in seen.due] == ["12:01", "12:02"]


def test_what_never_comes_says_so() -> None:
    over = Once(kind="once", at=instant("2020-01-01T00:00"), if_past="run")
    seen = preview(over, instant("2999-01-01T00:00"), 5, NOW)
    assert (seen.due, [note.kind for note in seen.notes]) == ((), ["never"])
    refused = preview(Once(kind="once", at=instant("2020-01-01T00:00")), NOW, 5, NOW)
    assert (refused.due, [note.kind for note in refused.notes]) == ((), ["passed"])


def test_far_ahead_nothing_is_searched_for_long() -> None:
    seen = preview(cron("30 2 * * *"), instant("9990-01-01T00:00"), 3, NOW)
    assert len(seen.due) == 3
