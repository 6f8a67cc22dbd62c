"""The orders in which tasks are listed, each as one stretch of keys or two."""

from dataclasses import dataclass

from sqlalchemy import FromClause, and_, exists, or_, true

from horarium.core.page import TaskSort
from horarium.stores.sql.keyset import Kinds
from horarium.stores.sql.search import Condition, Order, Walk
from horarium.stores.sql.tables import cursors, runs, tasks
from horarium.stores.sql.task_filters import LIVING, Ids, failing_tasks

TASKS_SEARCHED_MAX = 20_000
"""Rows of tasks that one page looks at: about 50 ms."""
RUNS_SEARCHED_MAX = 100_000
"""The same, for the order by last run, which is read off the log."""

WITH_CURSOR = tasks.outerjoin(cursors, cursors.c.task_id == tasks.c.id)
DUE = cursors.c.next_due_at.is_not(None)
BY_NAME: Order = ((tasks.c.name, False), (tasks.c.id, False))
BY_ID: Order = ((tasks.c.id, False),)
BY_NEWEST: Order = ((tasks.c.id, True),)  # an id begins with the instant of creation
BY_DUE: Order = ((cursors.c.next_due_at, False), (cursors.c.task_id, False))
BY_LAST_RUN: Order = ((cursors.c.last_run_id, True),)
BY_RUN: Order = ((runs.c.id, True),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One stretch of an order: the tasks of `source` for which `held` is true.

    A search reads along `walk`; `sifted`: it passes over tasks that lie elsewhere even when no filter is given. Where only a
    few tasks can be meant, they are fetched by id and sorted by `order`. `candidates`: an index names the tasks that lie here.
    """

    order: Order
    kinds: Kinds
    source: FromClause = WITH_CURSOR
    held: Condition
    walk: Walk
    sifted: bool = True
    candidates: Ids | None = None


def _along(
    order: Order, *conditions: Condition, table: FromClause = tasks, searched_max: int = TASKS_SEARCHED_MAX
) -> Walk:
    return Walk(table=table, order=order, along=conditions, sift=(), searched_max=searched_max)


NAMES = _along(BY_NAME, LIVING)
_IDS = _along(BY_ID)
_IS_FAILING = cursors.c.last_state == "failed"
_NOT_FAILING = or_(cursors.c.last_state.is_(None), cursors.c.last_state != "failed")
_LAST_RUN = and_(cursors.c.task_id == runs.c.task_id, cursors.c.last_run_id == runs.c.id)
_HAS_RUN = exists().where(runs.c.id == cursors.c.last_run_id).correlate(cursors)

STRETCHES: dict[TaskSort, tuple[Stretch, ...]] = {
    "name": (Stretch(order=BY_NAME, kinds=(str, bytes), held=true(), walk=NAMES, sifted=False),),
    "-created_at": (Stretch(order=BY_NEWEST, kinds=(bytes,), held=true(), walk=_along(BY_NEWEST)),),
    "next_due_at": (
        Stretch(
            order=BY_DUE,
            kinds=(int, bytes),
            source=cursors.join(tasks, tasks.c.id == cursors.c.task_id),
            held=DUE,
            walk=_along(BY_DUE, DUE, table=cursors),
            sifted=False,
        ),
        Stretch(order=BY_ID, kinds=(bytes,), held=cursors.c.next_due_at.is_(None), walk=_IDS),
    ),
    # Read off the log. A last run that is forgotten is no last run.
    "-last_run": (
        Stretch(
            order=BY_LAST_RUN,
            kinds=(bytes,),
            source=runs.join(cursors, _LAST_RUN).join(tasks, tasks.c.id == runs.c.task_id),
            held=true(),
            walk=_along(BY_RUN, table=runs, searched_max=RUNS_SEARCHED_MAX),
        ),
        Stretch(order=BY_ID, kinds=(bytes,), held=~_HAS_RUN, walk=_IDS),
    ),
    "failing": (
        Stretch(order=BY_NAME, kinds=(str, bytes), held=_IS_FAILING, walk=NAMES, candidates=failing_tasks()),
        Stretch(order=BY_NAME, kinds=(str, bytes), held=_NOT_FAILING, walk=NAMES),
    ),
}
