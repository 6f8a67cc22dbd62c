"""Every schedule has a sentence, and the sentence says that schedule and no other."""

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from horarium.core.schedule.describe import describe
from horarium.core.schedule.phrase import TEXT_MAX, parse
from horarium.core.schedule.same import normal_form
from tests.properties.cron_texts import HARD_ZONES
from tests.properties.schedules import schedule
from tests.sizes import SEED, size

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
BATCH = 2_000


def says_itself(rng: Random) -> None:
    """One random schedule: its sentence reads back as the same, whatever zone and time it is read in."""
    made = schedule(rng)
    sentence = describe(made)
    if len(sentence) > TEXT_MAX:
        return
    read = parse(sentence, rng.choice(HARD_ZONES), NOW).schedule
    assert normal_form(read) == normal_form(made), sentence
    assert describe(read) == sentence


@pytest.mark.parametrize("batch", range(size(1, 50)))
def test_a_sentence_reads_back_as_its_schedule(batch: int) -> None:
    """100,000 of them at the large size, in batches, since hypothesis takes longer to draw one than all else takes."""
    rng = Random(SEED * 1_000 + batch)
    for _ in range(size(200, BATCH)):
        says_itself(rng)


@settings(max_examples=size(50, 1_000), deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_smallest_sentence_that_does_not_is_found(rng: Random) -> None:
    says_itself(rng)
