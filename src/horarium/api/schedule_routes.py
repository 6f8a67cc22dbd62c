"""Schedules before anybody saves them: HTTP in, HTTP out."""

from typing import Annotated, Final

from fastapi import Depends

from horarium.api.auth import Viewer
from horarium.api.bodies import PreviewBody
from horarium.api.encoding import Reply, reply
from horarium.api.house_views import PreviewView, preview_view
from horarium.api.pages import ZonePage, as_it_is, cut, page
from horarium.api.parts import Time
from horarium.api.queries import Paging
from horarium.api.reading import Body, Query
from horarium.api.route import API, router
from horarium.control.preview import preview
from horarium.core.schedule.zone import names

schedules_router: Final = router(prefix=API, tags=["schedules"])


@schedules_router.post("/schedules/preview")
async def preview_schedule(
    body: Annotated[PreviewBody, Depends(Body(PreviewBody))], clock: Time, caller: Viewer
) -> Reply[PreviewView]:
    """The next due instants of a schedule, and what clock changes do to them."""
    now = clock.now()
    return reply(preview_view(preview(body.schedule, body.after or now, body.count, now)))


@schedules_router.get("/zones")
async def list_zones(query: Annotated[Paging, Depends(Query(Paging))], caller: Viewer) -> Reply[ZonePage]:
    """Names of time zones, in order."""
    return page(ZonePage, cut(names(), query.window), as_it_is)
