"""Live events: one answer that goes on while its reader stays."""

import contextlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final

from fastapi import Depends, Request

from horarium.api.auth import Viewer, identified
from horarium.api.conditions import ReadsHeader
from horarium.api.event_views import StreamEvent, opening, told
from horarium.api.parts import Parts, Whole
from horarium.api.queries import Topics
from horarium.api.reading import Query, asked_in_query
from horarium.api.route import API, router
from horarium.api.streaming import EventStream
from horarium.control.errors import NotSignedIn
from horarium.core.access import Role
from horarium.ports.events import Ear, Interest

events_router: Final = router(prefix=API, tags=["events"])


@dataclass(frozen=True)
class LastEventId(ReadsHeader):
    """What a browser sends by itself when it connects again."""

    required: bool = False
    name = "Last-Event-ID"
    description = (
        "The id of the last event that was received. Unless nothing has happened since, the stream opens with reset."
    )
    schema: ClassVar[dict[str, Any]] = {"type": "string"}

    async def __call__(self, request: Request) -> str | None:
        return request.headers.get("last-event-id")


@events_router.get("/events", responses={429: {}})
async def read_events(
    query: Annotated[Topics, Depends(Query(Topics))],
    last: Annotated[str | None, Depends(LastEventId())],
    request: Request,
    there: Whole,
    caller: Viewer,
) -> EventStream[StreamEvent]:
    """What happens from now on, as server-sent events."""
    with asked_in_query():
        interest = query.interest
    listening = _Listening(there, request, interest, last, once=query.once)
    return EventStream(await listening.begin(), listening.end)


class _Listening:
    """One connection, from its acceptance to its end."""

    def __init__(self, there: Parts, request: Request, interest: Interest, last: str | None, *, once: bool) -> None:
        self._there = there
        self._request = request
        self._interest = interest
        self._last = last
        self._once = once
        self._holding = contextlib.AsyncExitStack()

    async def begin(self) -> AsyncGenerator[bytes, None]:
        """What is refused is refused here, while there still is an answer to be given."""
        ear = await self._holding.enter_async_context(self._there.live.heard_by(self._interest))
        return self._pieces(ear)

    async def end(self) -> None:
        """However it ends, also where it never began."""
        await self._holding.aclose()

    async def _pieces(self, ear: Ear) -> AsyncGenerator[bytes, None]:
        clock = self._there.clock
        yield opening(ear.stamp, clock.now(), known=self._last in (None, ear.stamp))
        async with aclosing(self._there.live.news(ear, self._interest, self._may_listen, once=self._once)) as all_news:
            async for news in all_news:
                if piece := told(news, clock.now()):
                    yield piece

    async def _may_listen(self) -> bool:
        try:
            return (await identified(self._request)).caller.role >= Role.VIEWER
        except NotSignedIn:
            return False
