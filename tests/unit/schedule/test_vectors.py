"""A table of hard cases and their neighbours: first instants after the given one, all UTC."""

from datetime import UTC, datetime

import pytest

from horarium.core.schedule.cron import Cron
from horarium.core.schedule.schedule import first_dues

VECTORS = """
30 2 * * *       | America/New_York    | 2027-03-13T12:00 | 03-14T07:00, 03-15T06:30, 03-16T06:30
15,45 2 * * *    | America/New_York    | 2027-03-13T12:00 | 03-14T07:00, 03-15T06:15, 03-15T06:45
0 2,3 * * *      | America/New_York    | 2027-03-13T12:00 | 03-14T07:00, 03-15T06:00, 03-15T07:00
30 1 * * *       | America/New_York    | 2027-11-06T12:00 | 11-07T05:30, 11-08T06:30, 11-09T06:30
45 1 * * *       | America/New_York    | 2027-11-07T06:10 | 11-08T06:45, 11-09T06:45, 11-10T06:45
0 * * * *        | Europe/Berlin       | 2027-10-30T22:30 | 10-30T23:00, 10-31T00:00, 10-31T01:00
*/30 * * * *     | Europe/Berlin       | 2027-10-30T23:15 | 10-30T23:30, 10-31T00:00, 10-31T00:30, 10-31T01:00, 10-31T01:30
0 */2 * * *      | America/New_York    | 2027-03-14T04:30 | 03-14T05:00, 03-14T08:00, 03-14T10:00
*/15 2 * * *     | America/New_York    | 2027-03-13T12:00 | 03-15T06:00, 03-15T06:15, 03-15T06:30
0 30 2 * * *     | America/New_York    | 2027-03-13T12:00 | 03-14T07:00, 03-15T06:30, 03-16T06:30
0 0 * * *        | America/Santiago    | 2027-09-04T12:00 | 09-05T04:00, 09-06T03:00, 09-07T03:00
0 0 * * *        | Asia/Beirut         | 2027-03-27T12:00 | 03-27T22:00, 03-28T21:00, 03-29T21:00
0 0 * * *        | America/Havana      | 2027-11-06T12:00 | 11-07T04:00, 11-08T05:00, 11-09T05:00
15 2 * * *       | Australia/Lord_Howe | 2027-10-02T00:00 | 10-02T15:30, 10-03T15:15, 10-04T15:15
45 1 * * *       | Australia/Lord_Howe | 2027-04-03T00:00 | 04-03T14:45, 04-04T15:15, 04-05T15:15
30 1 * * *       | Antarctica/Troll    | 2027-03-27T12:00 | 03-28T01:00, 03-28T23:30, 03-29T23:30
30 23 * * *      | America/Nuuk        | 2027-03-27T12:00 | 03-28T01:00, 03-29T00:30, 03-30T00:30
0 3 * * *        | Pacific/Chatham     | 2027-09-24T14:00 | 09-24T14:15, 09-25T14:00, 09-26T13:15
# A day the calendar of Samoa left out: 30 December 2011 runs where the 31st begins, merged with its midnight.
0 9 * * *        | Pacific/Apia        | 2011-12-29T00:00 | 12-29T19:00, 12-30T10:00, 12-30T19:00, 12-31T19:00
0 0 * * *        | Pacific/Apia        | 2011-12-29T00:00 | 12-29T10:00, 12-30T10:00, 12-31T10:00
0 9 30 12 *      | Pacific/Apia        | 2011-12-01T00:00 | 12-30T10:00
0 */12 * * *     | Pacific/Apia        | 2011-12-29T11:00 | 12-29T22:00, 12-30T10:00, 12-30T22:00
0 9 21 8 *       | Pacific/Kwajalein   | 1993-08-01T00:00 | 08-21T12:00
# Ireland's winter time is the exception in its rules; the clock is the same.
30 1 * * *       | Europe/Dublin       | 2027-03-27T12:00 | 03-28T01:00, 03-29T00:30
30 1 * * *       | Europe/Dublin       | 2027-10-30T12:00 | 10-31T00:30, 11-01T01:30
*/30 1 * * *     | Europe/Dublin       | 2027-10-30T12:00 | 10-31T00:00, 10-31T00:30, 10-31T01:00, 10-31T01:30
45 5 * * *       | Asia/Kathmandu      | 2027-01-01T00:00 | 01-02T00:00, 01-03T00:00
# Asked from within the repeated hour.
30 1 * * *       | America/New_York    | 2027-11-07T05:30 | 11-08T06:30
30 1 * * *       | America/New_York    | 2027-11-07T06:29 | 11-08T06:30
30 0 * * *       | America/Havana      | 2027-11-07T04:45 | 11-08T05:30
* * * * *        | America/New_York    | 2027-11-07T05:58 | 11-07T05:59, 11-07T06:00, 11-07T06:01
* 1 * * *        | America/New_York    | 2027-11-07T05:59 | 11-07T06:00
59 * * * *       | America/New_York    | 2027-11-07T05:00 | 11-07T05:59, 11-07T06:59, 11-07T07:59
# Merged where the gap ends, and strictly after it.
0,30 2-3 * * *   | Europe/Berlin       | 2027-03-27T12:00 | 03-28T01:00, 03-28T01:30, 03-29T00:00
30 2 * * *       | Europe/Berlin       | 2027-03-28T01:00 | 03-29T00:30
# Day of month and day of week.
0 0 13 * 5       | UTC                 | 2027-08-01T00:00 | 08-06T00:00, 08-13T00:00, 08-20T00:00
0 0 */2 * 1      | UTC                 | 2027-08-01T00:00 | 08-09T00:00, 08-23T00:00
0 0 13 * */5     | UTC                 | 2027-08-01T00:00 | 08-13T00:00
0 0 1-7 * ?      | UTC                 | 2027-08-06T00:00 | 08-07T00:00, 09-01T00:00
0 0 L * *        | UTC                 | 2028-02-01T00:00 | 02-29T00:00, 03-31T00:00, 04-30T00:00
0 0 LW * *       | UTC                 | 2027-01-01T00:00 | 01-29T00:00, 02-26T00:00, 03-31T00:00
0 0 1W * *       | UTC                 | 2027-05-01T00:00 | 05-03T00:00, 06-01T00:00
0 0 31W * *      | UTC                 | 2027-01-01T00:00 | 01-29T00:00, 03-31T00:00, 05-31T00:00
0 0 * * 5#5      | UTC                 | 2027-01-01T00:00 | 01-29T00:00, 04-30T00:00
0 0 * * 7L       | UTC                 | 2027-01-01T00:00 | 01-31T00:00, 02-28T00:00
0 0 * * FRI-SUN  | UTC                 | 2027-01-01T00:00 | 01-02T00:00, 01-03T00:00, 01-08T00:00
@weekly          | UTC                 | 2027-01-01T00:00 | 01-03T00:00, 01-10T00:00
"""


