"""Identities: derived or stamped, ordered by time, shown as ULID."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horarium.core.errors import BadValue
from horarium.core.ids import TaskId, from_ulid, occurrence_run_id, skip_id, stamped_id, to_ulid
from horarium.core.instants import EPOCH, LAST, from_ms, to_ms
from tests.making import MS, TASK, at

OTHER = TaskId(b"\xff" * 16)
sixteen = st.binary(min_size=16, max_size=16)
milliseconds = st.integers(0, 253_402_300_799_999)


def test_the_same_occurrence_has_the_same_id_for_ever() -> None:
    """Written down once: a change of this value makes every stored id wrong."""
    assert occurrence_run_id(TASK, at(60)) == occurrence_run_id(TaskId(bytes(range(16))), at(60))
    assert occurrence_run_id(TASK, at(60)).hex() == "01a400f720607f2ee44ed82773fb0f0f"


def test_task_instant_and_kind_are_all_that_matters() -> None:
    ids = {
        occurrence_run_id(TASK, at(60)),
        occurrence_run_id(TASK, at(60) + MS),
        occurrence_run_id(OTHER, at(60)),
        skip_id(TASK, at(60)),
        skip_id(OTHER, at(60)),
    }
    assert len(ids) == 5


def test_the_first_48_bits_are_the_instant() -> None:
    for made in (occurrence_run_id(TASK, at(60)), skip_id(TASK, at(60)), stamped_id(at(60), bytes(10))):
        assert len(made) == 16
        assert int.from_bytes(made[:6], "big") == to_ms(at(60))
    assert occurrence_run_id(TASK, EPOCH)[:6] == bytes(6)
    assert occurrence_run_id(TASK, LAST)[:6] == (253_402_300_799_999).to_bytes(6, "big")


@given(milliseconds, milliseconds)
def test_ids_are_ordered_by_time(one: int, other: int) -> None:
    if one != other:
        ids = [occurrence_run_id(TASK, from_ms(ms)) for ms in (one, other)]
        assert (ids[0] < ids[1]) == (one < other) == (to_ulid(ids[0]) < to_ulid(ids[1]))


@given(milliseconds)
def test_milliseconds_there_and_back(ms: int) -> None:
    assert to_ms(from_ms(ms)) == ms


def test_what_is_finer_than_a_millisecond_is_cut() -> None:
    assert to_ms(datetime(1970, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)) == 999


@given(sixteen)
def test_ulids_there_and_back(value: bytes) -> None:
    text = to_ulid(value)
    assert len(text) == 26
    assert from_ulid(text) == from_ulid(text.lower()) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (bytes(16), "00000000000000000000000000"),
        (b"\xff" * 16, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"),
        ((1).to_bytes(16, "big"), "00000000000000000000000001"),
        ((32).to_bytes(16, "big"), "00000000000000000000000010"),
    ],
)
def test_known_ulids(value: bytes, text: str) -> None:
    assert (to_ulid(value), from_ulid(text)) == (text, value)


def test_letters_that_look_like_digits_are_read_as_them() -> None:
    assert from_ulid("OoIiLl" + "0" * 20) == from_ulid("001111" + "0" * 20)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 25,
        "0" * 27,
        "8" + "0" * 25,
        "Z" * 26,
        "0" * 25 + "U",
        "0" * 25 + "-",
        " " * 26,
        "٠" * 26,
        "0" * 25 + "\n",
    ],
)
def test_what_is_no_ulid_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        from_ulid(text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = from_ulid(text)
    except BadValue:
        return
    assert len(value) == 16
