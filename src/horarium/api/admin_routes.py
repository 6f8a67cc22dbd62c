"""The installation itself: HTTP in, HTTP out."""

from typing import Annotated, Final

from fastapi import Depends, Path, Request
from starlette.responses import Response

from horarium.api.auth import Admin, Viewer, identified, put_cookie, take_cookie
from horarium.api.bodies import SettingsPatch, SignIn, TokenDraft
from horarium.api.encoding import Empty, Reply, reply
from horarium.api.house_views import (
    ROLES,
    AliveView,
    KeyView,
    NewTokenView,
    ReadyView,
    SessionView,
    SettingsView,
    StatsView,
    key_view,
    new_token_view,
    pool_view,
    ready_view,
    session_view,
    settings_view,
    signed_in_view,
    stats_view,
    token_view,
    worker_view,
)
from horarium.api.metrics import METRICS_TEXT, exposition
from horarium.api.pages import PoolPage, TokenPage, WorkerPage, cut, page
from horarium.api.parts import Doors, Preferences, Runs, State, Whole
from horarium.api.queries import Paging
from horarium.api.reading import Body, Query
from horarium.api.route import API, router

house_router: Final = router(prefix=API, tags=["house"])
open_router: Final = router(tags=["open"])

Pages = Annotated[Paging, Depends(Query(Paging))]


@house_router.get("/workers")
async def list_workers(query: Pages, runs: Runs, caller: Viewer) -> Reply[WorkerPage]:
    """The workers alive."""
    return page(WorkerPage, cut(await runs.workers(), query.window), worker_view)


@house_router.get("/pools")
async def list_pools(query: Pages, runs: Runs, caller: Viewer) -> Reply[PoolPage]:
    """The pools, with what waits for a slot."""
    return page(PoolPage, cut(await runs.pools(), query.window), pool_view)


@house_router.get("/stats")
async def read_stats(state: State, caller: Viewer) -> Reply[StatsView]:
    """Figures, at most a second old."""
    return reply(stats_view(await state.stats()))


@house_router.post("/session", responses={429: {}, 401: {}})
async def sign_in(body: Annotated[SignIn, Depends(Body(SignIn))], request: Request, there: Whole) -> Reply[SessionView]:
    """Sign in with the one-time key or a token; the answer sets the session's cookie."""
    address = request.client.host if request.client is not None else ""
    signed = await there.access.sign_in(address, key=body.key, token=body.token)
    answer = reply(signed_in_view(signed))
    put_cookie(answer, signed, there, request)
    return answer


@house_router.get("/session")
async def read_session(request: Request, caller: Viewer) -> Reply[SessionView]:
    """Who is asking."""
    return reply(session_view(await identified(request)))


@house_router.delete("/session", status_code=204)
async def sign_out(request: Request, there: Whole, caller: Viewer) -> Empty:
    """End this session."""
    await there.access.sign_out(await identified(request))
    answer = Empty()
    take_cookie(answer, there, request)
    return answer


@house_router.post("/session/key", status_code=201)
async def make_key(there: Whole, caller: Admin) -> Reply[KeyView]:
    """A fresh one-time link for the owner; the former one is void."""
    return reply(key_view(await there.access.fresh_key(), there.public_url), 201)


@house_router.get("/tokens")
async def list_tokens(query: Pages, doors: Doors, caller: Admin) -> Reply[TokenPage]:
    """List tokens; their secrets cannot be read again."""
    return page(TokenPage, await doors.tokens(query.window), token_view)


@house_router.post("/tokens", status_code=201)
async def create_token(
    body: Annotated[TokenDraft, Depends(Body(TokenDraft))], doors: Doors, caller: Admin
) -> Reply[NewTokenView]:
    """Create a token; its text is in this answer and nowhere else."""
    new = await doors.add_token(body.name, ROLES[body.role], body.expires_at, caller)
    return reply(new_token_view(new), 201)


@house_router.delete("/tokens/{token_id:ulid}", status_code=204)
async def revoke_token(token_id: Annotated[bytes, Path()], doors: Doors, caller: Admin) -> Empty:
    """Revoke a token at once."""
    await doors.revoke(token_id)
    return Empty()


@house_router.get("/settings")
async def read_settings(settings: Preferences, caller: Viewer) -> Reply[SettingsView]:
    """The settings of this installation."""
    return reply(settings_view(await settings.read()))


@house_router.patch("/settings")
async def change_settings(
    body: Annotated[SettingsPatch, Depends(Body(SettingsPatch))], settings: Preferences, caller: Admin
) -> Reply[SettingsView]:
    """Set what is given."""
    return reply(settings_view(await settings.change(timezone=body.timezone, allow_shell=body.allow_shell)))


@open_router.get("/health/live")
async def live() -> Reply[AliveView]:
    """The process answers."""
    return reply(AliveView(status="alive"))


@open_router.get("/health/ready")
async def ready(there: Whole) -> Reply[ReadyView]:
    """Whether it can be relied upon: 503 when the store is away or due instants stay undecided."""
    readiness = await there.condition.readiness()
    return reply(ready_view(readiness, there.versions), 503 if readiness.troubles else 200)


@open_router.get("/metrics")
async def metrics(there: Whole, request: Request) -> Response:
    """Figures in the text format of Prometheus."""
    return Response(await exposition(there, request.app.state.served), 200, media_type=METRICS_TEXT)
