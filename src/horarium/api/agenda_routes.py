"""What is due of all tasks: HTTP in, HTTP out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final

from fastapi import Depends

from horarium.api.auth import Viewer
from horarium.api.encoding import Reply, reply
from horarium.api.parts import State, Whole
from horarium.api.preview_views import NoteView, note_views
from horarium.api.queries import AgendaStretch
from horarium.api.reading import Query, asked_in_query
from horarium.api.route import API, router
from horarium.control.agenda import Becomes, Entry
from horarium.control.condition import Stats
from horarium.control.upcoming import Upcoming
from horarium.core.ids import to_ulid
from horarium.core.shape import json_name

agenda_router: Final = router(prefix=API, tags=["tasks"])


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """`count` occurrences of one task from `at` to `last_at`. One that was moved stands at `at`, its own instant is `due_at`.
    `notes`: what changes of the clock and closed days did to them."""

    task_id: str
    task_name: str
    becomes: Becomes
    due_at: datetime
    at: datetime
    last_at: datetime
    count: int
    every_seconds: float | None
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutView:
    """How many living tasks are paused now, have nothing due any more, or cannot be read."""

    paused: int
    ended: int
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaView:
    """Complete before `next_from`, or before `to` where that is null; unless `truncated`. `more`: occurrences of the last hour
    shown for which there was no room."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"alias_generator": json_name, "serialize_by_alias": True}
    from_: datetime
    to: datetime
    items: tuple[AgendaItem, ...]
    next_from: datetime | None
    more: int
    truncated: bool
    left_out: LeftOutView


@agenda_router.get("/upcoming")
async def list_agenda(
    query: Annotated[AgendaStretch, Depends(Query(AgendaStretch))], there: Whole, state: State, caller: Viewer
) -> Reply[AgendaView]:
    """What is due of all tasks, in order."""
    with asked_in_query():
        found = await there.upcoming.between(query.since, query.before, query.limit)
    return reply(_view(found, await state.stats()))


def _view(found: Upcoming, stats: Stats) -> AgendaView:
    counted = stats.counts.tasks
    return AgendaView(
        from_=found.since,
        to=found.before,
        items=tuple(_item(entry) for entry in found.entries),
        next_from=found.next_from,
        more=found.more,
        truncated=found.truncated,
        left_out=LeftOutView(paused=counted["paused"], ended=counted["ended"], broken=counted["broken"]),
    )


def _item(entry: Entry) -> AgendaItem:
    return AgendaItem(
        task_id=to_ulid(entry.task_id),
        task_name=entry.task_name,
        becomes=entry.becomes,
        due_at=entry.due_at,
        at=entry.at,
        last_at=entry.last_at,
        count=entry.count,
        every_seconds=entry.every_seconds,
        notes=note_views(entry.notes),
    )
