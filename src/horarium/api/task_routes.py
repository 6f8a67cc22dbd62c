"""Tasks: HTTP in, HTTP out."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Path

from horarium.api.auth import Editor, Operator, Viewer
from horarium.api.bodies import Batch, NamedDraft, PauseBody, ResumeBody
from horarium.api.conditions import Key, Match, MatchIfGiven
from horarium.api.encoding import Empty, Reply, reply
from horarium.api.house_views import UpcomingView, upcoming_view
from horarium.api.kept_pages import page_bytes
from horarium.api.masking import may_see_secrets
from horarium.api.pages import CreatedTasks, RevisionPage, TaskPage, encoded_page, page
from horarium.api.parts import Runs, Tasks, Time, Whole
from horarium.api.queries import Birth, Overlap, Paging, TaskList, Upcoming
from horarium.api.reading import Body, Patch, Query
from horarium.api.route import API, router
from horarium.api.views import (
    DefinitionView,
    RunView,
    TaskDetail,
    TaskView,
    definition_view,
    revision_view,
    run_view,
    task_detail,
    task_view,
)
from horarium.core.access import Caller
from horarium.core.ids import TaskId, to_ulid
from horarium.core.page import TaskRow
from horarium.core.task import Draft

tasks_router: Final = router(prefix=API, tags=["tasks"])

Id = Annotated[TaskId, Path()]
Number = Annotated[int, Path()]
DraftBody = Annotated[Draft, Depends(Body(Draft))]
TASK: Final = "/tasks/{task_id:ulid}"


@tasks_router.post("/tasks", status_code=201, responses={409: {}})
async def create_task(
    draft: DraftBody,
    birth: Annotated[Birth, Depends(Query(Birth))],
    key: Key,
    tasks: Tasks,
    clock: Time,
    caller: Editor,
) -> Reply[TaskView]:
    """Create a task."""
    row = await tasks.create(draft, caller, paused=birth.paused, repeatable=key)
    return _created(row, caller, clock.now())


@tasks_router.get("/tasks")
async def list_tasks(
    query: Annotated[TaskList, Depends(Query(TaskList))], there: Whole, tasks: Tasks, clock: Time, caller: Viewer
) -> Reply[TaskPage]:
    """List tasks."""

    async def make() -> bytes:
        rows, now = await tasks.rows(query.wanted, query.window), clock.now()
        return encoded_page(TaskPage, rows, lambda row: task_view(row, caller, now))

    secrets = may_see_secrets(caller.role)
    return Reply(await page_bytes(there.pages, f"tasks {secrets} {query}", make))


@tasks_router.post("/tasks/batch", status_code=201, responses={409: {}})
async def create_tasks(
    batch: Annotated[Batch, Depends(Body(Batch))],
    birth: Annotated[Birth, Depends(Query(Birth))],
    tasks: Tasks,
    clock: Time,
    caller: Editor,
) -> Reply[CreatedTasks]:
    """Create up to 1,000 tasks, all or none."""
    rows, now = await tasks.create_batch(batch.tasks, caller, paused=birth.paused), clock.now()
    return reply(CreatedTasks(items=tuple(task_view(row, caller, now) for row in rows)), 201)


@tasks_router.get("/tasks/by-name/{name:path}")
async def read_task_by_name(name: str, tasks: Tasks, clock: Time, caller: Viewer) -> Reply[TaskDetail]:
    """Read the living task of that name."""
    return _detail(await tasks.read_named(name), caller, clock.now())


@tasks_router.put("/tasks/by-name/{name:path}", responses={201: {}, 409: {}})
async def upsert_task(
    name: str,
    draft: Annotated[NamedDraft, Depends(Body(NamedDraft))],
    birth: Annotated[Birth, Depends(Query(Birth))],
    tasks: Tasks,
    clock: Time,
    caller: Editor,
) -> Reply[TaskView]:
    """Create the task of that name, or make it what the body says."""
    row, made = await tasks.upsert(draft.named(name), caller, paused=birth.paused)
    return (_created if made else _changed)(row, caller, clock.now())


@tasks_router.get(TASK)
async def read_task(task_id: Id, tasks: Tasks, clock: Time, caller: Viewer) -> Reply[TaskDetail]:
    """Read a task with its books."""
    return _detail(await tasks.read(task_id), caller, clock.now())


@tasks_router.put(TASK, responses={409: {}})
async def replace_task(
    task_id: Id, draft: DraftBody, match: Match, tasks: Tasks, clock: Time, caller: Editor
) -> Reply[TaskView]:
    """Replace a task's definition."""
    return _changed(await tasks.replace(task_id, match, draft, caller), caller, clock.now())


