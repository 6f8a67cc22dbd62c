"""Several schedules as one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from horarium.core.errors import BadValue
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.schedule import anchored_within, first_dues

MS = timedelta(milliseconds=1)
HOUR = timedelta(hours=1)
MONDAY = datetime(2027, 3, 1, tzinfo=UTC)


def cron(text: str, **more: Any) -> Cron:
    return Cron(kind="cron", expression=text, **({"timezone": "UTC"} | more))


def every(seconds: float, **more: Any) -> Every:
    return Every(kind="every", seconds=seconds, **({"anchor": MONDAY} | more))


def any_of(*schedules: Any, **more: Any) -> AnyOf:
    return AnyOf(kind="any_of", schedules=schedules, **more)


def test_due_whenever_one_of_them_is() -> None:
    both = any_of(cron("0 9 * * *"), cron("30 17 * * MON"), Once(kind="once", at=MONDAY + 10 * HOUR))
    assert first_dues(both, MONDAY, 5) == (
        MONDAY + 9 * HOUR,
        MONDAY + 10 * HOUR,
        MONDAY + 17.5 * HOUR,
        MONDAY + 33 * HOUR,
        MONDAY + 57 * HOUR,
    )
    assert both.last_due(MONDAY + 17.5 * HOUR - MS) == MONDAY + 10 * HOUR
    assert both.count(MONDAY, MONDAY + timedelta(days=7)) == 9
    assert both.names(MONDAY + 10 * HOUR)
    assert not both.names(MONDAY + 11 * HOUR)


def test_what_several_name_is_one_occurrence() -> None:
    # Every second and every third hour of a day: 12 + 8, of which every sixth hour is both.
    thirds = any_of(every(7_200), every(10_800), every(10_800))
    day = (MONDAY - MS, MONDAY + 24 * HOUR - MS)
    assert thirds.count(*day) == 16
    assert len([due for due in first_dues(thirds, day[0], 30) if due <= day[1]]) == 16
    assert any_of(every(60), every(3_600), cron("0 * * * *")).count(*day) == 1_440


def test_members_keep_their_own_bounds_and_the_whole_has_its_own() -> None:
    whole = any_of(
        cron("0 9 * * *", ends_at=MONDAY + 24 * HOUR),
        cron("0 12 * * *", starts_at=MONDAY + 24 * HOUR),
        starts_at=MONDAY,
        ends_at=MONDAY + 60 * HOUR,
    )
    assert first_dues(whole, MONDAY - 99 * HOUR, 9) == (MONDAY + 9 * HOUR, MONDAY + 36 * HOUR, MONDAY + 60 * HOUR)
    assert whole.last_due(MONDAY + 999 * HOUR) == MONDAY + 60 * HOUR
    assert whole.count(MONDAY - 999 * HOUR, MONDAY + 999 * HOUR) == 3


def test_a_dense_member_is_counted_and_not_walked() -> None:
    whole = any_of(cron("* * * * * *"), cron("0 0 * * *"))
    assert whole.count(MONDAY, MONDAY + timedelta(days=7)) == 7 * 86_400


def test_jitter_stays_below_the_next_of_all_members() -> None:
    whole = any_of(cron("0 9 * * *"), cron("0 0 9 * * *"), cron("1 0 9 * * *"), jitter_seconds=3_600)
    delays = [whole.delay(bytes([n]) * 16, MONDAY + 9 * HOUR) for n in range(50)]
    assert max(delays) < timedelta(seconds=1)
    assert max(delays) > timedelta(milliseconds=800)


def test_days_are_those_of_the_one_zone_that_all_members_share() -> None:
    tokyo, berlin = cron("0 9 * * *", timezone="Asia/Tokyo"), cron("0 9 * * *", timezone="Europe/Berlin")
    assert any_of(tokyo, every(60)).zones() == {"Asia/Tokyo"}
    assert any_of(tokyo, any_of(berlin), any_of(berlin, tokyo)).zones() == {"Asia/Tokyo", "Europe/Berlin"}
    assert any_of(every(60)).zones() == set()


def test_anchors_inside_are_written_once() -> None:
    now = MONDAY + timedelta(microseconds=1_500)
    bare = any_of(every(60, anchor=None), any_of(every(90, anchor=None), cron("0 9 * * *")), every(5))
    assert not bare.ready()
    saved = anchored_within(bare, now)
    assert saved.ready()
    assert saved == any_of(
        every(60, anchor=MONDAY + timedelta(seconds=60)),
        any_of(every(90, anchor=MONDAY + timedelta(seconds=90)), cron("0 9 * * *")),
        every(5),
    )
    assert anchored_within(bare, now + HOUR, saved) == saved
    assert anchored_within(saved, now + HOUR) is saved


def nested(depth: int) -> Any:
    schedule: Any = cron("0 9 * * *")
    for _ in range(depth):
        schedule = any_of(schedule)
    return schedule


def test_nesting_ends_at_four() -> None:
    assert first_dues(nested(4), MONDAY, 1) == (MONDAY + 9 * HOUR,)
    with pytest.raises(BadValue, match="more than 4 deep") as refused:
        nested(5)
    assert refused.value.field == "schedules.0"
    with pytest.raises(BadValue, match="more than 4 deep"):
        cron("0 9 * * *", except_=(nested(4),))


@pytest.mark.parametrize(
    ("schedules", "field", "said"),
    [
        ((), "schedules", "from 1 to 20"),
        ((cron("0 9 * * *"),) * 21, "schedules", "from 1 to 20"),
        ((any_of(*(cron("0 9 * * *"),) * 20),) * 10, "schedules.0", "more than 200"),
        ((cron("0 9 * * *"), every(60, max_occurrences=3)), "schedules.1.max_occurrences", "whole schedule"),
        ((cron("0 9 * * *"), every(60, jitter_seconds=3)), "schedules.1.jitter_seconds", "whole schedule"),
        ((every(1), every(9)), "schedules.1", "9,600"),
        ((every(9, anchor=None), cron("* * * * * *")), "schedules.0", "9,600"),
        ((any_of(every(1), every(10)), cron("*/2 * * * * *")), "schedules.1", "43,200"),
    ],
)
def test_wholes_that_are_refused(schedules: tuple[Any, ...], field: str, said: str) -> None:
    with pytest.raises(BadValue, match=said) as refused:
        any_of(*schedules)
    assert refused.value.field == field
    assert refused.value.remedy
