"""What cannot be read, or can be read in two ways, is refused at the right word and with texts that would do."""

from datetime import UTC, datetime

import pytest

from horarium.core.errors import BadPhrase
from horarium.core.schedule.phrase import TEXT_MAX, parse
from tests.unit.schedule.refused_phrases import REFUSED, Refused

NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)
ZONE = "Europe/Berlin"


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.marked)
def test_it_is_refused_at_the_marked_word(refused: Refused) -> None:
    before, _, after = refused.marked.partition("»")
    with pytest.raises(BadPhrase) as caught:
        parse(before + after, ZONE, NOW)
    assert caught.value.column == len(before) + 1
    assert after.startswith(caught.value.word)
    assert caught.value.message == f"{refused.message} (column {len(before) + 1})"
    assert caught.value.offers == refused.offers
    assert caught.value.field == "text"


@pytest.mark.parametrize(
    "refused", [refused for refused in REFUSED if refused.offers], ids=lambda refused: refused.marked
)
def test_every_offer_can_be_read_and_each_means_something_else(refused: Refused) -> None:
    read = [parse(offer, ZONE, NOW).schedule for offer in refused.offers]
    assert len(set(read)) == len(read)


def test_there_are_a_hundred_of_them() -> None:
    assert len({refused.marked for refused in REFUSED}) >= 100


def test_what_was_expected_is_named() -> None:
    with pytest.raises(BadPhrase) as caught:
        parse("(every day at 9:00", ZONE, NOW)
    assert (caught.value.expected, caught.value.remedy, caught.value.word) == (
        ("a closing bracket",),
        "expected a closing bracket",
        "",
    )


@pytest.mark.parametrize(
    "text",
    [
        "every day at 9:00 except",
        "every day at 9:00 except foo",
        "every day at 9:00 but not foo",
        "every day at 9:00 except Sundays and foo",
        "every day at 9:00 except at night",
        "every day at 9:00 except every other Monday",
    ],
)
def test_what_may_stand_behind_except_is_said(text: str) -> None:
    with pytest.raises(BadPhrase) as caught:
        parse(text, ZONE, NOW)
    assert caught.value.remedy == (
        'after "except" write days, dates, months, holidays, calendar "name" or a schedule in brackets, '
        "e.g. except weekends, or except (every day at 12:00)"
    )


def test_an_empty_text_and_one_that_is_too_long_are_refused() -> None:
    for text in ("", "   ", "."):
        with pytest.raises(BadPhrase, match=r"column 1"):
            parse(text, ZONE, NOW)
    with pytest.raises(BadPhrase) as caught:
        parse("every day at 9:00 " + "x" * TEXT_MAX, ZONE, NOW)
    assert caught.value.column == TEXT_MAX + 1