def rows() -> list[list[str]]:
    lines = [line for line in VECTORS.strip().splitlines() if not line.startswith("#")]
    return [[part.strip() for part in line.split("|")] for line in lines]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_first_instants(row: list[str]) -> None:
    expression, zone, after, expected = row
    schedule = Cron(kind="cron", expression=expression, timezone=zone)
    wanted = expected.split(", ")
    dues = first_dues(schedule, datetime.fromisoformat(after).replace(tzinfo=UTC), len(wanted))
    assert [due.strftime("%m-%dT%H:%M") for due in dues] == wanted


@pytest.mark.parametrize(
    ("expression", "zone", "after", "options", "expected"),
    [
        ("30 2 * * *", "America/New_York", "2027-03-13T12:00", {"dst_gap": "skip"}, "03-15T06:30"),
        ("0 2,3 * * *", "America/New_York", "2027-03-13T12:00", {"dst_gap": "skip"}, "03-14T07:00, 03-15T06:00"),
        (
            "30 1 * * *",
            "America/New_York",
            "2027-11-06T12:00",
            {"dst_fold": "both"},
            "11-07T05:30, 11-07T06:30, 11-08T06:30",
        ),
        (
            "0,30 1 * * *",
            "America/New_York",
            "2027-11-06T12:00",
            {"dst_fold": "both"},
            "11-07T05:00, 11-07T05:30, 11-07T06:00, 11-07T06:30",
        ),
        ("30 2 * * *", "America/New_York", "2027-03-13T12:00", {"dst_fold": "both"}, "03-14T07:00, 03-15T06:30"),
        ("0 9 * * *", "Pacific/Apia", "2011-12-29T12:00", {"dst_gap": "skip"}, "12-29T19:00, 12-30T19:00"),
    ],
)
def test_the_other_ways_through_a_clock_change(
    expression: str, zone: str, after: str, options: dict[str, str], expected: str
) -> None:
    schedule = Cron(kind="cron", expression=expression, timezone=zone, **options)  # type: ignore[arg-type]
    wanted = expected.split(", ")
    dues = first_dues(schedule, datetime.fromisoformat(after).replace(tzinfo=UTC), len(wanted))
    assert [due.strftime("%m-%dT%H:%M") for due in dues] == wanted
