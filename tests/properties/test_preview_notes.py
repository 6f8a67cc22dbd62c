"""The notes of a preview against the schedule itself: what they count and name is what the verbs say without them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic_core import to_json

from horarium.clocks.simulated import SeededRandom
from horarium.control.preview import as_saved, preview
from horarium.control.preview_notes import parts
from horarium.core.errors import ScheduleTooSparse
from horarium.core.instants import LAST
from horarium.core.schedule.schedule import Schedule
from tests.simulation.edits import SCHEDULE, Edits
from tests.sizes import size

SEEDS = size(400, 40_000)
SEEDS_PER_TEST = 100
START = datetime(2027, 3, 20, 9, 30, tzinfo=UTC)
COUNT = re.compile(r": ([\d,]+) occurrences? left out|^([\d,]+) occurrences? more|: (left out), named")


def counted(text: str) -> int:
    found = COUNT.search(text)
    assert found, text
    return 1 if found[3] else int((found[1] or found[2]).replace(",", ""))


def bare(schedule: Schedule) -> Schedule:
    made: Schedule = replace(schedule, except_=(), roll="none")
    return made


def exceptional(seed: int) -> Schedule:
    """A cron schedule that leaves out days, instants or both, and may roll."""
    chance = SeededRandom(seed)
    times = chance.choice(("0 9", "30 2", "0 */4", "15 1,23", "*/20 *"))
    lists: list[dict[str, Any]] = [
        {"kind": "weekdays", "days": chance.sample(("monday", "wednesday", "saturday", "sunday"), 2)},
        {"kind": "holidays", "country": chance.choice(("DE", "US", "BR"))},
        {"kind": "dates", "dates": ["2027-03-26/2027-04-02", "2027-11-07"]},
        {"kind": "cron", "expression": "0 8,9 * * TUE", "timezone": "Europe/Berlin"},
        {"kind": "every", "seconds": 7 * 3600, "anchor": "2027-03-01T01:00:00Z"},
    ]
    days, instants = chance.sample(lists[:3], chance.randrange(1, 4)), chance.sample(lists[3:], chance.randrange(0, 3))
    body = {
        "kind": "cron",
        "expression": f"{times} * * *",
        "timezone": chance.choice(("Europe/Berlin", "America/New_York", "America/Havana", "Pacific/Chatham")),
        "except": [*days, *instants],
        "roll": chance.choice(("none", "none", "forward", "back")),
    }
    return SCHEDULE.validate_json(to_json(body))


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS_PER_TEST))
def test_all_that_is_left_out_is_counted(first: int) -> None:
    for seed in range(first, first + SEEDS_PER_TEST):
        schedule = exceptional(seed)
        after = START + timedelta(hours=seed % 9_000)
        found = preview(schedule, after, 40, after)
        through = found.due[-1]
        excluded = [note for note in found.notes if note.kind == "excluded"]
        for note in excluded:
            assert note.at is not None
            assert not schedule.names(note.at), seed
            assert after < note.at <= through, seed
        if schedule.roll == "none":
            total = bare(schedule).count(after, through) - len(found.due)
            assert sum(counted(note.text) for note in excluded) == total, seed


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS_PER_TEST))
def test_every_instant_that_the_rule_does_not_name_was_rolled(first: int) -> None:
    for seed in range(first, first + SEEDS_PER_TEST):
        schedule = exceptional(seed)
        if schedule.roll == "none":
            continue
        after = START + timedelta(hours=seed % 9_000)
        found = preview(schedule, after, 40, after)
        moved = {note.at for note in found.notes if note.kind == "rolled" and ": moved from" in note.text}
        assert moved == {due for due in found.due if not bare(schedule).names(due)}, seed


def test_whatever_the_schedule_and_the_instant_there_is_an_answer() -> None:
    for seed in range(SEEDS):
        chance = SeededRandom(seed)
        edits = Edits(seed, START, dense=False)
        for schedule in (edits.before, edits.after):
            rolls = any(part.roll != "none" for part in parts(schedule))
            end = LAST - timedelta(days=400 if rolls else 0)
            somewhen = START + timedelta(days=chance.randrange(9_000))
            after = chance.choice((START, somewhen, end - timedelta(days=chance.randrange(20)), end))
            try:
                found = preview(schedule, after, chance.choice((1, 5, 50)), START)
            except ScheduleTooSparse:
                continue  # the answer is that there is none: all it names is left out
            saved = as_saved(schedule, START)
            assert all(saved.names(due) for due in found.due), seed
            assert found.due or saved.next_due(after) is None, seed
            assert all(note.text.endswith(".") for note in found.notes), seed
            moved = [note.at for note in found.notes if note.kind in ("moved", "merged", "repeated", "rolled")]
            assert all(at is not None and saved.names(at) for at in moved), seed
