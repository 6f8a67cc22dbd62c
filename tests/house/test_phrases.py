"""The page of phrases and the product say the same: schedules, instants, refusals and offers, row by row."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from horarium.core.errors import BadPhrase
from horarium.core.schedule.every import Every
from horarium.core.schedule.phrase import PHRASE_MAX, parse
from horarium.core.schedule.schedule import Schedule, first_dues
from tests.house.pages import rows
from tests.house.paths import ROOT

PAGE = (ROOT / "docs" / "reference" / "phrases.md").read_text("utf-8")
NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)
ZONE = "Europe/Berlin"
SHOWN = 3
READER: TypeAdapter[Any] = TypeAdapter(Schedule)
PHRASES = rows(PAGE, "phrase")
REFUSED = rows(PAGE, "text")


def compact(schedule: Any) -> str:
    """A plain cron schedule as text and zone, every other one as JSON without what is the default."""
    members = READER.dump_python(schedule, mode="json", exclude_defaults=True, by_alias=True)
    if members.keys() == {"kind", "expression", "timezone"}:
        return f"{schedule.expression} {schedule.timezone}"
    return json.dumps(members, separators=(", ", ": "))


def unquoted(cell: str) -> str:
    return cell.removeprefix("`").removesuffix("`")


@pytest.mark.parametrize("row", PHRASES, ids=lambda row: unquoted(row[0]))
def test_a_phrase_gives_the_schedule_and_the_instants_of_its_row(row: list[str]) -> None:
    phrase, schedule, instants = unquoted(row[0]), unquoted(row[1]), row[2].split(", ")
    assert len(phrase) <= PHRASE_MAX
    read = parse(phrase, ZONE, NOW).schedule
    assert compact(read) == schedule
    anchored = read.anchored(NOW) if isinstance(read, Every) else read
    dues = first_dues(anchored, NOW, SHOWN)
    assert [due.strftime("%Y-%m-%dT%H:%M:%S").removesuffix(":00") for due in dues] == instants


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: unquoted(row[0]))
def test_what_the_page_calls_refused_is_refused_with_these_offers(row: list[str]) -> None:
    text, why, offers = unquoted(row[0]), row[1], [unquoted(offer) for offer in row[2].split(" · ")]
    with pytest.raises(BadPhrase) as caught:
        parse(text, ZONE, NOW)
    assert (caught.value.message.removesuffix(f" (column {caught.value.column})"), list(caught.value.offers)) == (
        why,
        offers,
    )
    for offer in offers:
        parse(offer, ZONE, NOW)


def test_the_page_has_two_hundred_phrases_of_people() -> None:
    assert len({row[0] for row in PHRASES}) >= 200
