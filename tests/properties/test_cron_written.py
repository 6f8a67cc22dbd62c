"""The one cron text of a meaning names the same instants as every other text of it."""

from datetime import datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from horarium.core.errors import BadValue
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.same import normal_cron
from tests.properties.cron_texts import HARD_ZONES, cron_texts, near_changes
from tests.properties.schedules import cron_text
from tests.sizes import SEED, size

DUES = 12


def dues(expression: str, zone: str, after: datetime) -> list[datetime]:
    schedule = Cron(kind="cron", expression=expression, timezone=zone)
    found: list[datetime] = []
    while len(found) < DUES and (due := schedule.next_due(after)) is not None:
        found.append(after := due)
    return found


@settings(max_examples=size(200, 5_000), deadline=None)
@given(cron_texts(), st.sampled_from(HARD_ZONES), st.data())
def test_the_normal_text_is_due_when_the_text_is(text: str, zone: str, data: st.DataObject) -> None:
    after = data.draw(near_changes(zone))
    try:
        expected = dues(text, zone, after)
    except BadValue:
        return
    assert dues(normal_cron(text), zone, after) == expected


def test_the_normal_text_is_its_own() -> None:
    rng = Random(SEED)
    for _ in range(size(500, 20_000)):
        text = cron_text(rng)
        try:
            written = normal_cron(text)
        except BadValue:
            continue
        assert normal_cron(written) == written, text
