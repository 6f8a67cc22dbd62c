"""Schedules before anybody saves them: HTTP in, HTTP out."""

from typing import Annotated, Final

from fastapi import Depends

from horarium.api.auth import Viewer
from horarium.api.bodies import PreviewBody
from horarium.api.encoding import Reply, reply
from horarium.api.pages import ZonePage, as_it_is, cut, page
from horarium.api.parts import Schedules
from horarium.api.preview_views import PreviewView, preview_view
from horarium.api.queries import Paging
from horarium.api.reading import Body, Query
from horarium.api.route import API, router
from horarium.core.ids import TaskId, from_ulid
from horarium.core.schedule.zone import names

schedules_router: Final = router(prefix=API, tags=["schedules"])


@schedules_router.post("/schedules/preview", responses={404: {}})
async def preview_schedule(
    body: Annotated[PreviewBody, Depends(Body(PreviewBody))], schedules: Schedules, caller: Viewer
) -> Reply[PreviewView]:
    """A schedule in words, its next due instants with notes, and what it changes against another one or a task's."""
    task_id = None if body.task_id is None else TaskId(from_ulid(body.task_id))
    seen = await schedules.preview(
        body.schedule, after=body.after, count=body.count, before=body.before, task_id=task_id
    )
    return reply(preview_view(seen))


@schedules_router.get("/zones")
async def list_zones(query: Annotated[Paging, Depends(Query(Paging))], caller: Viewer) -> Reply[ZonePage]:
    """Names of time zones, in order."""
    return page(ZonePage, cut(names(), query.window), as_it_is)
