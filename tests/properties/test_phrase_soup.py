"""Whatever is typed is read or refused with a place in the text, in no time; what is read has a sentence that says the same."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from horarium.core.errors import BadPhrase
from horarium.core.schedule.describe import describe
from horarium.core.schedule.phrase import PHRASE_MAX, parse, prepare
from horarium.core.schedule.phrases.words import idioms
from horarium.core.schedule.same import normal_form
from tests.house.pages import rows
from tests.house.paths import ROOT
from tests.sizes import SEED, size

NOW = datetime(2027, 1, 15, 10, 20, tzinfo=UTC)
ZONE = "Europe/Berlin"
BATCH = 2_000
ONE_TIME = "; for one time write "
"""What stands behind it in a note is a text itself."""
PHRASES = [row[0].strip("`") for row in rows((ROOT / "docs" / "reference" / "phrases.md").read_text("utf-8"), "phrase")]
IDIOMS = [" ".join(words) for words, meaning in idioms()[0].items() if meaning[0] != "ZONE"]
PIECES = [
    "1",
    "2",
    "9",
    "12",
    "15",
    "31",
    "2027",
    "0.5",
    "100000000",
    "2nd",
    "15th",
    "31st",
    "9:30",
    "7am",
    "24:00",
    "2027-01-31",
    "2027-01-31T09:00",
    "2027-03-28T02:30",
    "1970-01-01",
    '"ops"',
    "Europe/Berlin",
    "Berlin",
    "DE",
    "(",
    ")",
    ",",
    ";",
    "*",
    "*/5",
    "1-5",
    "L",
    "*-*-*",
    "..",
    "~",
    "FREQ=DAILY",
    "RRULE:FREQ=WEEKLY;INTERVAL=9",
    "@daily",
    "٣",
    "é",
]


def soup(rng: Random) -> str:
    """Idioms thrown together, phrases of people cut and joined, or plain noise."""
    kind = rng.randrange(5)
    if kind == 0:
        text = " ".join(rng.choice(IDIOMS if rng.random() < 0.6 else PIECES) for _ in range(rng.randint(1, 40)))
    elif kind == 1:
        text = "".join(
            rng.choice('abcdeimnorstuvy 0123456789:/-*?.,;()"#LW@') for _ in range(rng.randint(1, PHRASE_MAX))
        )
    elif kind == 2:
        text = " ".join(rng.choice(PIECES) for _ in range(rng.randint(1, 60)))
    else:
        first, second = rng.choice(PHRASES).split(), rng.choice(PHRASES).split()
        words = first[: rng.randint(0, len(first))] + second[rng.randint(0, len(second)) :]
        for _ in range(rng.randint(0, 2)):
            words.insert(rng.randint(0, len(words)), rng.choice(IDIOMS if rng.random() < 0.5 else PIECES))
        text = " ".join(words)
    return text[:PHRASE_MAX]


@pytest.mark.parametrize("batch", range(size(1, 25)))
def test_every_text_is_read_or_refused_in_place(batch: int) -> None:
    prepare()
    rng = Random(SEED * 1_000 + batch)
    for _ in range(size(300, BATCH)):
        text = soup(rng)
        try:
            parsed = parse(text, ZONE, NOW)
            read = parsed.schedule
        except BadPhrase as refused:
            column, word = refused.column, refused.word
        else:
            column, word = 1, ""
            again = parse(describe(read), "Asia/Tokyo", NOW + timedelta(days=99)).schedule
            assert normal_form(again) == normal_form(read), text
            for note in parsed.notes:
                if ONE_TIME in note:
                    parse(note.partition(ONE_TIME)[2], ZONE, NOW)
        assert column is not None
        assert 1 <= column <= len(text) + 1, text
        assert text[column - 1 :].startswith(word), text
