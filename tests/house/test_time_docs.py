"""docs/reference/time.md and the product say the same: instants, sentences, refusals, words, numbers."""

import re
from datetime import datetime
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import TypeAdapter

from horarium.actions.command import STOP_GRACE_SECONDS
from horarium.control.definitions import ONCE_GRACE
from horarium.control.difference import DIFFERENCE_DAYS
from horarium.control.preview_notes import NoteKind
from horarium.control.schedule_controller import Fate
from horarium.core.errors import BadSchedule
from horarium.core.override import OVERRIDES_MAX
from horarium.core.plan import MISSED_AFTER
from horarium.core.schedule import rrule_text
from horarium.core.schedule.any_of import MEMBERS_MAX
from horarium.core.schedule.bounds import (
    EXCEPT_MAX,
    NESTING_MAX,
    PARTS_MAX,
    ROLLED_PER_DAY_MAX,
    WALKED_PER_DAY_MAX,
    Bounded,
)
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.cron_text import ALIASES, TEXT_MAX
from horarium.core.schedule.day_lists import DATES_MAX
from horarium.core.schedule.describe import describe
from horarium.core.schedule.excluded import SEARCH_STEPS_MAX
from horarium.core.schedule.rolled import ROLLED_DAYS_MAX
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.rrule_pattern import STEPPED_YEARS_MAX
from horarium.core.schedule.rrule_text import Frequency
from horarium.core.schedule.schedule import DUES_MAX, Exclusion, Schedule
from horarium.core.settle import LOSSES_MAX, RETRY_AFTER_MAX
from tests.house.pages import code, rows, section
from tests.house.paths import ROOT

INSTANTS = rows((ROOT / "docs" / "reference" / "time.md").read_text("utf-8"), "expression")


@pytest.mark.parametrize(("text", "zone", "after", "due"), INSTANTS)
def test_the_tables_of_instants(text: str, zone: str, after: str, due: str) -> None:
    expression, *ways = re.findall(r"`([^`]+)`", text)
    schedule = Cron(kind="cron", expression=expression, timezone=zone, **dict(way.split(": ") for way in ways))
    assert_due(schedule, after, due)


@pytest.mark.parametrize(
    ("text", "start", "zone", "after", "due"), rows(section("time.md", "Recurrence rules"), "rule")
)
def test_the_table_of_rules(text: str, start: str, zone: str, after: str, due: str) -> None:
    rule, *ways = re.findall(r"`([^`]+)`", text)
    schedule = Rrule(kind="rrule", rule=rule, start=start, timezone=zone, **dict(way.split(": ") for way in ways))
    assert_due(schedule, after, due)


def assert_due(schedule: Bounded, after: str, due: str) -> None:
    """`due`: months, days and times of the year of `after`; "never" is the end."""
    instant = datetime.fromisoformat(after + "Z")
    for expected in due.split(", "):
        found = schedule.next_due(instant)
        if expected == "never":
            assert found is None
            return
        assert found == datetime.fromisoformat(after[:5] + expected + "Z")
        assert found is not None
        instant = found


RFC_PARTS = {
    "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO",
    "BYMONTH", "BYSETPOS", "WKST",
}  # fmt: skip
"""The grammar of section 3.3.10."""
SCHEDULE: TypeAdapter[Any] = TypeAdapter(Schedule)
SHOWN = re.findall(
    r"^```json\n(.*?)^```\n\n((?:> [^\n]*\n)+)\n((?:\|[^\n]*\n)+)",
    (ROOT / "docs" / "reference" / "time.md").read_text("utf-8"),
    re.MULTILINE | re.DOTALL,
)


def test_every_schedule_in_json_is_among_those_tried_here() -> None:
    text = (ROOT / "docs" / "reference" / "time.md").read_text("utf-8")
    assert len(SHOWN) == text.count("```json") > 0


@pytest.mark.parametrize(("text", "sentence", "table"), SHOWN)
def test_a_schedule_in_json_says_and_does_what_stands_below(text: str, sentence: str, table: str) -> None:
    schedule = SCHEDULE.validate_json(text)
    assert " ".join(line.removeprefix("> ") for line in sentence.splitlines()) == describe(schedule)
    for after, due in rows(table, "after"):
        assert_due(schedule, after, due)


