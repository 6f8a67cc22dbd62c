"""Durations and instants as they are typed and shown."""

import click
import pytest

from horarium.cli.stop import Stop
from horarium.cli.values import DURATION, duration, in_zone, period, read_instant


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10s", 10),
        ("15m", 900),
        ("1h30m", 5400),
        ("2d", 172_800),
        ("1w", 604_800),
        ("1.5h", 5400),
        ("250ms", 0.25),
        ("1m1s", 61),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert DURATION.convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "10", "5x", "s", "-5s", "1h 30m", "1e3s", "１0s", "10 s", "∞"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no duration"):
        DURATION.convert(text, None, None)


@pytest.mark.parametrize(
    ("ms", "shown"),
    [
        (None, "–"),
        (0, "0 ms"),
        (850, "850 ms"),
        (4200, "4.2 s"),
        (4000, "4 s"),
        (59_600, "1 min"),
        (61_000, "1 min 01 s"),
        (3_720_000, "1 h 02 min"),
        (432_000_000, "5 d"),
        (439_200_000, "5 d 2 h"),
    ],
)
def test_durations_are_shown_in_their_two_largest_units(ms: float | None, shown: str) -> None:
    assert duration(ms) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (1, "1 s"),
        (90, "1 min 30 s"),
        (3600, "1 h"),
        (90_061.5, "1 d 1 h 1 min 1.5 s"),
        (604_800, "7 d"),
        (0.25, "0.25 s"),
    ],
)
def test_chosen_lengths_are_shown_whole(seconds: float, shown: str) -> None:
    assert period(seconds) == shown


@pytest.mark.parametrize(
    ("text", "zone", "instant", "said"),
    [
        ("2027-03-01T12:00", "Europe/Berlin", "2027-03-01T11:00:00.000Z", None),
        ("2027-03-01 12:00:30.25", "Europe/Berlin", "2027-03-01T11:00:30.250Z", None),
        ("2027-03-01", "America/New_York", "2027-03-01T05:00:00.000Z", None),
        ("2027-03-01T12:00+05:30", "Europe/Berlin", "2027-03-01T06:30:00.000Z", None),
        ("2027-03-01T12:00Z", "Europe/Berlin", "2027-03-01T12:00:00.000Z", None),
        ("2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:00:00.000Z", "skips"),
        ("2027-03-28T03:00", "Europe/Berlin", "2027-03-28T01:00:00.000Z", None),
        ("2027-10-31T02:30", "Europe/Berlin", "2027-10-31T00:30:00.000Z", "twice"),
        ("2027-10-31T03:00", "Europe/Berlin", "2027-10-31T02:00:00.000Z", None),
        ("2027-10-03T02:15", "Australia/Lord_Howe", "2027-10-02T15:30:00.000Z", "skips"),
        ("2027-04-04T01:45", "Australia/Lord_Howe", "2027-04-03T14:45:00.000Z", "twice"),
        ("2027-03-28T01:30", "Antarctica/Troll", "2027-03-28T01:00:00.000Z", "skips"),
        ("2027-09-05T00:00", "America/Santiago", "2027-09-05T04:00:00.000Z", "skips"),
        ("9000-01-01T00:00", "Europe/Berlin", "8999-12-31T23:00:00.000Z", None),
    ],
)
def test_instants_without_offset_are_read_in_the_zone(text: str, zone: str, instant: str, said: str | None) -> None:
    read, note = read_instant("--at", text, zone)
    assert read == instant
    assert (note is None) == (said is None)
    assert said is None or said in str(note)


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "12:00", "2027-02-30", "2027-13-01", "1969-12-31T00:00Z", "0001-01-01T00:00", "10000-01-01"],
)
def test_other_instants_are_refused(text: str) -> None:
    with pytest.raises(Stop) as stopped:
        read_instant("--at", text, "Europe/Berlin")
    assert stopped.value.exit_code == 2


def test_an_abbreviated_zone_is_refused() -> None:
    with pytest.raises(Stop, match="abbreviation"):
        read_instant("--at", "2027-03-01T12:00", "CET")


@pytest.mark.parametrize(
    ("instant", "zone", "shown"),
    [
        (None, "UTC", "–"),
        ("2027-03-28T01:00:00.000Z", "Europe/Berlin", "Sun 2027-03-28 03:00+02:00"),
        ("2027-10-31T00:30:00.000Z", "Europe/Berlin", "Sun 2027-10-31 02:30+02:00"),
        ("2027-10-31T01:30:00.000Z", "Europe/Berlin", "Sun 2027-10-31 02:30+01:00"),
        ("2027-03-28T01:00:05.250Z", "America/New_York", "Sat 2027-03-27 21:00:05.250-04:00"),
        ("2027-03-28T01:00:05.000Z", "Asia/Kolkata", "Sun 2027-03-28 06:30:05+05:30"),
        ("1970-01-01T00:00:00.000Z", "Africa/Monrovia", "Wed 1969-12-31 23:15:30-00:44:30"),
    ],
)
def test_instants_are_shown_in_a_zone_with_its_offset(instant: str | None, zone: str, shown: str) -> None:
    assert in_zone(instant, zone) == shown
