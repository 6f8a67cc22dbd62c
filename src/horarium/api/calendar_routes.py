"""Named calendars: HTTP in, HTTP out."""

from typing import Annotated, Final

from fastapi import Depends

from horarium.api.auth import Editor, Viewer
from horarium.api.bodies import CalendarDraft
from horarium.api.calendar_views import (
    CalendarView,
    SavedCalendarView,
    calendar_row_view,
    calendar_view,
    saved_calendar_view,
)
from horarium.api.encoding import Empty, Reply, reply
from horarium.api.pages import CalendarPage, page
from horarium.api.parts import Calendars
from horarium.api.queries import CalendarVersion, Paging
from horarium.api.reading import Body, Query
from horarium.api.route import API, router

calendars_router: Final = router(prefix=API, tags=["calendars"])

CALENDAR: Final = "/calendars/{name}"


@calendars_router.get("/calendars")
async def list_calendars(
    query: Annotated[Paging, Depends(Query(Paging))], calendars: Calendars, caller: Viewer
) -> Reply[CalendarPage]:
    """List calendars by name, without their days."""
    return page(CalendarPage, await calendars.rows(query.window), calendar_row_view)


@calendars_router.get(CALENDAR)
async def read_calendar(
    name: str, query: Annotated[CalendarVersion, Depends(Query(CalendarVersion))], calendars: Calendars, caller: Viewer
) -> Reply[CalendarView]:
    """Read a calendar, or an earlier version of it."""
    return reply(calendar_view(await calendars.read(name, query.version)))


@calendars_router.put(CALENDAR, responses={201: {}})
async def save_calendar(
    name: str,
    draft: Annotated[CalendarDraft, Depends(Body(CalendarDraft))],
    calendars: Calendars,
    caller: Editor,
) -> Reply[SavedCalendarView]:
    """Make a calendar, or replace its days; the tasks that use it follow."""
    saved = await calendars.save(name, draft.days, draft.description, caller)
    return reply(saved_calendar_view(saved), 201 if saved.made else 200)


@calendars_router.delete(CALENDAR, status_code=204, responses={409: {}})
async def delete_calendar(name: str, calendars: Calendars, caller: Editor) -> Empty:
    """Delete a calendar that no living task uses. Its versions can still be read."""
    await calendars.delete(name, caller)
    return Empty()


@calendars_router.get(CALENDAR + "/revisions")
async def list_calendar_versions(
    name: str, query: Annotated[Paging, Depends(Query(Paging))], calendars: Calendars, caller: Viewer
) -> Reply[CalendarPage]:
    """The versions of a calendar, newest first; also of a deleted one."""
    return page(CalendarPage, await calendars.versions(name, query.window), calendar_row_view)