@tasks_router.patch(TASK, responses={409: {}})
async def patch_task(
    task_id: Id,
    patch: Annotated[dict[str, object], Depends(Patch(Draft))],
    match: Match,
    tasks: Tasks,
    clock: Time,
    caller: Editor,
) -> Reply[TaskView]:
    """Change parts of a task's definition by JSON Merge Patch."""
    return _changed(await tasks.patch(task_id, match, patch, caller), caller, clock.now())


@tasks_router.delete(TASK, status_code=204, responses={409: {}})
async def delete_task(task_id: Id, match: MatchIfGiven, tasks: Tasks, caller: Editor) -> Empty:
    """Delete a task. Its runs stay until retention, its name is free."""
    await tasks.delete(task_id, match, caller)
    return Empty()


@tasks_router.post(TASK + "/run", status_code=202, responses={409: {}})
async def run_task(
    task_id: Id, query: Annotated[Overlap, Depends(Query(Overlap))], runs: Runs, caller: Operator
) -> Reply[RunView]:
    """Run a task now."""
    row = await runs.run_now(task_id, caller, allow=query.allow)
    return reply(run_view(row), 202, {"Location": f"{API}/runs/{to_ulid(row.run.id)}"})


@tasks_router.post(TASK + "/pause", responses={409: {}})
async def pause_task(
    task_id: Id,
    pause: Annotated[PauseBody, Depends(Body(PauseBody, optional=True))],
    tasks: Tasks,
    clock: Time,
    caller: Operator,
) -> Reply[TaskView]:
    """Pause a task."""
    return _changed(await tasks.pause(task_id, caller, until=pause.until, reason=pause.reason), caller, clock.now())


@tasks_router.post(TASK + "/resume", responses={409: {}})
async def resume_task(
    task_id: Id,
    resume: Annotated[ResumeBody, Depends(Body(ResumeBody, optional=True))],
    tasks: Tasks,
    clock: Time,
    caller: Operator,
) -> Reply[TaskView]:
    """Resume a paused task."""
    return _changed(await tasks.resume(task_id, caller, catch_up=resume.catch_up), caller, clock.now())


@tasks_router.get(TASK + "/upcoming")
async def list_upcoming(
    task_id: Id, query: Annotated[Upcoming, Depends(Query(Upcoming))], tasks: Tasks, caller: Viewer
) -> Reply[UpcomingView]:
    """The next due instants of a task, with what is skipped and moved."""
    due, overrides = await tasks.upcoming(task_id, query.after, query.count)
    return reply(upcoming_view(due, overrides))


@tasks_router.get(TASK + "/revisions")
async def list_revisions(
    task_id: Id, query: Annotated[Paging, Depends(Query(Paging))], tasks: Tasks, caller: Viewer
) -> Reply[RevisionPage]:
    """The history of a task, newest first; also of a deleted one."""
    rows = await tasks.revisions(task_id, query.window)
    return page(RevisionPage, rows, lambda row: revision_view(row, caller))


@tasks_router.get(TASK + "/revisions/{number:number}")
async def read_revision(task_id: Id, number: Number, tasks: Tasks, caller: Viewer) -> Reply[DefinitionView]:
    """A task as one revision defined it."""
    return reply(definition_view(task_id, number, await tasks.revision(task_id, number), caller))


@tasks_router.post(TASK + "/revisions/{number:number}/restore", responses={409: {}})
async def restore_revision(
    task_id: Id, number: Number, match: MatchIfGiven, tasks: Tasks, clock: Time, caller: Editor
) -> Reply[TaskView]:
    """Make an earlier revision the present one; a deleted task lives again."""
    return _changed(await tasks.restore(task_id, number, match, caller), caller, clock.now())


def _created(row: TaskRow, caller: Caller, now: datetime) -> Reply[TaskView]:
    return reply(task_view(row, caller, now), 201, {"Location": f"{API}/tasks/{to_ulid(row.task.id)}", **_etag(row)})


def _changed(row: TaskRow, caller: Caller, now: datetime) -> Reply[TaskView]:
    return reply(task_view(row, caller, now), 200, _etag(row))


def _detail(row: TaskRow, caller: Caller, now: datetime) -> Reply[TaskDetail]:
    return reply(task_detail(row, caller, now), 200, _etag(row))


def _etag(row: TaskRow) -> dict[str, str]:
    return {"ETag": f'"{row.task.revision}"'}
