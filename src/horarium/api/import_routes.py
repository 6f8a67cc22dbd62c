"""What other schedulers leave behind: HTTP in, HTTP out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends

from horarium.api.auth import Editor
from horarium.api.bodies import CrontabBody
from horarium.api.encoding import Reply, reply
from horarium.api.parts import Whole
from horarium.api.reading import Body
from horarium.api.route import API, router
from horarium.control.crontab_import import Imported
from horarium.core.crontab.read import Item
from horarium.core.ids import to_ulid
from horarium.core.schedule.describe import describe
from horarium.core.task import Draft

imports_router: Final = router(prefix=API, tags=["tasks"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CrontabLineView:
    """One line that is to make a task. Either `task` is there, with its `sentence`, or the `refusal`; `notes` say what is
    different here."""

    line: int
    text: str
    task: Draft | None
    sentence: str | None
    next_due_at: datetime | None
    refusal: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrontabNoteView:
    """Of a line that makes no task; line 0 is the whole."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrontabView:
    """`created`: the ids of the tasks that were made, in the order of their lines."""

    items: tuple[CrontabLineView, ...]
    notes: tuple[CrontabNoteView, ...]
    created: tuple[str, ...]


@imports_router.post("/import/crontab", responses={409: {}})
async def import_crontab(
    body: Annotated[CrontabBody, Depends(Body(CrontabBody))], there: Whole, caller: Editor
) -> Reply[CrontabView]:
    """Show which tasks a crontab makes and what cannot be carried over; with apply, make them."""
    found = await there.crontabs.carry_over(
        body.text,
        caller,
        apply=body.apply,
        skip_refused=body.skip_refused,
        system=body.system,
        timezone=body.timezone,
        prefix=body.prefix,
    )
    return reply(_view(found))


def _view(found: Imported) -> CrontabView:
    return CrontabView(
        items=tuple(_line(item, due) for item, due in found.items),
        notes=tuple(CrontabNoteView(line=note.line, message=note.message) for note in found.read.notes),
        created=tuple(to_ulid(row.task.id) for row in found.made),
    )


def _line(item: Item, due: datetime | None) -> CrontabLineView:
    return CrontabLineView(
        line=item.line,
        text=item.text,
        task=item.draft,
        sentence=None if item.draft is None else describe(item.draft.schedule),
        next_due_at=due,
        refusal=item.refusal,
        notes=item.notes,
    )
