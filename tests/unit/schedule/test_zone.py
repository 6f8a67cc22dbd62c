"""The shipped zones: their names, and their offsets against the standard library reading the same files."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from horarium.core.errors import BadValue
from horarium.core.schedule.tzif import read_footer
from horarium.core.schedule.zone import BEGINNING, REGULAR_FROM, names, tzdata_version, zone
from tests.oracles.clock import offset
from tests.sizes import size

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def test_the_version_is_that_of_the_shipped_database() -> None:
    assert tzdata_version()[:2] == "20"
    assert len(tzdata_version()) == 5
    assert len(names()) > 500
    assert list(names()) == sorted(names())


@pytest.mark.parametrize(
    "name", ["UTC", "Etc/UTC", "Etc/GMT+5", "GMT", "Zulu", "Japan", "W-SU", "America/Argentina/Ushuaia"]
)
def test_names_that_are_accepted(name: str) -> None:
    assert zone(name).name == name
    assert name in names()


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("EST", "name a place, e.g. America/New_York"),
        ("PST", "name a place, e.g. America/Los_Angeles"),
        ("pst", "name a place, e.g. America/Los_Angeles"),
        ("CET", "name a place, e.g. Europe/Berlin"),
        ("MST7MDT", "name a place, e.g. America/Denver"),
        ("europe/berlin", "write Europe/Berlin"),
        ("EUROPE/BERLIN", "write Europe/Berlin"),
        ("utc", "write UTC"),
        ("Europe/Berln", "did you mean Europe/Berlin"),
        ("Factory", "use a name such as Europe/Berlin or UTC"),
        ("", "use a name such as Europe/Berlin or UTC"),
        ("../../../etc/passwd", "use a name such as Europe/Berlin or UTC"),
        ("/etc/localtime", None),
        ("Europe", None),
        ("+02:00", None),
        ("Europe/Berlin ", "did you mean Europe/Berlin"),
        ("Europe/Berlin\0", "did you mean Europe/Berlin"),
        ("x" * 10_000, "use a name such as Europe/Berlin or UTC"),
    ],
)
def test_other_names_are_refused_with_the_nearest(name: str, remedy: str | None) -> None:
    with pytest.raises(BadValue) as refused:
        zone(name)
    assert refused.value.field == "timezone"
    assert len(str(refused.value)) < 200
    assert refused.value.remedy is not None
    if remedy is not None:
        assert refused.value.remedy.startswith(remedy)


@pytest.mark.parametrize("name", names()[:: size(6, 1)])
def test_every_span_of_every_zone(name: str) -> None:
    spans = zone(name)
    assert list(spans.starts) == sorted(set(spans.starts))
    assert len(spans.starts) == len(spans.offsets) == len(spans.reached) <= 1_500
    assert all(one != other for one, other in pairwise(spans.offsets))
    for start in spans.starts[1 :: size(7, 1)]:
        if start < -2_000_000_000:
            continue
        for second in (start - 1, start, start + 86_400):
            known = offset(name, EPOCH + timedelta(seconds=second)) // timedelta(seconds=1)
            assert spans.reading(second) - second == known


@pytest.mark.parametrize("name", names()[:: size(6, 1)])
def test_what_the_arithmetic_takes_for_granted(name: str) -> None:
    """No listed change lies beyond REGULAR_FROM, so that time folds; and no change undoes another within a day."""
    spans = zone(name)
    later = [start for start in spans.starts if start > 0]
    assert all(after - before > 2 * 86_400 for before, after in pairwise(later))
    assert max(spans.offsets) - min(spans.offsets) <= 26 * 3600
    yearly: dict[int, list[tuple[int, int]]] = {}
    for start, offset_from in zip(spans.starts, spans.offsets, strict=True):
        if start >= REGULAR_FROM:
            at = EPOCH + timedelta(seconds=start)
            yearly.setdefault(at.year, []).append((at.month, offset_from))
    assert len({tuple(sorted(offsets)) for offsets in yearly.values()}) <= 4
    assert spans.starts[0] == BEGINNING


@pytest.mark.parametrize("year", [1975, 2027, 2499, 2501, 6000, 9998])
def test_far_years_have_the_same_changes(year: int) -> None:
    for name in ("America/New_York", "Europe/Dublin", "Asia/Gaza", "America/Nuuk", "Africa/Casablanca", "Asia/Tokyo"):
        for day in range(0, 365, 3):
            at = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day)
            second = (at - EPOCH) // timedelta(seconds=1)
            assert zone(name).reading(second) - second == offset(name, at) // timedelta(seconds=1), (name, at)


@pytest.mark.parametrize(
    ("name", "reading", "instant"),
    [
        ("Europe/Berlin", "2027-07-01T12:00", "2027-07-01T10:00"),
        ("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:00"),
        ("Europe/Berlin", "2027-03-28T03:00", "2027-03-28T01:00"),
        ("Europe/Berlin", "2027-10-31T02:30", "2027-10-31T00:30"),
        ("Europe/Berlin", "2027-10-31T03:00", "2027-10-31T02:00"),
        ("Pacific/Apia", "2011-12-30T15:00", "2011-12-30T10:00"),
        ("Asia/Tokyo", "9999-01-01T12:00", "9999-01-01T03:00"),
        ("Europe/Berlin", "9999-03-28T02:30", "9999-03-28T01:00"),
    ],
)
def test_the_second_of_a_reading(name: str, reading: str, instant: str) -> None:
    read, expected = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (reading, instant))
    assert EPOCH + timedelta(seconds=zone(name).second(int((read - EPOCH).total_seconds()))) == expected


@pytest.mark.parametrize(
    ("footer", "year", "changes"),
    [
        ("UTC0", 2027, []),
        ("<+0545>-5:45", 2027, []),
        ("EST5EDT,M3.2.0,M11.1.0", 2027, ["2027-03-14T07:00", "2027-11-07T06:00"]),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", 2027, ["2027-03-28T01:00", "2027-10-31T01:00"]),
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", 2027, ["2027-03-27T00:00", "2027-10-29T23:00"]),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2027, ["2027-03-28T01:00", "2027-10-31T01:00"]),
        ("AAA3BBB,J60/0,J300/0", 2028, ["2028-03-01T03:00", "2028-10-27T02:00"]),
        ("AAA3BBB,59/0,299/0", 2028, ["2028-02-29T03:00", "2028-10-26T02:00"]),
    ],
)
def test_rules_of_the_years_to_come(footer: str, year: int, changes: list[str]) -> None:
    found = [EPOCH + timedelta(seconds=second) for second, _ in read_footer(footer).changes(year)]
    assert [at.strftime("%Y-%m-%dT%H:%M") for at in found] == changes
