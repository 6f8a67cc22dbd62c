"""A system's own crontabs are imported, and a day of them is exactly what cron's rules say, minute for minute."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.needs import missing
from tests.oracles import crontab_minutes as oracle
from tests.server import Server

ZONE = "Europe/Berlin"
DAY = timedelta(days=1)
STARTS = [
    datetime(2027, 6, 1, 7, 3, tzinfo=UTC),
    datetime(2027, 3, 27, 20, 0, tzinfo=UTC),
    datetime(2027, 10, 30, 20, 0, tzinfo=UTC),
    datetime(2027, 12, 31, 22, 30, tzinfo=UTC),
]
CRON_READS = re.compile(r"[A-Za-z0-9_-]+")

OURS = """\
# Every way to write a field that Debian's cron knows.
PATH=/usr/bin:/bin
MAILTO=""
* * * * * every minute
*/7 * * * * of minutes
17 * * * * hourly
17 */5 * * * every fifth hour
30 2 * * * in the gap and in the fold
0,15,30,45 2 * * * quarters of that hour
*/15 2 * * * the same, wild
0 1-5 * * * at night
0 1-5/2 * * * every second hour of it
5,10-20/5,50 3,23 * * * lists of ranges
0 0 1 * * the first
0 0 13 * 5 the 13th or a friday
0 0 */2 * 1 odd days that are mondays
59 23 31 12 * the last minute
0 12 * jun,dec * by month
0 12 * * mon-fri on workdays
0 12 * * sat,sun on others
0 12 * * 7 sunday as seven
0 12 * * 0 sunday as zero
0 12 * * 5-7 from friday
0 12 29 2 * leap days
05 08 * * * leading zeros
@hourly x
@daily x
@midnight x
@weekly x
@monthly x
@yearly x
@annually x
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("import"), "--roles", "api", environment={"TZ": ZONE}) as running:
        yield running


def imported(server: Server, file: Path, *options: str) -> dict[int, str]:
    """The id of the task that each line became."""
    said = json.loads(server.run("import", "crontab", str(file), "--apply", "--json", *options).stdout)
    items = said["items"]
    assert [item for item in items if item["refusal"] is not None] == []
    assert len(said["created"]) == len(items)
    return dict(zip((item["line"] for item in items), said["created"], strict=True))


def upcoming(server: Server, task_id: str, after: datetime, through: datetime) -> list[datetime]:
    found: list[datetime] = []
    while True:
        stamp = after.strftime("%Y-%m-%dT%H:%M:%SZ")
        page = server.ask("GET", f"/tasks/{task_id}/upcoming?after={stamp}&count=1000")["due"]
        dues = [datetime.fromisoformat(due) for due in page]
        found += [due for due in dues if due <= through]
        if len(dues) < 1000 or dues[-1] > through:
            return found
        after = dues[-1]


def assert_a_day_is_exact(server: Server, file: Path, *options: str) -> None:
    tasks = imported(server, file, *options)
    lines = {line.number: line for line in oracle.lines(file.read_text())}
    assert tasks.keys() == lines.keys()
    for number, task_id in tasks.items():
        for start in STARTS:
            expected = oracle.due(lines[number], ZoneInfo(ZONE), start, start + DAY)
            assert upcoming(server, task_id, start, start + DAY) == expected, f"{file}:{number} after {start}"


def test_the_systems_crontab(server: Server) -> None:
    file = Path("/etc/crontab")
    if not file.exists() or shutil.which("crontab") is None:
        missing("Debian's cron", "apt-get install cron (as root)")
    assert_a_day_is_exact(server, file)


def test_the_crontabs_of_packages(server: Server) -> None:
    files = [path for path in sorted(Path("/etc/cron.d").glob("*")) if CRON_READS.fullmatch(path.name)]
    if not files or shutil.which("crontab") is None:
        missing("Debian's cron with a file in /etc/cron.d", "apt-get install cron e2fsprogs (as root)")
    for file in files:
        assert_a_day_is_exact(server, file)


def test_every_way_to_write_a_field(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "crontab"
    file.write_text(OURS)
    assert_a_day_is_exact(server, file)


def test_the_oracle_knows_what_the_manual_says() -> None:
    def local(text: str, start: datetime) -> list[str]:
        [line] = oracle.lines(text)
        return [
            f"{due.astimezone(ZoneInfo(ZONE)):%d %H:%M%z}"
            for due in oracle.due(line, ZoneInfo(ZONE), start, start + DAY)
        ]

    assert local("30 4 1,15 * 5 x", datetime(2027, 1, 14, 12, tzinfo=UTC)) == ["15 04:30+0100"]
    assert local("30 2 * * * x", STARTS[1]) == ["28 03:00+0200"]
    assert local("30 2 * * * x", STARTS[2]) == ["31 02:30+0200"]
    assert local("*/30 2 * * * x", STARTS[2]) == ["31 02:00+0200", "31 02:30+0200", "31 02:00+0100", "31 02:30+0100"]
