"""What a schedule will do, in lines: its sentence, the next instants with marks, notes, and what an edit changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from horarium.cli.terminal import printable
from horarium.cli.values import duration, in_zone

MARKED: Final = ("moved", "merged", "repeated", "rolled", "crowded", "tight")
"""Kinds of notes that stand beside the instant they speak of as well."""
DATED: Final = ("moved", "merged", "left_out", "repeated")
"""Kinds of notes whose words speak of "this time" alone."""
CHANGES_SHOWN_MAX: Final = 5


def preview_lines(answer: Mapping[str, Any], zone: str, now: str, more: Sequence[str] = ()) -> list[str]:
    """All there is to say of an answer of the preview below its sentence; `more` are notes of the command's own."""
    notes = answer.get("notes") or []
    return [
        *due_lines(answer["due"], notes, zone, now),
        *note_lines([*more, *(_dated(note, zone) for note in notes)]),
        *change_lines(answer, zone),
    ]


def due_lines(dues: Sequence[str], notes: Sequence[Mapping[str, Any]], zone: str, now: str) -> list[str]:
    """`  Sun 2027-03-28 03:00+02:00  in 26 d 4 h  moved`."""
    if not dues:
        return ["  nothing is due (again)"]
    marks: defaultdict[str, list[str]] = defaultdict(list)
    for note in notes:
        if note["kind"] in MARKED and note.get("at") is not None:
            marks[str(note["at"])].append(str(note["kind"]))
    shown = [in_zone(due, zone) for due in dues]
    width = max(map(len, shown))
    return [
        f"  {text:{width}}  {'  '.join([relative(due, now), *dict.fromkeys(marks[due])])}"
        for text, due in zip(shown, dues, strict=True)
    ]


def _dated(note: Mapping[str, Any], zone: str) -> str:
    """With its instant where the words alone do not tell it."""
    text = str(note["text"])
    return f"{in_zone(note['at'], zone)}: {text}" if note["kind"] in DATED and note.get("at") is not None else text


def note_lines(texts: Sequence[str]) -> list[str]:
    return [f"note  {printable(text)}" for text in texts]


def change_lines(answer: Mapping[str, Any], zone: str) -> list[str]:
    """What saving would add, remove and move, and what becomes of runs that wait."""
    changes = answer.get("changes")
    waiting = [f"run   {printable(str(one['text']))}" for one in answer.get("waiting") or []]
    if changes is None:
        return waiting
    through = f"until {in_zone(changes['through'], zone)}" + (", no further" if changes["truncated"] else "")
    lists = (
        ("adds", [in_zone(at, zone) for at in changes["added"]]),
        ("removes", [in_zone(at, zone) for at in changes["removed"]]),
        ("moves", [f"{in_zone(one['from'], zone)} to {in_zone(one['to'], zone)}" for one in changes["moved"]]),
    )
    if not any(texts for _, texts in lists):
        return [f"edit  changes nothing that is due {through}", *waiting]
    lines = [f"edit  compared {through}:"]
    for verb, texts in lists:
        if texts:
            lines.append(f"  {verb} {len(texts)}")
            lines += [f"    {text}" for text in texts[:CHANGES_SHOWN_MAX]]
            rest = len(texts) - CHANGES_SHOWN_MAX
            lines += [f"    … and {rest} more"] if rest > 0 else []
    return [*lines, *waiting]


def relative(instant: str, now: str) -> str:
    """`in 3 h 20 min`, `5 d ago`."""
    ms = (datetime.fromisoformat(instant) - datetime.fromisoformat(now)).total_seconds() * 1000
    if abs(ms) < 1000:
        return "now"
    return f"in {duration(ms)}" if ms > 0 else f"{duration(-ms)} ago"