def test_the_refused_texts() -> None:
    for text, column, _ in rows(section("time.md", "Cron text"), "refused"):
        with pytest.raises(BadSchedule) as refused:
            Cron(kind="cron", expression=code(text), timezone="UTC")
        assert refused.value.column == int(column), text


def test_the_refused_rules() -> None:
    for text, column, _ in rows(section("time.md", "Recurrence rules"), "refused"):
        with pytest.raises(BadSchedule) as refused:
            Rrule(kind="rrule", rule=code(text), start="2027-01-04T09:00", timezone="UTC")
        assert refused.value.column == int(column), text


def test_the_kinds_of_time_are_those_of_the_code() -> None:
    text = (ROOT / "docs" / "reference" / "time.md").read_text("utf-8")
    kinds = [word for row in rows(text, "kind")[:5] for word in re.findall(r"`([a-z_]+)`", row[0])]
    assert set(kinds) == {kind_of(shape) for shape in get_args(get_args(Schedule)[0])}
    entries = [
        word for row in rows(section("time.md", "Leaving out"), "entry") for word in re.findall(r"`(\w+)`", row[0])
    ]
    assert sorted(entries) == sorted(kind_of(shape) for shape in get_args(get_args(Exclusion)[0]))


def kind_of(shape: type[Any]) -> str:
    (kind,) = get_args(get_type_hints(shape)["kind"])
    return str(kind)


def test_the_preview_says_what_the_page_says() -> None:
    text = section("time.md", "Preview")
    assert [code(row[0]) for row in rows(text, "kind")] == list(get_args(NoteKind))
    assert [code(row[0]) for row in rows(text, "becomes")] == list(get_args(Fate))


def test_all_parts_of_a_rule_are_named_and_read() -> None:
    (text,) = [
        part for part in section("time.md", "Recurrence rules").split("\n\n") if "All of the RFC's parts" in part
    ]
    assert set(re.findall(r"`([A-Z]+)`", text)) == RFC_PARTS | {Frequency.SECONDLY.name, Frequency.YEARLY.name}
    for name in RFC_PARTS:
        with pytest.raises(BadSchedule, match=f"{name} has no value"):
            Rrule(kind="rrule", rule=f"{name}=", start="2027-01-01", timezone="UTC")


def test_the_short_forms_are_named() -> None:
    text = section("time.md", "Cron text")
    named = re.findall(r"`(@[a-z]+)`", text[text.index("Short forms:") : text.index("**Day of month")])
    assert named == list(ALIASES)


def test_the_numbers_of_time() -> None:
    documented = dict(rows(section("time.md", "Numbers"), "what"))
    assert documented == {
        "late, not missed, up to": f"{MISSED_AFTER.total_seconds():g} s",
        "a passed `at` is still accepted for": f"{ONCE_GRACE.total_seconds():g} s",
        "losses that end a run": str(LOSSES_MAX),
        "`Retry-After` is respected up to": f"{RETRY_AFTER_MAX.total_seconds():.0f} s",
        "between TERM and KILL": f"{STOP_GRACE_SECONDS:g} s",
        "cron text, characters": str(TEXT_MAX),
        "rule, characters": str(rrule_text.TEXT_MAX),
        "`COUNT` of a rule": f"{rrule_text.COUNT_MAX:,}",
        "`INTERVAL` of a rule": f"{rrule_text.INTERVAL_MAX:,}",
        "years that a rule in uneven steps may take": str(STEPPED_YEARS_MAX),
        "schedules in an `any_of`": str(MEMBERS_MAX),
        "entries of `except`": str(EXCEPT_MAX),
        "entries of `dates`, and of a calendar": f"{DATES_MAX:,}",
        "schedules in one another, deep": str(NESTING_MAX),
        "schedules inside one, all together": str(PARTS_MAX),
        "days that an occurrence is rolled": str(ROLLED_DAYS_MAX),
        "occurrences a day that can be rolled": f"{ROLLED_PER_DAY_MAX:,}",
        "instants a day of all schedules but one": f"{WALKED_PER_DAY_MAX:,}",
        "occurrences left out in a row": f"{SEARCH_STEPS_MAX:,}",
        "skipped and moved occurrences of a task, undecided": str(OVERRIDES_MAX),
        "instants of one preview": f"{DUES_MAX:,}",
        "days that a preview compares": str(DIFFERENCE_DAYS),
    }
