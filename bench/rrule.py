"""RRULE in a zone, ten years after its start: the next due instant (budget 100 µs median each), reading a text, counting a week,
and the nastiest texts (50 ms to read or to refuse).

The limit beside each figure is measured in the same run: what the standard library alone takes to turn an instant into
a local reading and back (next, last, week), and to split a text and convert its numbers (read). The last columns show what
python-dateutil takes for the same question: it walks from the start, so that its cost grows with the age of the rule.
"""

import sys
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter_ns
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from bench._timing import each, microseconds, verbs
from horarium.core.errors import BadValue
from horarium.core.schedule import rrule as rrule_module
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.rrule_text import read_rrule
from horarium.core.schedule.zone import zone

RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3;BYHOUR=9,17",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=6,18",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=HOURLY;INTERVAL=6",
    "FREQ=HOURLY;INTERVAL=5;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12",
    "FREQ=MINUTELY;INTERVAL=7",
    "FREQ=SECONDLY;INTERVAL=45",
)


def listed(end: int) -> str:
    return ",".join(map(str, range(end)))


NASTY = (
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2027-01-01"),
    ("FREQ=YEARLY;BYDAY=MO;BYSETPOS=54", "2027-01-01"),
    ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "2027-02-01"),
    ("FREQ=MONTHLY;INTERVAL=5;BYDAY=MO;BYSETPOS=6", "2027-01-01"),
    ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=" + ",".join(map(str, range(100, 155))), "2027-01-01"),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "2027-01-04"),
    ("FREQ=DAILY;INTERVAL=1461;BYMONTH=2;BYMONTHDAY=29", "2027-01-04"),
    ("FREQ=HOURLY;INTERVAL=24;BYHOUR=5", "2027-01-01T03:00"),
    ("FREQ=HOURLY;INTERVAL=168;BYDAY=TU", "2027-01-04"),
    ("FREQ=HOURLY;INTERVAL=25;BYDAY=MO,TU;COUNT=10000", "1970-01-01"),
    ("FREQ=HOURLY;INTERVAL=23;BYMONTH=1,2,3,4,5,6,7;COUNT=10000", "1970-01-01"),
    ("FREQ=MINUTELY;INTERVAL=1441;BYHOUR=0;BYMINUTE=0;BYMONTHDAY=31;COUNT=10000", "1970-01-01"),
    ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "2027-01-01"),
    ("FREQ=SECONDLY;INTERVAL=86401;BYHOUR=0", "2027-01-01T01:00"),
    ("FREQ=SECONDLY;INTERVAL=1439;BYHOUR=0;BYMINUTE=0;BYSECOND=0;BYDAY=MO", "2027-01-01T00:00:01"),
    ("FREQ=SECONDLY;INTERVAL=7;BYHOUR=3;BYMONTH=2;BYMONTHDAY=29;COUNT=10000", "1970-01-01"),
    ("FREQ=SECONDLY;INTERVAL=604801;BYHOUR=0;BYMINUTE=0;BYSECOND=0;BYDAY=MO", "1970-01-01T00:01:01"),
    (
        f"FREQ=WEEKLY;BYDAY=MO,TU,WE;BYHOUR={listed(24)};BYMINUTE={listed(20)};BYSETPOS=1,2,3,4,5,6,7,8,9,10",
        "2027-01-01",
    ),
    ("FREQ=YEARLY;BYYEARDAY=" + ",".join(f"-{day}" for day in range(100, 145)), "2027-01-01"),
    ("FREQ=YEARLY;BYDAY=" + ",".join(f"-{nth}MO" for nth in range(10, 53)), "2027-01-01"),
    ("FREQ=YEARLY;COUNT=10000", "2027-01-01"),
    ("1" * 256, "2027-01-01"),
    (";" * 256, "2027-01-01"),
    ("FREQ=DAILY;BYHOUR=" + "," * 230, "2027-01-01"),
    ("FREQ=DAILY;BYHOUR=" + "1" * 230, "2027-01-01"),
    ("FREQ=DAILY;" * 100_000, "2027-01-01"),
    ("FREQ=DAILY", "2" * 100_000),
)
NEXT_BUDGET_US, NASTY_BUDGET_MS = 100.0, 50.0
ROUNDS, WITNESS_ROUNDS = 2_000, 3
WITNESSED = (
    "FREQ=DAILY",
    "FREQ=WEEKLY",
    "FREQ=MONTHLY",
    "FREQ=YEARLY",
    "FREQ=HOURLY",
)  # for the others it takes seconds
START, NOW = "2017-01-02T02:30:00", datetime(2027, 1, 2, 12, 34, 56, 789_000, tzinfo=UTC)
STEP = timedelta(minutes=997)
SPLIT = "20170102 023000 1"
ZONE = "America/New_York"
NEW_YORK = ZoneInfo(ZONE)


