"""What `except` leaves: days of lists in their zones, and instants of other schedules."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from horarium.core.errors import BadValue, ScheduleTooSparse
from horarium.core.instants import LAST
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays, Dates, Holidays, Weekdays
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.schedule import Schedule, first_dues

DECODER: TypeAdapter[Any] = TypeAdapter(Schedule)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEKEND = Weekdays(kind="weekdays", days=("saturday", "sunday"))
GERMANY = Holidays(kind="holidays", country="DE")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cron(text: str, *exceptions: Any, **more: Any) -> Cron:
    return Cron(kind="cron", expression=text, except_=exceptions, **({"timezone": "Europe/Berlin"} | more))


def every(seconds: float, *exceptions: Any, **more: Any) -> Every:
    return Every(kind="every", seconds=seconds, except_=exceptions, **({"anchor": at("2027-01-01")} | more))


def dates(*texts: str, timezone: str | None = None) -> Dates:
    return Dates(kind="dates", dates=texts, timezone=timezone)


def test_christmas_is_one_step() -> None:
    daily = cron("0 9 * * *", GERMANY, dates("2027-12-27/2027-12-31"))
    # 25 and 26 December are holidays, 1 January is one, and the days between are written.
    assert first_dues(daily, at("2027-12-23T12:00"), 3) == (
        at("2027-12-24T08:00"),
        at("2028-01-02T08:00"),
        at("2028-01-03T08:00"),
    )
    assert daily.last_due(at("2028-01-02T07:59")) == at("2027-12-24T08:00")
    assert daily.count(at("2027-12-23T12:00"), at("2028-01-03T08:00")) == 3
    assert daily.count(at("2027-12-24T08:00"), at("2028-01-01T12:00")) == 0
    assert not daily.names(at("2027-12-25T08:00"))
    assert daily.names(at("2027-12-24T08:00"))


def test_days_are_local_days_of_the_lists_zone() -> None:
    # 1 March in Tokyo is 28 February 15:00 to 1 March 15:00; in Berlin it ends at 23:00.
    hourly = every(3_600, dates("2027-03-01", timezone="Asia/Tokyo"))
    assert hourly.next_due(at("2027-02-28T14:00")) == at("2027-03-01T15:00")
    assert hourly.last_due(at("2027-03-01T14:59")) == at("2027-02-28T14:00")
    both = every(
        3_600, dates("2027-03-01", timezone="Europe/Berlin"), dates("2027-03-01", timezone="Asia/Tokyo")
    )  # overlapping, and counted once
    assert both.next_due(at("2027-02-28T14:00")) == at("2027-03-01T23:00")
    assert both.last_due(at("2027-03-01T22:59")) == at("2027-02-28T14:00")
    assert both.count(at("2027-02-28T14:00"), at("2027-03-01T23:00")) == 1
    assert both.count(at("2027-02-28T20:00"), at("2027-03-01T20:00")) == 0
    assert both.count(at("2027-02-27T23:00"), at("2027-03-02T23:00")) == 72 - 32


def test_the_schedules_zone_is_the_lists_zone_where_it_has_none() -> None:
    assert cron("0 0 * * *", dates("2027-03-01"), timezone="Asia/Tokyo").next_due(at("2027-02-28T14:59")) == at(
        "2027-03-01T15:00"
    )
    shared = AnyOf(kind="any_of", schedules=(cron("0 0 * * *"), every(3_600)), except_=(dates("2027-03-01"),))
    assert shared.next_due(at("2027-02-28T22:00")) == at("2027-03-01T23:00")


def test_a_day_that_the_clock_comes_back_to() -> None:
    """In Nuuk midnight comes twice on 31 October 2027: the Saturday before lasts until 02:00 UTC."""
    hourly = every(3_600, dates("2027-10-30", timezone="America/Nuuk"))
    assert hourly.next_due(at("2027-10-30T00:00")) == at("2027-10-31T02:00")
    assert hourly.last_due(at("2027-10-31T01:00")) == at("2027-10-30T00:00")
    assert hourly.count(at("2027-10-30T00:00"), at("2027-10-31T02:00")) == 1


def test_a_day_in_two_pieces() -> None:
    """In St John's, 7 November 2010 began at 02:30 UTC, went back to the Saturday at 02:31 and began again at 03:30."""
    more: dict[str, Any] = {"anchor": at("2010-11-01")}
    saturday = every(60, dates("2010-11-06", timezone="America/St_Johns"), **more)
    assert first_dues(saturday, at("2010-11-06T12:00"), 3) == tuple(
        map(at, ("2010-11-07T02:30", "2010-11-07T03:30", "2010-11-07T03:31"))
    )
    assert saturday.last_due(at("2010-11-07T03:29")) == at("2010-11-07T02:30")
    sunday = every(60, dates("2010-11-07", timezone="America/St_Johns"), **more)
    assert sunday.next_due(at("2010-11-07T02:29")) == at("2010-11-07T02:31")
    assert sunday.last_due(at("2010-11-07T12:00")) == at("2010-11-07T03:29")
    assert sunday.count(at("2010-11-07T02:29"), at("2010-11-07T12:00")) == 59


