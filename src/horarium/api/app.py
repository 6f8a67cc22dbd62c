"""The application: routes, problems for whatever goes wrong, the guard around it all."""

import json
from collections import Counter
from typing import Final, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from horarium.api.admin_routes import house_router, open_router
from horarium.api.agenda_routes import agenda_router
from horarium.api.calendar_routes import calendars_router
from horarium.api.encoding import JSON
from horarium.api.event_routes import events_router
from horarium.api.guard import Guard
from horarium.api.import_routes import imports_router
from horarium.api.many_routes import many_router
from horarium.api.occurrence_routes import occurrences_router
from horarium.api.openapi import document
from horarium.api.page_routes import document as page_document
from horarium.api.page_routes import page_router, wants_page
from horarium.api.parts import Parts, parts
from horarium.api.phrase_routes import phrases_router
from horarium.api.problems import Problem, answer, problem_of
from horarium.api.route import Route, router
from horarium.api.run_routes import runs_router
from horarium.api.schedule_routes import schedules_router
from horarium.api.static import INDEX
from horarium.api.task_routes import tasks_router
from horarium.core.errors import HorariumError

document_router: Final = router(tags=["open"])


@document_router.get("/api/openapi.json")
async def openapi(request: Request) -> Response:
    """This document, written when it is first asked for."""
    state = request.app.state
    if state.document is None:
        there = state.parts
        told = document(routes(request.app), there.version, there.base_path, there.cookie)
        state.document = json.dumps(told).encode()
    return Response(state.document, 200, {"Cache-Control": "no-cache"}, JSON)


PACKED_FROM_BYTES: Final = 1_400
"""About what fits into one packet: packing less saves nobody's time."""
PACKING: Final = 4
"""zlib's level: higher ones take longer than they save."""

ROUTERS: Final = (
    open_router,
    document_router,
    tasks_router,
    many_router,
    imports_router,
    occurrences_router,
    runs_router,
    schedules_router,
    agenda_router,
    phrases_router,
    calendars_router,
    events_router,
    house_router,
    page_router,
)


def routes(app: FastAPI) -> list[Route]:
    """All there are: the application serves nothing else."""
    assert all(isinstance(route, Route) for route in app.router.routes)
    return cast("list[Route]", list(app.router.routes))


def build_app(there: Parts) -> ASGIApp:
    """What a server serves."""
    served: Counter[str] = Counter()
    # Lists are mostly repetition: a page of 200 tasks is 310 kB as it is and 45 kB so, for 2 ms in another thread.
    packed = GZipMiddleware(bare_app(there, served), minimum_size=PACKED_FROM_BYTES, compresslevel=PACKING)
    return Guard(packed, there, served)


def bare_app(there: Parts, served: Counter[str]) -> FastAPI:
    """Without the guard: for tests that read the routes."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.parts = there
    app.state.served = served
    app.router.routes.clear()
    for part in ROUTERS:
        app.router.routes.extend(part.routes)
    app.state.document = None
    app.add_exception_handler(HorariumError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unread)
    app.add_exception_handler(Exception, _broken)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    return answer(problem_of(cast("HorariumError", error)))


async def _http(request: Request, error: Exception) -> Response:
    """The framework's own: no such address, no such method there."""
    status = cast("HTTPException", error).status_code
    path = request.scope["path"]
    if status == 405:
        allowed = _allowed(request)
        detail = f"{request.method} is not done here; {', '.join(allowed)} is."
        return answer(Problem(status=405, kind="wrong-method", detail=detail, headers={"Allow": ", ".join(allowed)}))
    if status == 404:
        page = parts(request).page
        if page is not None and wants_page(request):
            return page_document(page, INDEX, request, status)
        return answer(Problem(status=404, kind="not-found", detail=f"There is nothing at {path[:200]}."))
    return answer(Problem(status=status, kind="refused", detail=str(cast("HTTPException", error).detail)))


async def _unread(request: Request, error: Exception) -> Response:
    return answer(Problem(status=422, kind="invalid", detail="The address is not valid."))


async def _broken(request: Request, error: Exception) -> Response:
    """A mistake of ours. The server logs it whole; the caller learns nothing of the inside."""
    return answer(
        Problem(status=500, kind="broken", detail="Something is wrong on our side; the log of the service says what.")
    )


def _allowed(request: Request) -> list[str]:
    """Every method of this address: the framework names only those of the first route."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    found = [route.verbs for route in routes(request.app) if route.path_regex.match(path)]
    return sorted(set().union(*found))
