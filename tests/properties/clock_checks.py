"""A cron schedule's three verbs held against brute force on the clock."""

from datetime import datetime, timedelta

from horarium.core.schedule.cron import Cron
from tests.oracles.clock import DAY, due_between

MILLISECOND = timedelta(milliseconds=1)
WALKED_MAX = 20_000
WAYS = [(gap, fold) for gap in ("run_after", "skip") for fold in ("first", "both")]


def cron(text: str, zone: str, gap: str = "run_after", fold: str = "first") -> Cron:
    return Cron(kind="cron", expression=text, timezone=zone, dst_gap=gap, dst_fold=fold)  # type: ignore[arg-type]


def walked(schedule: Cron, after: datetime, through: datetime) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(WALKED_MAX):
        due = schedule.next_due(after)
        if due is None or due > through:
            return found
        assert due > after, "strictly increasing"
        found.append(after := due)
    raise AssertionError("more instants than this test can walk")


def check(schedule: Cron, after: datetime, days: int = 2) -> None:
    """All three verbs on (after, after + days], against the oracle."""
    through = after + days * DAY
    expected = due_between(
        schedule.expression, schedule.timezone, after + MILLISECOND, through, schedule.dst_gap, schedule.dst_fold
    )
    if len(expected) <= 600:
        assert walked(schedule, after, through) == expected
    else:
        assert schedule.next_due(after) == expected[0]
    assert schedule.count(after, through) == len(expected)
    before = schedule.last_due(through)
    if expected:
        assert before == expected[-1]
        middle = expected[len(expected) // 2]
        assert schedule.last_due(middle) == middle
        assert schedule.next_due(middle - MILLISECOND) == middle
        assert schedule.count(after, middle) == len(expected) // 2 + 1
    else:
        assert before is None or before <= after
