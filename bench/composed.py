"""Composed schedules: the next due instant of an any_of of three without holidays (budget 50 µs median), and what is like it.

The limit beside it is measured in the same run: the next instants of the three members alone, asked one after the other.
"""

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from bench._timing import each, microseconds, verbs
from horarium.core.schedule.schedule import Schedule

DECODER: TypeAdapter[Any] = TypeAdapter(Schedule)
NEXT_BUDGET_US = 50.0
ROUNDS = 2_000
NOW = datetime(2027, 5, 5, 12, 34, 56, 789_000, tzinfo=UTC)
STEP = timedelta(minutes=997)

HOLIDAYS = {"kind": "holidays", "country": "DE", "subdivision": "BE"}
WEEKEND = {"kind": "weekdays", "days": ["saturday", "sunday"]}


def cron(text: str, **more: Any) -> dict[str, Any]:
    return {"kind": "cron", "expression": text, "timezone": "Europe/Berlin", **more}


DAILY = cron("30 6 * * *")
THREE = [
    cron("0 9-17 * * MON-FRI"),
    cron("0 6 LW * *"),
    {"kind": "every", "seconds": 5400, "anchor": "2027-01-01T00:00:00Z"},
]
BUDGETED = "any_of three, holidays"
SCHEDULES: dict[str, dict[str, Any]] = {
    "plain cron": DAILY,
    "cron, holidays": DAILY | {"except": [HOLIDAYS]},
    "cron, holidays, weekend": DAILY | {"except": [HOLIDAYS, WEEKEND]},
    "any_of three": {"kind": "any_of", "schedules": THREE},
    BUDGETED: {"kind": "any_of", "schedules": THREE, "except": [HOLIDAYS]},
    "... and another cron": {"kind": "any_of", "schedules": THREE, "except": [HOLIDAYS, WEEKEND, cron("0 12 * * *")]},
    "cron rolled forward": DAILY | {"except": [HOLIDAYS, WEEKEND], "roll": "forward"},
    "any_of three rolled back": {"kind": "any_of", "schedules": THREE, "except": [HOLIDAYS, WEEKEND], "roll": "back"},
    "minutely rolled forward": cron("* * * * *", **{"except": [HOLIDAYS, WEEKEND]}, roll="forward"),
    "two of ten seconds": {
        "kind": "any_of",
        "schedules": [
            {"kind": "every", "seconds": 10, "anchor": "2027-01-01T00:00:00Z"},
            {"kind": "every", "seconds": 10, "anchor": "2027-01-01T00:00:05Z"},
        ],
    },
}


def decoded(document: dict[str, Any]) -> Any:
    return DECODER.validate_python(document, strict=False)


def main() -> int:
    instants = [NOW + i * STEP for i in range(ROUNDS)]
    members = [decoded(one) for one in THREE]
    limit = microseconds(lambda i: [one.next_due(instants[i]) for one in members], ROUNDS)
    print(f"{'schedule':28} {'next':>9} {'last':>9} {'week':>11} {'read':>9}   µs, medians")
    budgeted = 0.0
    for name, document in SCHEDULES.items():
        schedule = decoded(document)
        next_us, last_us, week_us = verbs(schedule, instants, 20)
        read_us = microseconds(each(decoded, document), 50)
        print(f"{name:28} {next_us:9.1f} {last_us:9.1f} {week_us:11.1f} {read_us:9.1f}")
        if name == BUDGETED:
            budgeted = next_us
    print(f"limit: the three members alone {limit:.1f} µs")
    print(
        f"next due  {budgeted:6.1f} µs median  ratio to the limit {budgeted / limit:5.1f}  budget {NEXT_BUDGET_US:.0f} µs"
    )
    return 0 if budgeted <= NEXT_BUDGET_US else 1


if __name__ == "__main__":
    sys.exit(main())
