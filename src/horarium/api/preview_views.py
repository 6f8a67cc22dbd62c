"""What the preview of a schedule looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from horarium.control.difference import Difference
from horarium.control.preview_notes import Note, NoteKind
from horarium.control.schedule_controller import Fate, Seen, Waiting
from horarium.core.ids import to_ulid
from horarium.core.run import Cause
from horarium.core.shape import json_name


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """`at`: the instant it speaks of; null where it speaks of the whole schedule."""

    kind: NoteKind
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """An occurrence of the old schedule, and the one of the new that takes its place on the same local day."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"alias_generator": json_name, "serialize_by_alias": True}
    from_: datetime
    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesView:
    """Each instant is in one list only. `through`: the last instant compared; `truncated`: too many instants to look as far
    as usual."""

    added: tuple[datetime, ...]
    removed: tuple[datetime, ...]
    moved: tuple[MoveView, ...]
    through: datetime
    truncated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingView:
    """A run of the task that waits now, and what becomes of it when the schedule is saved."""

    run_id: str
    due_at: datetime
    cause: Cause
    becomes: Fate
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """`changes` is null without `before` and `task_id`, `waiting` without `task_id`."""

    sentence: str
    due: tuple[datetime, ...]
    notes: tuple[NoteView, ...]
    changes: ChangesView | None
    waiting: tuple[WaitingView, ...] | None


def note_views(notes: Sequence[Note]) -> tuple[NoteView, ...]:
    return tuple(NoteView(kind=note.kind, at=note.at, text=note.text) for note in notes)


def preview_view(seen: Seen) -> PreviewView:
    preview = seen.preview
    return PreviewView(
        sentence=preview.sentence,
        due=preview.due,
        notes=note_views(preview.notes),
        changes=None if seen.changes is None else _changes(seen.changes),
        waiting=None if seen.waiting is None else tuple(_waiting(one) for one in seen.waiting),
    )


def _changes(changes: Difference) -> ChangesView:
    return ChangesView(
        added=changes.added,
        removed=changes.removed,
        moved=tuple(MoveView(from_=one.from_, to=one.to) for one in changes.moved),
        through=changes.through,
        truncated=changes.truncated,
    )


def _waiting(one: Waiting) -> WaitingView:
    return WaitingView(
        run_id=to_ulid(one.run_id), due_at=one.due_at, cause=one.cause, becomes=one.becomes, text=one.text
    )
