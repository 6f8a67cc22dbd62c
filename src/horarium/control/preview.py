"""What a schedule will do, before anybody saves it: a sentence, the next due instants, and what is worth knowing about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from horarium.control.clock_notes import clock_marks, next_changes
from horarium.control.definitions import edited, opened
from horarium.control.difference import Side
from horarium.control.left_out_notes import excluded_notes, rolled_notes
from horarium.control.preview_notes import UTC_NAME, Note, clock_words, day_zone, instant_words, parts
from horarium.core.errors import BadValue, ScheduleTooSparse
from horarium.core.instants import LAST
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.cron_text import ALIASES, read_cron
from horarium.core.schedule.describe import describe, length_words
from horarium.core.schedule.excluded import seconds
from horarium.core.schedule.once import Once
from horarium.core.schedule.rrule import Rrule
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.tzif import DAY
from horarium.core.schedule.zone import zone

CROWDED_FROM: Final = 20
"""So many other tasks due within one minute are worth a note."""
CROWDED_COUNTED_MAX: Final = 1_000
CROWDED_LOOKED_MAX: Final = 5
"""Of so many instants the minute is looked at: further ahead few tasks have their next instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`sentence` is the schedule in words; `due` the next instants; `notes` what is worth knowing about them."""

    sentence: str
    due: tuple[datetime, ...]
    notes: tuple[Note, ...]


def as_saved(schedule: Schedule, now: datetime, old: Schedule | None = None) -> Schedule:
    """The schedule as a new task, or as an edit of a task that has `old`, would keep it. A single instant whose saving would
    be refused as passed is shown as it is."""
    try:
        saved = _judged(schedule, now, old)
    except BadValue:
        if not isinstance(schedule, Once):
            raise
        saved = schedule
    if not saved.ready():
        message = "it leaves out a calendar whose days are not known here"
        raise BadValue("schedule", message, "name a calendar that there is, or write its days as dates")
    return saved


def _judged(schedule: Schedule, now: datetime, old: Schedule | None) -> Schedule:
    return opened(schedule, now) if old is None else edited(schedule, old, now)


def passed(schedule: Schedule, now: datetime, old: Schedule | None = None) -> Note | None:
    """Where saving would be refused, as the single instant has passed. Told in the words of a person, not of a request."""
    if not isinstance(schedule, Once):
        return None
    try:
        _judged(schedule, now, old)
    except BadValue:
        text = f"{instant_words(schedule.at, UTC_NAME)} ({UTC_NAME}) has passed: name a later time."
        return Note(kind="passed", at=schedule.at, text=text)
    return None


def preview(schedule: Schedule, after: datetime, count: int, now: datetime) -> Preview:
    """Of a schedule that a new task would be given now."""
    return previewed(schedule, Side(schedule=as_saved(schedule, now)), after, count, passed(schedule, now))


def previewed(written: Schedule, side: Side, after: datetime, count: int, refused: Note | None) -> Preview:
    """`written` by a person, `side` as a task keeps it; `refused`: why no task can keep it."""
    saved, due = side.schedule, side.dues(after, count)
    if refused is not None:
        notes = [refused]
    elif not due and count:
        notes = [_never(saved, after)]
    else:
        through = due[-1] if due else after
        marks = [
            *clock_marks(saved, after, through),
            *rolled_notes(saved, due),
            *excluded_notes(saved, after, through),
        ]
        marks.sort(key=lambda note: note.at or LAST)
        notes = [*marks, *_either_day(saved), *_ends(saved, due, count, side.left(after)), *next_changes(saved, after)]
    return Preview(sentence=describe(written), due=due, notes=tuple(notes))


def tight(due: Sequence[datetime], usual_ms: int | None) -> Note | None:
    """Where the next instant comes before a run of the usual length has ended. The closest two of `due` tell."""
    gaps = [(following - one, one) for one, following in pairwise(due) if following > one]
    if usual_ms is None or not gaps:
        return None
    gap, at = min(gaps)
    if gap.total_seconds() * 1000 >= usual_ms:
        return None
    usual = usual_ms / 1000 if usual_ms < 10_000 else round(usual_ms / 1000)
    text = f"A run usually takes {length_words(usual)}, and the next is due after {length_words(gap.total_seconds())}."
    return Note(kind="tight", at=at, text=text)


def crowded(at: datetime, others: int, timezone: str) -> Note | None:
    """`others`: how many other tasks are due within the minute of `at`, counted to CROWDED_COUNTED_MAX + 1 at most."""
    if others < CROWDED_FROM:
        return None
    many = f"{others:,}" if others <= CROWDED_COUNTED_MAX else f"More than {CROWDED_COUNTED_MAX:,}"
    time = zone(timezone).reading(seconds(at)) // 60 * 60 % DAY
    text = f"{many} other tasks are due in the same minute, {clock_words(time)}; a few minutes beside it there is more room."
    return Note(kind="crowded", at=at, text=text)


def _never(saved: Schedule, after: datetime) -> Note:
    last = _last_due(saved, after)
    name = day_zone(saved)
    before = "" if last is None else f" The last time was {instant_words(last, name)} ({name})."
    return Note(kind="never", at=last, text=f"Nothing is due after this instant.{before}")


def _ends(saved: Schedule, due: Sequence[datetime], count: int, left: int | None) -> list[Note]:
    """The end, where there is one; `left`: how many occurrences a maximum leaves. A single instant needs no such note."""
    if isinstance(saved, Once) or not due:
        return []
    last: datetime | None = None
    if len(due) < count or (left is not None and left <= len(due)):
        last = due[-1]
    elif _is_finite(saved):
        last = _last_due(saved, LAST)
        if left is not None and last is not None and saved.count(due[-1], last) > left - len(due):
            last = None
    if last is None:
        return [] if left is None else [Note(kind="ends", at=None, text=f"Never again after {left:,} occurrences.")]
    name = day_zone(saved)
    return [Note(kind="ends", at=last, text=f"Never again after {instant_words(last, name)} ({name}).")]


def _last_due(saved: Schedule, through: datetime) -> datetime | None:
    """None also where that hides behind too much that is left out: a note can do without."""
    try:
        return saved.last_due(through)
    except ScheduleTooSparse:
        return None


def _is_finite(schedule: Schedule) -> bool:
    """Whether it is written to end; what ends by chance alone is told only when the end is shown."""
    if schedule.ends_at is not None:
        return True
    match schedule:
        case Once():
            return True
        case Rrule():
            return "COUNT=" in schedule.rule or "UNTIL=" in schedule.rule
        case AnyOf():
            return all(_is_finite(member) for member in schedule.schedules)
        case _:
            return False


def _either_day(saved: Schedule) -> list[Note]:
    """Each cron text in which both day fields are restricted."""
    found: dict[str, None] = {}
    for part in parts(saved):
        if isinstance(part, Cron) and part.expression not in ALIASES and not read_cron(part.expression).days.both:
            found[part.expression] = None
    return [Note(kind="either_day", at=None, text=_either_words(expression)) for expression in found]


def _either_words(expression: str) -> str:
    fields = expression.split()
    day, weekday = fields[-3], fields[-1]
    return f"Either is enough: the day of the month ({day}) or the day of the week ({weekday}); both need not be met."
