"""Single occurrences of a task, named by the instant they are due: HTTP in, HTTP out."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Path, Request

from horarium.api.auth import Operator
from horarium.api.bodies import OccurrenceBody
from horarium.api.encoding import Empty, Reply, reply
from horarium.api.house_views import OverrideView, override_view
from horarium.api.parts import Tasks
from horarium.api.problems import refused
from horarium.api.reading import Body
from horarium.api.route import API, router
from horarium.core.errors import BadValue
from horarium.core.ids import TaskId
from horarium.core.override import Wish
from horarium.core.shape import read_instant

occurrences_router: Final = router(prefix=API, tags=["tasks"])

OCCURRENCE: Final = "/tasks/{task_id:ulid}/occurrences/{due_at}"


async def _due_at(request: Request) -> datetime:
    try:
        return read_instant(request.path_params["due_at"])
    except BadValue as bad:
        raise refused(422, "invalid", f"The due_at in the address: {bad.message}; {bad.remedy}") from None


Id = Annotated[TaskId, Path()]
Due = Annotated[datetime, Depends(_due_at)]


@occurrences_router.put(OCCURRENCE, responses={409: {}})
async def override_occurrence(
    task_id: Id,
    due: Due,
    body: Annotated[OccurrenceBody, Depends(Body(OccurrenceBody))],
    tasks: Tasks,
    caller: Operator,
) -> Reply[OverrideView]:
    """Skip one occurrence, or move it to another instant."""
    revision, override = await tasks.override(task_id, Wish(due_at=due, moved_to=body.move_to), caller)
    assert override is not None, "what was asked for is there"
    return reply(override_view(override), 200, {"ETag": f'"{revision}"'})


@occurrences_router.delete(OCCURRENCE, status_code=204, responses={409: {}})
async def restore_occurrence(task_id: Id, due: Due, tasks: Tasks, caller: Operator) -> Empty:
    """Let a skipped or moved occurrence be due when the schedule says."""
    await tasks.override(task_id, Wish(due_at=due, undo=True), caller)
    return Empty()
