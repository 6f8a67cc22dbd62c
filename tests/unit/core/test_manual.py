"""Run now, run again, cancel: what a person asks for obeys overlap like any other."""

import pytest

from horarium.core.cursor import Cursor, Skip, SkipReason
from horarium.core.errors import NotPossible, RunIsOpen
from horarium.core.ids import skip_id, to_ulid
from horarium.core.manual import cancelled, plan_again, plan_manual
from horarium.core.plan import Plan, Replaces
from horarium.core.policy import OverlapMode
from horarium.core.run import Cause, Reason, Run, RunState
from horarium.core.task import Pause, Task
from tests.making import T0, TASK, TZDATA, a_run, at, cursor, every, policy, run_id, running, task

NEW = run_id(99)
HOLDER = run_id(1)


def now(of: Task, stands: Cursor, *, allow: bool = False) -> Plan:
    return plan_manual(of, stands, NEW, at(5), TZDATA, "ada", allow=allow)


def again(of: Task, original: Run, stands: Cursor, *, allow: bool = False) -> Plan:
    return plan_again(of, original, stands, NEW, at(5), TZDATA, "ada", allow=allow)


def held(of: Task, *, is_running: bool = True, behind: int = 0) -> Cursor:
    return cursor(of, holder=HOLDER, holder_running=is_running, behind=behind, version=8)


def test_run_now_is_holder_where_none_is() -> None:
    of = task(every(60), policy("skip"), pool="big", priority=-2)
    plan = now(of, cursor(of, version=8))
    (run,) = plan.runs
    assert (run.id, run.cause, run.due_at, run.ready_at, run.expected_at) == (NEW, Cause.MANUAL, at(5), at(5), None)
    assert (run.pool, run.priority, run.created_by, run.is_behind) == ("big", -2, "ada", False)
    assert (plan.after.holder, plan.after.holder_running, plan.after.version) == (NEW, False, 9)


@pytest.mark.parametrize("mode", ["skip", "queue", "replace"])
def test_it_decides_no_occurrence(mode: OverlapMode) -> None:
    of = task(every(60), policy(mode))
    skip = Skip(
        id=skip_id(TASK, T0),
        task_id=TASK,
        first_due_at=T0,
        last_due_at=T0,
        count=1,
        reason=SkipReason.OVERLAP,
        task_revision=1,
        tzdata=TZDATA,
        decided_at=T0,
    )
    before = cursor(of, decided=1, open_skip=skip)
    plan = now(of, before)
    after = plan.after
    assert plan.skips == ()
    assert (after.decided, after.since_edit, after.seen_through, after.next_due_at, after.open_skip) == (
        before.decided,
        before.since_edit,
        before.seen_through,
        before.next_due_at,
        skip,
    )


@pytest.mark.parametrize(("mode", "behind"), [("skip", 0), ("skip", 1), ("queue", 1), ("queue", 2)])
def test_where_overlap_forbids_it_the_holder_is_named(mode: OverlapMode, behind: int) -> None:
    of = task(every(60), policy(mode))
    with pytest.raises(RunIsOpen) as refused:
        now(of, held(of, behind=behind))
    assert refused.value.holder == to_ulid(HOLDER)
    with pytest.raises(RunIsOpen):
        again(of, a_run(2, state=RunState.FAILED), held(of, behind=behind))


def test_queue_waits_behind_the_holder() -> None:
    of = task(every(60), policy("queue"))
    plan = now(of, held(of))
    assert plan.runs[0].is_behind
    assert (plan.after.holder, plan.after.behind, plan.after.version, plan.replaces) == (HOLDER, 1, 9, None)


def test_replace_stops_a_running_holder_and_waits_behind_it() -> None:
    of = task(every(60), policy("replace"))
    plan = now(of, held(of, behind=1))
    assert plan.replaces is Replaces.RUNNING
    assert plan.runs[0].is_behind
    assert (plan.after.holder, plan.after.holder_running, plan.after.behind) == (HOLDER, True, 1)


def test_replace_takes_the_place_of_a_waiting_holder() -> None:
    of = task(every(60), policy("replace"))
    plan = now(of, held(of, is_running=False, behind=2))
    assert plan.replaces is Replaces.WAITING
    assert not plan.runs[0].is_behind
    assert (plan.after.holder, plan.after.holder_running, plan.after.behind) == (NEW, False, 0)


@pytest.mark.parametrize("mode", ["skip", "queue", "replace", "allow"])
def test_asked_with_allow_it_starts_at_once_and_never_counts(mode: OverlapMode) -> None:
    of = task(every(60), policy(mode))
    stands = cursor(of) if mode == "allow" else held(of, behind=1)
    plan = now(of, stands, allow=True)
    assert not plan.runs[0].is_behind
    assert plan.after == plan.before == stands
    assert plan.replaces is None


def test_run_now_works_while_paused() -> None:
    of = task(every(60), pause=Pause(at=T0))
    assert now(of, cursor(of)).after.holder == NEW


# Run again


def test_running_again_makes_a_new_run_of_the_same_revision() -> None:
    of = task(every(60), revision=9, pool="new")
    original = a_run(
        2, state=RunState.FAILED, task_revision=4, pool="old", priority=5, needs_process=True, due_at=at(-100)
    )
    plan = again(of, original, cursor(of))
    (run,) = plan.runs
    assert (run.id, run.cause, run.retry_of, run.task_revision) == (NEW, Cause.RETRY, run_id(2), 4)
    assert (run.pool, run.priority, run.needs_process) == ("old", 5, True)
    assert (run.due_at, run.ready_at, run.expected_at) == (at(-100), at(5), None)
    assert (run.attempt, run.spent, run.fence, run.state) == (0, 0, 0, RunState.WAITING)


@pytest.mark.parametrize("state", [RunState.WAITING, RunState.RUNNING])
def test_an_open_run_is_not_run_again(state: RunState) -> None:
    of = task(every(60))
    with pytest.raises(NotPossible, match="has not ended"):
        again(of, a_run(2, state=state), cursor(of))


def test_runs_of_a_deleted_task_are_not_run_again() -> None:
    of = task(every(60), deleted_at=at(1))
    with pytest.raises(NotPossible, match="deleted"):
        again(of, a_run(2, state=RunState.SUCCEEDED), cursor(of), allow=True)


# Cancel


def test_a_waiting_run_ends_at_once() -> None:
    after = cancelled(a_run(is_behind=True), Reason.CANCELLED_BY_USER, at(5))
    assert (after.state, after.reason, after.ended_at) == (RunState.CANCELLED, Reason.CANCELLED_BY_USER, at(5))
    assert not after.is_behind


def test_a_running_run_is_asked_to_stop_and_the_first_reason_stays() -> None:
    asked = cancelled(running(), Reason.REPLACED, at(5))
    assert (asked.state, asked.cancel_reason, asked.ended_at) == (RunState.RUNNING, Reason.REPLACED, None)
    assert cancelled(asked, Reason.CANCELLED_BY_USER, at(6)) == asked


@pytest.mark.parametrize("state", [RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED])
def test_an_ended_run_cannot_be_cancelled(state: RunState) -> None:
    with pytest.raises(NotPossible, match="has ended"):
        cancelled(a_run(state=state), Reason.CANCELLED_BY_USER, at(5))
