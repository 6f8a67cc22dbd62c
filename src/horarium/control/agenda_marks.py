"""What clocks and closed days did to the occurrences of an agenda. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from horarium.control.agenda import Entry
from horarium.control.clock_notes import clock_marks
from horarium.control.left_out_notes import rolled_notes
from horarium.control.preview_notes import Note
from horarium.core.errors import ScheduleTooSparse
from horarium.core.instants import LAST, MILLISECOND
from horarium.core.schedule.schedule import Schedule

REPEATED_MAX: Final = timedelta(hours=3)
"""Clocks repeat no longer stretch nowadays: a time is marked on its first pass, before the change."""


def marked(schedule: Schedule, entries: Sequence[Entry]) -> list[Entry]:
    """The entries of one task, in order, each with what is to be said of its instants. Those that somebody moved or skipped
    speak for themselves; where the schedule cannot be asked, nothing is said."""
    plain = [entry for entry in entries if entry.becomes == "run"]
    if not plain:
        return list(entries)
    begins = [entry.at for entry in plain]
    found: dict[Entry, list[Note]] = {}
    for note in _notes(schedule, plain):
        if note.at is not None and (place := bisect_right(begins, note.at)) and note.at <= plain[place - 1].last_at:
            found.setdefault(plain[place - 1], []).append(note)
    return [replace(entry, notes=tuple(found[entry])) if entry in found else entry for entry in entries]


def _notes(schedule: Schedule, plain: Sequence[Entry]) -> list[Note]:
    through = min(plain[-1].last_at, LAST - REPEATED_MAX) + REPEATED_MAX
    single = tuple(entry.at for entry in plain if entry.count == 1)
    try:
        return [*clock_marks(schedule, plain[0].at - MILLISECOND, through), *rolled_notes(schedule, single)]
    except ScheduleTooSparse:
        return []
