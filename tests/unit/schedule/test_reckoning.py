"""Rare days and rare zones, where the search has to look far: over decades, and over cycles of 400 years."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from horarium.core.schedule.cron import read_text
from horarium.core.schedule.cron_days import EPOCH_ORDINAL, DayFields, Days
from horarium.core.schedule.reckoning import Reckoning
from horarium.core.schedule.zone import BEGINNING, CYCLE, Zone, zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def second(year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0) -> int:
    return int((datetime(year, month, day, hour, minute, tzinfo=UTC) - EPOCH).total_seconds())


@pytest.mark.parametrize("weekday", range(7))
def test_leap_days_on_one_weekday_are_found_over_forty_years(weekday: int) -> None:
    days = Days(
        DayFields(
            months=1 << 2,
            days=1 << 29,
            last_day=False,
            last_workday=False,
            near_workdays=0,
            weekdays=1 << weekday,
            nth_weekdays=(),
            last_weekdays=0,
            both=True,
        )
    )
    leap_years = [year for year in range(2000, 2500) if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)]
    leap_days = [date(year, 2, 29) for year in leap_years]
    expected = [day.toordinal() - EPOCH_ORDINAL for day in leap_days if day.isoweekday() % 7 == weekday]
    assert max(after - before for before, after in pairwise(expected)) > 39 * 365
    for before, after in pairwise(expected):
        assert days.next(before + 1) == after
        assert days.last(after - 1) == before
        assert days.rank(after) == days.rank(before) + 1


def test_looking_back_over_a_cycle_does_not_meet_the_offsets_of_the_first() -> None:
    """A zone that changed for good in 2090: what repeats after 2500 is what came after the change."""
    changed = Zone("Test/Changed", (BEGINNING, second(2090)), (0, 3600), (BEGINNING, second(2090)))
    rare = Reckoning(read_text("0 0 29 2 */7")[0], changed, keep_skipped=True, keep_repeated=False)
    for cycles in (1, 2, 5):
        before = rare.last(second(2101) + cycles * CYCLE)
        assert before is not None
        at = EPOCH + timedelta(seconds=before - cycles * CYCLE + 3600)
        assert (at.month, at.day, at.hour, at.isoweekday()) == (2, 29, 0, 7)
        assert rare.next(before) == before
        assert rare.count(before, second(2101) + cycles * CYCLE) == 1


def test_what_was_last_due_before_the_rule_changed_is_found_from_any_cycle() -> None:
    """American rules from 2090 on only: since then the second Sunday of March at 2:30 is always skipped."""
    american = zone("America/New_York")
    kept = [0] + [i for i, start in enumerate(american.starts) if start >= second(2090)]
    late = Zone(
        "Test/Late",
        (BEGINNING, *(american.starts[i] for i in kept[1:])),
        (-5 * 3600, *(american.offsets[i] for i in kept[1:])),
        (BEGINNING, *(american.reached[i] for i in kept[1:])),
    )
    skipped = Reckoning(read_text("30 2 * 3 0#2")[0], late, keep_skipped=False, keep_repeated=False)
    last = second(2089, 3, 13, 7, 30)
    for year in (2089, 2095, 2300, 2501, 3000, 9990):
        assert skipped.last(second(year, 12)) == last
        assert skipped.count(last, second(year, 12)) == 1
    assert skipped.next(last + 1) is None
    assert skipped.next(second(5000)) is None
    assert skipped.count(second(2090), second(9999)) == 0


def test_a_rare_day_with_a_repeated_hour_keeps_both_passes() -> None:
    """1:30 on 7 November: on that day of 2027 New York shows it at 5:30 and at 6:30 UTC."""
    both = Reckoning(read_text("30 1 7 11 *")[0], zone("America/New_York"), keep_skipped=True, keep_repeated=True)
    first, again = second(2027, 11, 7, 5, 30), second(2027, 11, 7, 6, 30)
    assert both.next(first) == first
    assert both.next(first + 1) == again
    assert both.last(again - 1) == first
    once = Reckoning(read_text("30 1 7 11 *")[0], zone("America/New_York"), keep_skipped=True, keep_repeated=False)
    assert once.next(first + 1) == second(2028, 11, 7, 6, 30)
    assert once.last(again - 1) == first
