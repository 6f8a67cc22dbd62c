"""Cron in a zone: the next due instant (budget 5 µs median), reading a text (40 µs), counting, and the nastiest texts (50 ms).

The limit beside each figure is measured in the same run: what the standard library alone takes to turn an instant into
a local reading and back (next, last, count), and to split a text and convert its numbers (read).
"""

import sys
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter_ns
from zoneinfo import ZoneInfo

from bench._timing import each, microseconds, verbs
from horarium.core.errors import BadValue
from horarium.core.schedule import cron as cron_module
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.cron_text import read_cron
from horarium.core.schedule.zone import zone

TEXTS = (
    ("30 2 * * *", "America/New_York"),
    ("*/5 * * * *", "Europe/Berlin"),
    ("0 9 * * MON-FRI", "America/New_York"),
    ("0 9-17 * * MON-FRI", "Europe/Berlin"),
    ("* * * * * *", "Australia/Lord_Howe"),
    ("0 0 1 * *", "Pacific/Chatham"),
    ("0 6 LW * *", "Europe/London"),
    ("0 12 * * FRI#2", "Asia/Tokyo"),
    ("15,45 2,3 * * *", "UTC"),
    ("0 0 29 2 *", "America/New_York"),
)
NASTY = (
    ("0 0 29 2 */7", "America/New_York"),
    ("0 0 29 2 */7", "UTC"),
    ("0 0 30 2 *", "UTC"),
    ("0 0 31W 2 *", "Europe/Berlin"),
    ("0 0 1W * */6", "Europe/Berlin"),
    ("*/30 2 * 3 0#2", "America/New_York"),
    ("59 59 23 31 12 *", "Pacific/Apia"),
    (",".join(["*"] * 124) + " * * * *", "UTC"),
    ("0 0 " + ",".join(["31W"] * 61) + " 2 *", "UTC"),
    ("0 0 * * " + ",".join(["5#5"] * 62), "UTC"),
    (f"*/{'9' * 245} * * * *", "UTC"),
    ("1" * 256, "UTC"),
    ("," * 256, "UTC"),
    ("@" * 256, "UTC"),
    ("-" * 256, "UTC"),
    (" " * 256, "UTC"),
    ("* * * * *", "x" * 100_000),
    ("* * * * *" * 100_000, "UTC"),
)
NEXT_BUDGET_US, READ_BUDGET_US, NASTY_BUDGET_MS = 5.0, 40.0, 50.0
ROUNDS = 4_000
NOW = datetime(2027, 5, 5, 12, 34, 56, 789_000, tzinfo=UTC)
STEP = timedelta(minutes=997)
SPLIT = "30 2 1 1 5"
BERLIN = ZoneInfo("Europe/Berlin")


def forget() -> None:
    cron_module.read_text.cache_clear()
    cron_module.reckoning.cache_clear()


def fresh(text: str, name: str) -> Cron:
    forget()
    return Cron(kind="cron", expression=text, timezone=name)


def bare_conversion(i: int) -> datetime:
    local = (NOW + timedelta(seconds=i)).astimezone(BERLIN)
    return local.replace(second=0, microsecond=0).astimezone(UTC)


def bare_split(i: int) -> list[int]:
    return [int(part) for part in SPLIT.split()]


def nastiest() -> tuple[float, str]:
    worst = (0.0, "")
    for text, name in NASTY:
        forget()
        begun = perf_counter_ns()
        try:
            schedule = Cron(kind="cron", expression=text, timezone=name)
            schedule.next_due(NOW)
            schedule.last_due(NOW)
            schedule.next_due(datetime(9990, 1, 1, tzinfo=UTC))
            schedule.count(datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))
        except BadValue:
            pass
        worst = max(worst, ((perf_counter_ns() - begun) / 1e6, f"{text[:30]} in {name[:30]}"))
    return worst


def main() -> int:
    for _, name in TEXTS:
        zone(name)
    conversion, split = microseconds(bare_conversion, ROUNDS), microseconds(bare_split, ROUNDS)
    print(f"{'expression':20} {'zone':20} {'next':>7} {'last':>7} {'week':>7} {'read':>7} {'saved':>7}   µs, medians")
    nexts, reads = [], []
    for text, name in TEXTS:
        schedule = Cron(kind="cron", expression=text, timezone=name)
        instants = [NOW + i * STEP for i in range(ROUNDS)]
        next_us, last_us, week_us = verbs(schedule, instants)
        read_us = microseconds(each(read_cron, text), ROUNDS)
        saved_us = microseconds(each(fresh, text, name), ROUNDS)
        print(f"{text:20} {name:20} {next_us:7.2f} {last_us:7.2f} {week_us:7.2f} {read_us:7.2f} {saved_us:7.2f}")
        nexts.append(next_us)
        reads.append(saved_us)
    print(f"limit: local reading and back with zoneinfo {conversion:.2f} µs; split and int {split:.2f} µs")
    next_us, read_us = median(nexts), median(reads)
    worst_ms, worst = nastiest()
    print(
        f"next due  {next_us:6.2f} µs median  ratio to the limit {next_us / conversion:5.1f}  budget {NEXT_BUDGET_US:.0f} µs"
    )
    print(
        f"save      {read_us:6.2f} µs median  ratio to the limit {read_us / split:5.1f}  budget {READ_BUDGET_US:.0f} µs"
    )
    print(
        f"nastiest  {worst_ms:6.2f} ms ({worst}; read, next, last and count over all time)  budget {NASTY_BUDGET_MS:.0f} ms"
    )
    kept = next_us <= NEXT_BUDGET_US and read_us <= READ_BUDGET_US and worst_ms <= NASTY_BUDGET_MS
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
