"""Calendars that change while a task goes on, against days looked up one hour after the other."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from horarium.core.instants import from_ms
from horarium.core.plan import plan_due
from horarium.core.policy import WINDOW_SECONDS_MAX, CatchUp, Policy
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays
from horarium.stores.open import open_inline
from tests.making import T0, TZDATA, task
from tests.properties.test_store_machine import _nothing, now_or_never
from tests.sizes import size

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = T0.astimezone(BERLIN).date()
DAYS = [(FIRST + timedelta(days=n)).isoformat() for n in range(-1, 9)]
ROOMY = Policy(overlap="allow", catch_up=CatchUp(mode="all", window_seconds=WINDOW_SECONDS_MAX, max_runs=1_000))
"""Every occurrence becomes a run of its own."""

steps = st.tuples(
    st.integers(1, 40 * 60),  # minutes that pass
    st.sampled_from(["plan", "change", "change and come", "come"]),
    st.lists(st.sampled_from(DAYS), max_size=6).map(tuple),
)


@settings(max_examples=size(100, 5_000), deadline=None)
@given(st.lists(steps, min_size=1, max_size=8))
def test_each_occurrence_is_judged_by_the_days_that_held_when_it_was_due(
    story: list[tuple[int, str, tuple[str, ...]]],
) -> None:
    store, sql = open_inline(_nothing, tzdata=TZDATA)
    now_or_never(store.put_calendar("ops", (), "", T0, "eve"))
    closed = CalendarDays(kind="calendar", name="ops", timezone="Europe/Berlin")
    hourly = Cron(kind="cron", expression="7 * * * *", timezone="UTC", except_=(closed,))
    made = task(hourly, ROOMY)
    now_or_never(store.add_tasks([made], T0))
    now, newest = T0, frozenset[str]()
    held = [(T0, newest)]
    for minutes, act, days in story:
        now += timedelta(minutes=minutes)
        if act.startswith("change"):
            now_or_never(store.put_calendar("ops", days, "", now, "eve"))
            newest = frozenset(days)
        if act.endswith("come"):
            now_or_never(store.refresh(10, now))
            held.append((now, newest))
        if act == "plan":
            due = now_or_never(store.due(now, 10))
            plans = [plan for one in due if (plan := plan_due(one.task, one.cursor, now, TZDATA)) is not None]
            now_or_never(store.commit_plans(plans, now))
    now_or_never(store.refresh(10, now))
    [(seen, decided)] = sql("SELECT seen_through, decided FROM cursors")
    expected = by_the_hour(held, from_ms(seen))
    runs = [from_ms(row[0]) for row in sql("SELECT due_at FROM runs ORDER BY due_at")]
    assert runs == expected
    assert decided == len(expected)


def by_the_hour(held: list[tuple[datetime, frozenset[str]]], through: datetime) -> list[datetime]:
    """Seven past each hour after T0, unless its day in Berlin was on the list that held then."""
    found = []
    due = datetime(T0.year, T0.month, T0.day, T0.hour, 7, tzinfo=UTC)
    while due <= through:
        days = [listed for since, listed in held if since < due][-1] if due > T0 else frozenset()
        if due > T0 and due.astimezone(BERLIN).date().isoformat() not in days:
            found.append(due)
        due += timedelta(hours=1)
    return found
