"""What concerns many tasks, or none that is kept: HTTP in, HTTP out."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends

from horarium.api.auth import Editor, Operator
from horarium.api.bodies import BulkBody, TrialBody
from horarium.api.encoding import Reply, reply
from horarium.api.parts import Runs, Whole
from horarium.api.problems import problem_of, urn
from horarium.api.reading import Body
from horarium.api.route import API, router
from horarium.api.views import RunView, run_view
from horarium.control.bulk import BulkAction, BulkDone
from horarium.core.errors import HorariumError
from horarium.core.ids import TaskId, from_ulid, to_ulid

many_router: Final = router(prefix=API, tags=["tasks"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalView:
    """`type` and `detail` as the problem has them that the same wish for this task alone is answered with."""

    id: str
    type: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkView:
    """count = done + refused + untried. `untried`: what was left when the store went away; 0 otherwise."""

    action: BulkAction
    count: int
    done: int
    untried: int
    refused: tuple[RefusalView, ...]


@many_router.post("/tasks/bulk", responses={409: {}})
async def change_tasks(
    body: Annotated[BulkBody, Depends(Body(BulkBody))], there: Whole, caller: Operator
) -> Reply[BulkView]:
    """Run, pause, resume or delete up to 10,000 tasks, each by itself."""
    tasks = body.filter.wanted if body.filter is not None else [TaskId(from_ulid(text)) for text in body.ids or ()]
    done = await there.bulk.carry_out(body.wish, tasks, body.expected_count, caller)
    return reply(_bulk_view(body.action, done))


@many_router.post("/tasks/test", status_code=202)
async def try_action(
    body: Annotated[TrialBody, Depends(Body(TrialBody))], there: Whole, runs: Runs, caller: Editor
) -> Reply[RunView]:
    """Run an action once without saving a task: a run with cause test, which is forgotten after a day."""
    run_id = await there.trial.begin(body.action, body.timeout_seconds, body.pool, caller)
    return reply(run_view(await runs.read(run_id)), 202, {"Location": f"{API}/runs/{to_ulid(run_id)}"})


def _bulk_view(action: BulkAction, done: BulkDone) -> BulkView:
    refused = tuple(_refusal(task_id, no) for task_id, no in done.refused)
    return BulkView(action=action, count=done.count, done=done.done, untried=done.untried, refused=refused)


def _refusal(task_id: TaskId, no: HorariumError) -> RefusalView:
    problem = problem_of(no)
    return RefusalView(id=to_ulid(task_id), type=urn(problem.kind), detail=problem.detail)
