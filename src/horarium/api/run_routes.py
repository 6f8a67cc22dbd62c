"""Runs, skips and output: HTTP in, HTTP out."""

from typing import Annotated, Final

from fastapi import Depends, Path, Request
from starlette.responses import Response

from horarium.api.auth import Operator, Viewer
from horarium.api.encoding import Reply, reply
from horarium.api.output import OutputView, asked_range, output_view
from horarium.api.pages import AttemptPage, LogPage, RunPage, SkipPage, cut, page
from horarium.api.parts import Runs
from horarium.api.queries import OutputWindow, Overlap, Paging, RunList, SkipList
from horarium.api.reading import Query
from horarium.api.route import API, router
from horarium.api.views import RunView, attempt_view, logged, run_view, skip_view
from horarium.core.ids import RunId, to_ulid
from horarium.core.output import HEAD_BYTES, TAIL_BYTES

runs_router: Final = router(prefix=API, tags=["runs"])

Id = Annotated[RunId, Path()]
RUN: Final = "/runs/{run_id:ulid}"
TEXT: Final = "text/plain"
KEPT_MAX: Final = HEAD_BYTES + TAIL_BYTES
RAW_PARTS_MAX: Final = 4_096
"""A part has at most a thousand pieces, however small they are; this many hold what is kept even byte by byte."""


@runs_router.get("/runs")
async def list_runs(
    query: Annotated[RunList, Depends(Query(RunList))], runs: Runs, caller: Viewer
) -> Reply[RunPage] | Reply[LogPage]:
    """List runs, newest first by due_at; with=skips puts the skips between them."""
    if query.along == "skips":
        return page(LogPage, await runs.log(query.wanted, query.window), logged)
    return page(RunPage, await runs.rows(query.wanted, query.window), run_view)


@runs_router.get(RUN)
async def read_run(run_id: Id, runs: Runs, caller: Viewer) -> Reply[RunView]:
    """Read a run."""
    return reply(run_view(await runs.read(run_id)))


@runs_router.get(RUN + "/attempts")
async def list_attempts(
    run_id: Id, query: Annotated[Paging, Depends(Query(Paging))], runs: Runs, caller: Viewer
) -> Reply[AttemptPage]:
    """The attempts of a run, in order."""
    return page(AttemptPage, cut(await runs.attempts(run_id), query.window), attempt_view)


@runs_router.get(RUN + "/output", responses={206: {}, 416: {}})
async def read_output(
    run_id: Id,
    query: Annotated[OutputWindow, Depends(Query(OutputWindow))],
    request: Request,
    runs: Runs,
    caller: Viewer,
) -> Reply[OutputView]:
    """What a run wrote: as JSON, or with Accept: text/plain the raw bytes."""
    if _wants_text(request):
        return await _raw(run_id, query.attempt, request, runs)  # type: ignore[return-value]
    written = await runs.output(run_id, query.attempt, query.offset, query.limit)
    return reply(output_view(written, query.offset, query.limit))


@runs_router.post(RUN + "/cancel", responses={409: {}})
async def cancel_run(run_id: Id, runs: Runs, caller: Operator) -> Reply[RunView]:
    """Cancel a run: one that waits has ended with the answer, one that runs is asked to stop."""
    return reply(run_view(await runs.cancel(run_id)))


@runs_router.post(RUN + "/retry", status_code=202, responses={409: {}})
async def retry_run(
    run_id: Id, query: Annotated[Overlap, Depends(Query(Overlap))], runs: Runs, caller: Operator
) -> Reply[RunView]:
    """A new run of the same revision."""
    row = await runs.run_again(run_id, caller, allow=query.allow)
    return reply(run_view(row), 202, {"Location": f"{API}/runs/{to_ulid(row.run.id)}"})


@runs_router.get("/skips")
async def list_skips(
    query: Annotated[SkipList, Depends(Query(SkipList))], runs: Runs, caller: Viewer
) -> Reply[SkipPage]:
    """List skips, newest first by last_due_at."""
    return page(SkipPage, await runs.skips(query.wanted, query.window), skip_view)


def _wants_text(request: Request) -> bool:
    accepted = request.headers.get("accept", "").lower()
    return TEXT in accepted and "json" not in accepted


async def _raw(run_id: RunId, attempt: int | None, request: Request, runs: Runs) -> Response:
    """All that was kept, head and tail without a seam; it is at most 2 MiB, and held whole while it is sent."""
    data = await _kept(run_id, attempt, runs)
    wanted = asked_range(request.headers.get("range"), len(data))
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{to_ulid(run_id)}.txt"',
        "Vary": "Accept",
    }
    if wanted is None:
        return Response(data, 200, headers, TEXT)
    start, end = wanted
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    return Response(data[start:end], 206, headers, TEXT)


async def _kept(run_id: RunId, attempt: int | None, runs: Runs) -> bytes:
    pieces: list[bytes] = []
    offset = 0
    for _ in range(RAW_PARTS_MAX):
        part = (await runs.output(run_id, attempt, offset, KEPT_MAX)).part
        pieces += [chunk.data[max(0, offset - chunk.offset) :] for chunk in part.chunks]
        if not part.chunks:
            break
        offset = part.chunks[-1].offset + len(part.chunks[-1].data)
        if offset >= part.size:
            break
    return b"".join(pieces)
