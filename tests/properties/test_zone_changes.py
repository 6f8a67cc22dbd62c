"""Around the clock changes of the zones there are, now and in the far future."""

from datetime import UTC, datetime
from itertools import cycle, islice

import pytest

from horarium.core.schedule.zone import names, zone
from tests.oracles.clock import DAY, SECOND, changes, due_between
from tests.properties.clock_checks import WAYS, check, cron
from tests.properties.cron_texts import HARD_ZONES
from tests.sizes import size

TRIED_TEXTS = (
    "30 2 * * *",
    "15,45 0-3 * * *",
    "0 0 * * *",
    "30 23 * * *",
    "*/20 * * * *",
    "*/30 0,2 * * *",
    "59 59 23 * * *",
    "0 12 L * *",
)


def zones_tried() -> list[str]:
    """One name for each different clock: all of them in proof, every sixth on an ordinary day."""
    different = {(zone(name).starts, zone(name).offsets): name for name in reversed(names())}
    return sorted(different.values())[:: size(6, 1)]


@pytest.mark.parametrize("name", zones_tried())
def test_around_every_change_of_every_zone(name: str) -> None:
    """Each change meets three of the texts, neighbouring changes other ones."""
    texts = cycle(TRIED_TEXTS)
    for at in changes(name, 1970, 2040)[:: size(20, 1)]:
        for text in islice(texts, 3):
            if at - 2 * DAY > datetime(1970, 1, 2, tzinfo=UTC):
                check(cron(text, name), at - DAY - SECOND)


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "America/New_York", "Asia/Gaza", "Australia/Lord_Howe", "Europe/Dublin"]
)
@pytest.mark.parametrize("year", [2037, 2038, 2099, 2100, 2499, 2500, 2900, 5000, 9998])
def test_the_far_future_follows_the_last_rule(name: str, year: int) -> None:
    for at in changes(name, year, year):
        for text in ("30 2 * * *", "*/20 * * * *", "0 0 * * MON"):
            check(cron(text, name), at - DAY)
    check(cron("0 0 1 1 *", name), datetime(year, 1, 1, tzinfo=UTC) - DAY)


@pytest.mark.parametrize("name", HARD_ZONES)
@pytest.mark.parametrize("way", WAYS)
def test_a_rare_day_beside_a_change_is_met_from_afar(name: str, way: tuple[str, str]) -> None:
    """Asked from half a year away, across other changes, where the search jumps over spans."""
    for at in changes(name, 1972, 2040)[:: size(6, 1)]:
        for days in (-2, -1, 0, 1):
            day = (at + days * DAY).date()
            schedule = cron(f"30 0,2,12,23 {day.day} {day.month} *", name, *way)
            window = due_between(schedule.expression, name, at - 4 * DAY, at + 4 * DAY, *way)
            assert schedule.count(at - 200 * DAY, at + 150 * DAY) == len(window)
            if window:  # a whole day may have been skipped
                assert schedule.next_due(at - 200 * DAY) == window[0]
                assert schedule.last_due(at + 150 * DAY) == window[-1]