def test_instants_of_another_schedule() -> None:
    hourly = cron(
        "0 * * * *", cron("0 12 * * *", ends_at=at("2027-03-02")), Once(kind="once", at=at("2027-03-01T12:00"))
    )
    start = at("2027-03-01")
    assert first_dues(hourly, at("2027-03-01T10:00"), 2) == (at("2027-03-01T13:00"), at("2027-03-01T14:00"))
    assert hourly.last_due(at("2027-03-01T12:59")) == at("2027-03-01T10:00")
    assert hourly.count(start, start + DAY) == 22
    assert hourly.count(start + DAY, start + 2 * DAY) == 24


def test_the_sparser_side_is_walked_and_the_answer_is_the_same() -> None:
    start, week = at("2027-03-01") - MS, 7 * DAY
    assert cron("* * * * * *", cron("0 12 * * *")).count(start, start + week) == 7 * 86_400 - 7
    assert cron("0 12 * * *", cron("* * * * * *", ends_at=start + 3 * DAY)).count(start, start + week) == 4
    assert cron("*/2 * * * *", every(180), every(180), WEEKEND).count(start, start + week) == 5 * 480


def test_exceptions_have_exceptions() -> None:
    # At noon, but not on workdays, except that 1 March counts as none.
    noon = cron("0 12 * * *", cron("0 12 * * MON-FRI", dates("2027-03-01")))
    assert first_dues(noon, at("2027-02-26"), 4) == tuple(
        at(f"2027-{day}T11:00") for day in ("02-27", "02-28", "03-01", "03-06")
    )


def test_a_week_of_seconds_without_weekends_is_counted_in_closed_form() -> None:
    secondly = cron("* * * * * *", WEEKEND)
    start = at("2027-03-01") - HOUR  # midnight in Berlin
    assert secondly.count(start - MS, start + 7 * DAY - MS) == 5 * 86_400
    assert secondly.next_due(start + 5 * DAY - MS) == start + 7 * DAY


def test_bounds_come_last() -> None:
    daily = cron("0 9 * * *", WEEKEND, starts_at=at("2027-03-06"), ends_at=at("2027-03-08T08:00"))
    assert first_dues(daily, at("2027-01-01"), 3) == (at("2027-03-08T08:00"),)
    assert daily.last_due(LAST) == at("2027-03-08T08:00")
    assert daily.last_due(at("2027-03-07")) is None


def test_jitter_fills_the_way_to_the_next_that_is_left() -> None:
    secondly = cron("* * * * * *", WEEKEND, jitter_seconds=86_400)
    friday = at("2027-03-05T22:59:59")
    assert max(secondly.delay(bytes([n]) * 16, friday) for n in range(50)) > 20 * HOUR
    assert secondly.delay(b"a" * 16, friday - timedelta(seconds=1)) < timedelta(seconds=1)


def test_days_until_the_end_of_time() -> None:
    daily = cron("0 9 * * *", dates("2030-01-01/9999-12-31"))
    assert daily.next_due(at("2029-12-31T12:00")) is None
    assert daily.last_due(LAST) == at("2029-12-31T08:00")
    assert daily.count(at("2029-12-01"), LAST) == 31
    assert daily.next_due(at("2500-01-01")) is None
    weekly = cron("0 9 * * *", WEEKEND)
    assert weekly.next_due(at("9999-12-31T09:00")) is None
    assert weekly.next_due(at("2600-01-03T12:00")) == at("2600-01-06T08:00")  # 4 January is a Saturday


def test_a_search_that_finds_nothing_ends() -> None:
    """From 2030 on every minute is left out."""
    minutely = cron("* * * * *", cron("* * * * *", starts_at=at("2030-01-01")))
    assert minutely.next_due(at("2029-12-31T23:58")) == at("2029-12-31T23:59")
    with pytest.raises(ScheduleTooSparse, match="10,000 occurrences in a row") as refused:
        minutely.next_due(at("2029-12-31T23:59"))
    assert refused.value.steps == 10_000
    assert refused.value.remedy
    assert minutely.count(at("2029-12-31T23:00"), at("2030-01-02")) == 59
    assert not minutely.names(at("2031-01-01"))