def forget() -> None:
    rrule_module.normal_start.cache_clear()
    rrule_module.read_rule.cache_clear()
    rrule_module.reckoning.cache_clear()


def schedule(rule: str, start: str = START) -> Rrule:
    return Rrule(kind="rrule", rule=rule, start=start, timezone=ZONE)


def fresh(rule: str) -> Rrule:
    forget()
    return schedule(rule)


def bare_conversion(i: int) -> datetime:
    local = (NOW + timedelta(seconds=i)).astimezone(NEW_YORK)
    return local.replace(second=0, microsecond=0).astimezone(UTC)


def bare_split(i: int) -> list[int]:
    return [int(part) for part in SPLIT.split()]


def witness(rule: str) -> float:
    """dateutil's next reading after NOW, from a text read before."""
    read = rrulestr(rule, dtstart=datetime.fromisoformat(START))
    return microseconds(lambda i: read.after(NOW.replace(tzinfo=None) + i * STEP), WITNESS_ROUNDS)


def read_or_refused(rule: str, start: str) -> float:
    """Milliseconds, the best of three: what else runs on the machine is not the text's."""
    best = float("inf")
    for _ in range(3):
        forget()
        begun = perf_counter_ns()
        try:
            schedule(rule, start)
        except BadValue:
            pass
        best = min(best, (perf_counter_ns() - begun) / 1e6)
    return best


def nastiest() -> tuple[float, str]:
    return max((read_or_refused(rule, start), f"{rule[:60]} from {start[:20]}") for rule, start in NASTY)


def main() -> int:
    zone(ZONE)
    conversion, split = microseconds(bare_conversion, ROUNDS), microseconds(bare_split, ROUNDS)
    columns = f"{'next':>7} {'last':>7} {'week':>7} {'read':>7} {'saved':>7} {'dateutil':>10}"
    print(f"{'rule, ten years after its start':46} {columns}   µs, medians")
    nexts, saves = [], []
    for rule in RULES:
        made = schedule(rule)
        instants = [NOW + i * STEP for i in range(ROUNDS)]
        next_us, last_us, week_us = verbs(made, instants)
        read_us = microseconds(each(read_rrule, rule), ROUNDS)
        saved_us = microseconds(each(fresh, rule), ROUNDS // 10)
        figures = f"{next_us:7.2f} {last_us:7.2f} {week_us:7.2f} {read_us:7.2f} {saved_us:7.2f}"
        print(f"{rule:46} {figures} " + (f"{witness(rule):10.0f}" if rule.startswith(WITNESSED) else f"{'-':>10}"))
        nexts.append(next_us)
        saves.append(saved_us)
    print(f"limit: local reading and back with zoneinfo {conversion:.2f} µs; split and int {split:.2f} µs")
    worst_ms, worst = nastiest()
    print(
        f"next due  {median(nexts):6.2f} µs median, {max(nexts):.2f} µs the slowest rule  "
        f"ratio to the limit {median(nexts) / conversion:5.1f}  budget {NEXT_BUDGET_US:.0f} µs for each rule"
    )
    print(f"save      {median(saves):6.2f} µs median  ratio to the limit {median(saves) / split:5.1f}")
    print(f"nastiest  {worst_ms:6.2f} ms ({worst}; read or refused)  budget {NASTY_BUDGET_MS:.0f} ms")
    return 0 if max(nexts) <= NEXT_BUDGET_US and worst_ms <= NASTY_BUDGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
