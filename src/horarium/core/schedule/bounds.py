"""What every schedule carries besides its rule: from when, until when, how often, and by how much its runs are spread."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from horarium.core.errors import BadValue
from horarium.core.instants import LAST, MILLISECOND, to_ms
from horarium.core.shape import Instant, Number, Shape, read_number

JITTER_SECONDS_MAX = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded(Shape):
    """Base of all schedules. A subclass names the instants of its rule; the three verbs here cut them to the bounds.

    `starts_at` and `ends_at` are inclusive. `max_occurrences` is not part of the verbs: only who keeps the books knows how
    many were decided.
    """

    kind: str
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    max_occurrences: int | None = None
    jitter_seconds: Number = 0

    def next_due(self, after: datetime) -> datetime | None:
        """The first due instant strictly after `after`."""
        if self.starts_at is not None and after < self.starts_at:
            after = self.starts_at - MILLISECOND
        due = self._next(after)
        return None if due is None or (self.ends_at is not None and due > self.ends_at) else due

    def last_due(self, through: datetime) -> datetime | None:
        """The last due instant up to and including `through`."""
        if self.ends_at is not None and through > self.ends_at:
            through = self.ends_at
        due = self._last(through)
        return None if due is None or (self.starts_at is not None and due < self.starts_at) else due

    def count(self, after: datetime, through: datetime) -> int:
        """How many instants are due after `after`, up to and including `through`."""
        if self.starts_at is not None and after < self.starts_at:
            after = self.starts_at - MILLISECOND
        if self.ends_at is not None and through > self.ends_at:
            through = self.ends_at
        return self._count(after, min(through, LAST)) if after < through else 0

    def delay(self, task_id: bytes, due_at: datetime) -> timedelta:
        """The jitter of one occurrence: always the same for (task, occurrence), never up to the next occurrence."""
        width_ms = round(self.jitter_seconds * 1000)
        if width_ms == 0:
            return timedelta(0)
        following = self.next_due(due_at)
        if following is not None:
            width_ms = min(width_ms, (following - due_at) // MILLISECOND)
        stamp = to_ms(due_at).to_bytes(6, "big")
        hashed = int.from_bytes(blake2b(task_id + stamp, digest_size=8, person=b"jitter").digest(), "big")
        return timedelta(milliseconds=hashed * width_ms >> 64)

    def _next(self, after: datetime) -> datetime | None:
        raise NotImplementedError

    def _last(self, through: datetime) -> datetime | None:
        raise NotImplementedError

    def _count(self, after: datetime, through: datetime) -> int:
        raise NotImplementedError


def check_bounds(bounds: Bounded) -> None:
    """Raises BadValue where the bounds contradict themselves."""
    if bounds.starts_at is not None and bounds.ends_at is not None and bounds.ends_at < bounds.starts_at:
        raise BadValue("ends_at", "the schedule ends before it starts", "let ends_at follow starts_at")
    if bounds.max_occurrences is not None and bounds.max_occurrences < 1:
        raise BadValue("max_occurrences", "at least 1", "leave it out for no limit")
    jitter_ms = whole_milliseconds("jitter_seconds", bounds.jitter_seconds, least=0, most=JITTER_SECONDS_MAX)
    if not 0 <= jitter_ms <= JITTER_SECONDS_MAX * 1000:
        raise BadValue("jitter_seconds", f"from 0 to {JITTER_SECONDS_MAX} seconds (a day)")


def whole_milliseconds(field: str, seconds: int | float, *, least: int = 1, most: int | None = None) -> int:
    """`seconds` in milliseconds. Raises BadValue for what is no number or is finer than a millisecond.

    `least` and `most`: the seconds that the caller accepts, so that the remedy is one that helps.
    """
    try:
        milliseconds = round(read_number(seconds) * 1000)
    except BadValue as refused:
        raise BadValue(field, refused.message, refused.remedy) from None
    if milliseconds / 1000 != seconds:
        nearest = max(least, milliseconds / 1000)
        raise BadValue(field, "finer than a millisecond", f"write {nearest if most is None else min(nearest, most)}")
    return milliseconds