def test_counting_asks_for_nothing_behind_its_end() -> None:
    """What is left out, or a member, has hidden all that would come next: nobody needs to know of it."""
    hourly = cron("0 * * * *", cron("0 * * * *", starts_at=at("2027-01-05")))
    minutely = cron("* * * * *", hourly)
    assert minutely.count(at("2027-01-04T12:00"), at("2027-01-06")) == 36 * 60 - 11  # from 13:00 to 23:00
    both = AnyOf(kind="any_of", schedules=(cron("30 * * * *"), hourly))
    assert both.count(at("2027-01-04T12:00"), at("2027-01-06")) == 36 + 11


def test_what_leaves_itself_out_is_refused() -> None:
    # Not decided by the short search on construction: it is the search for the next one that ends.
    with pytest.raises(ScheduleTooSparse):
        cron("0 9 * * *", cron("0 9 * * *")).next_due(at("2027-01-01"))
    with pytest.raises(BadValue, match="every occurrence is left out"):
        Once(kind="once", at=at("2027-12-25T09:00"), except_=(dates("2027-12-25", timezone="UTC"),))
    with pytest.raises(BadValue, match="every occurrence is left out"):
        cron("0 9 * * SAT", WEEKEND, ends_at=at("2028-01-01"))
    with pytest.raises(BadValue, match="every occurrence is left out"):
        cron("0 9 * * SAT", WEEKEND, Weekdays(kind="weekdays", days=("monday",)))


@pytest.mark.parametrize(
    ("make", "field", "said"),
    [
        (lambda: every(60, WEEKEND), "except.0.timezone", "does not say in which time zone"),
        (lambda: Once(kind="once", at=at("2027-01-01"), except_=(GERMANY,)), "except.0.timezone", "time zone"),
        (
            lambda: AnyOf(
                kind="any_of",
                schedules=(cron("0 9 * * *"), cron("0 9 * * *", timezone="UTC")),
                except_=(cron("0 8 * * *"), WEEKEND),
            ),
            "except.1.timezone",
            "time zone",
        ),
        (lambda: cron("0 9 * * *", *(WEEKEND,) * 21), "except", "more than 20"),
        (lambda: cron("0 9 * * *", every(60, max_occurrences=2)), "except.0.max_occurrences", "whole schedule"),
        (lambda: cron("* * * * * *", every(2)), "except", "more than 8,640"),
        (lambda: every(9, every(4.5), anchor=None), "except", "more than 8,640"),
    ],
)
def test_exceptions_that_are_refused(make: Any, field: str, said: str) -> None:
    with pytest.raises(BadValue, match=said) as refused:
        make()
    assert refused.value.field == field
    assert refused.value.remedy


def test_json_says_except() -> None:
    schedule = cron(
        "0 9 * * *",
        GERMANY,
        CalendarDays(kind="calendar", name="plant", version=2, days=("2027-08-02",)),
        cron("0 9 1 * *", WEEKEND),
        roll="back",
    )
    written = DECODER.dump_json(schedule)
    document = json.loads(written)
    assert b"except_" not in written
    assert [one["kind"] for one in document["except"]] == ["holidays", "calendar", "cron"]
    assert document["except"][2]["except"] == [
        {"kind": "weekdays", "timezone": None, "days": ["saturday", "sunday"]},
    ]
    assert document["roll"] == "back"
    assert DECODER.validate_json(written) == schedule


def test_what_was_saved_before_there_were_exceptions_is_still_read() -> None:
    saved = (
        '{"kind":"cron","starts_at":null,"ends_at":null,"max_occurrences":null,"jitter_seconds":0,'
        '"expression":"0 9 * * *","timezone":"Europe/Berlin","dst_gap":"run_after","dst_fold":"first"}'
    )
    assert DECODER.validate_json(saved) == cron("0 9 * * *")


@pytest.mark.parametrize(
    "text",
    [
        '{"kind":"every","seconds":60,"except_":[]}',
        '{"kind":"every","seconds":60,"except":null}',
        '{"kind":"every","seconds":60,"roll":"sideways"}',
        '{"kind":"every","seconds":60,"except":[{"kind":"weekday","days":["monday"]}]}',
        '{"kind":"every","seconds":60,"except":[{"kind":"weekdays","days":["Monday"],"timezone":"UTC"}]}',
        '{"kind":"dates","dates":["2027-01-01"]}',
        '{"kind":"any_of","schedules":[{"kind":"dates","dates":["2027-01-01"]}]}',
    ],
)
def test_other_shapes_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        DECODER.validate_json(text)
