"""Identities: 16 bytes, time-ordered, shown as ULID text (26 characters of Crockford base 32).

An occurrence's run id is derived from (task id, due_at) alone: 48 bits of due_at in milliseconds, then 80 bits of a hash.
So the same occurrence can never be two rows, whoever decides it. All other ids take 80 random bits after their instant.
"""

from datetime import datetime
from hashlib import blake2b
from typing import NewType

from horarium.core.errors import BadValue
from horarium.core.instants import to_ms

TaskId = NewType("TaskId", bytes)
RunId = NewType("RunId", bytes)
SkipId = NewType("SkipId", bytes)
WorkerId = NewType("WorkerId", bytes)

RANDOM_BYTES = 10
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_LENGTH = 26

_DIGIT_PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
_VALUES = {c: i for i, c in enumerate(ALPHABET)} | {c.lower(): i for i, c in enumerate(ALPHABET)}
_VALUES |= {"I": 1, "i": 1, "L": 1, "l": 1, "O": 0, "o": 0}


def occurrence_run_id(task_id: TaskId, due_at: datetime) -> RunId:
    """The id of the run that carries out this occurrence."""
    return RunId(_derived(b"run", task_id, due_at))


def skip_id(task_id: TaskId, first_due_at: datetime) -> SkipId:
    """The id of the skip that begins with this occurrence: an occurrence is decided once, so it begins at most one skip."""
    return SkipId(_derived(b"skip", task_id, first_due_at))


def stamped_id(instant: datetime, random: bytes) -> bytes:
    """A ULID: `random` (10 bytes) after the instant."""
    assert len(random) == RANDOM_BYTES
    return to_ms(instant).to_bytes(6, "big") + random


def to_ulid(value: bytes) -> str:
    """26 characters of Crockford base 32."""
    number = int.from_bytes(value, "big")
    return "".join([_DIGIT_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def from_ulid(text: str) -> bytes:
    """16 bytes. Raises BadValue for anything that is not a ULID."""
    if len(text) == ULID_LENGTH:
        try:
            number = 0
            for character in text:
                number = number << 5 | _VALUES[character]
            return number.to_bytes(16, "big")
        except (KeyError, OverflowError):
            pass
    raise BadValue("", f"{text[:40]!r} is not an id", "ids are 26 letters and digits, e.g. 01JD8Z5B1ZC7TR0Q3H6W0XQ2SG")


def _derived(domain: bytes, task_id: TaskId, instant: datetime) -> bytes:
    stamp = to_ms(instant).to_bytes(6, "big")
    return stamp + blake2b(task_id + stamp, digest_size=10, person=domain).digest()
