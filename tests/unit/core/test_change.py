"""What a change does to the cursor and to open runs."""

from dataclasses import replace
from datetime import datetime

import pytest

from horarium.core.action import Command
from horarium.core.change import changed, released, to_deleted, to_draft, to_paused, to_restored, to_resumed
from horarium.core.cursor import Cursor, Skip, SkipReason
from horarium.core.errors import NotPossible
from horarium.core.ids import skip_id
from horarium.core.plan import plan_close
from horarium.core.policy import OverlapMode
from horarium.core.run import Cause, Reason, Run, RunState
from horarium.core.task import Broken, Pause, Task
from tests.making import T0, TASK, TZDATA, a_run, at, cursor, draft, every, policy, run_id, running, task

E = at(100)


def edited(old: Task, new: Task, stands: Cursor, *runs: Run) -> tuple[Cursor, dict[int, Run]]:
    """The cursor and the changed runs, by the number they were made with."""
    after = changed(old, replace(new, revision=old.revision + 1), stands, runs, E)
    numbers = {run_id(number): number for number in range(20)}
    return after.cursor, {numbers[run.id]: run for run in after.runs}


def waiting(number: int, due: float = 60, **more: object) -> Run:
    return a_run(number, due_at=at(due), ready_at=at(due), **more)


# The cursor


def test_the_cursor_begins_again_at_e() -> None:
    old = task(every(60))
    stands = cursor(old, E, version=5, decided=7, since_edit=3, forgotten=2)
    after, runs = edited(old, task(every(7, anchor=at(7))), stands)
    assert (after.version, after.task_revision, after.seen_through, after.next_due_at) == (6, 2, E, at(105))
    assert (after.decided, after.forgotten, after.since_edit) == (7, 2, 0)
    assert runs == {}


def test_since_edit_goes_on_while_the_schedule_stays() -> None:
    old = task(every(10, max_occurrences=5))
    stands = cursor(old, E, since_edit=5)
    after, _ = edited(old, task(every(10, max_occurrences=5), description="better"), stands)
    assert (after.since_edit, after.next_due_at) == (5, None)
    after, _ = edited(old, task(every(10, max_occurrences=6)), stands)
    assert (after.since_edit, after.next_due_at) == (0, at(110))


def test_the_open_skip_is_closed() -> None:
    old = task(every(60))
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
    after, _ = edited(old, old, cursor(old, E, open_skip=skip))
    assert after.open_skip is None


def test_occurrences_up_to_e_are_the_old_rules_and_later_ones_the_new() -> None:
    old, new = task(every(50)), task(every(100, anchor=at(100)), revision=2)
    plan = plan_close(old, cursor(old, at(99)), E, TZDATA)
    assert plan is not None
    assert [run.due_at for run in plan.runs] == [E]
    after = changed(old, new, plan.after, plan.runs, E)
    assert after.cursor.next_due_at == at(200)


# Waiting runs are judged again


@pytest.mark.parametrize("cause", [Cause.SCHEDULE, Cause.CATCH_UP])
def test_a_waiting_run_the_new_rule_names_is_pinned_to_it(cause: Cause) -> None:
    old = task(every(60))
    new = task(every(30), pool="big", priority=4, action=Command(kind="command", argv=("true",)))
    run = waiting(1, cause=cause)
    _, runs = edited(old, new, cursor(old, E, holder=run.id), run)
    pinned = runs[1]
    assert (pinned.task_revision, pinned.pool, pinned.priority, pinned.needs_process) == (2, "big", 4, True)
    assert (pinned.state, pinned.ready_at, pinned.cause) == (RunState.WAITING, at(60), cause)


def test_ready_at_stays_when_a_run_is_pinned_again() -> None:
    old = task(every(60))
    run = replace(waiting(1), ready_at=at(500))
    _, runs = edited(old, task(every(60, jitter_seconds=1)), cursor(old, E, holder=run.id), run)
    assert runs[1].ready_at == at(500)


@pytest.mark.parametrize("cause", [Cause.SCHEDULE, Cause.CATCH_UP])
def test_a_waiting_run_the_new_rule_does_not_name_ends_as_edited(cause: Cause) -> None:
    old = task(every(60))
    run = waiting(1, cause=cause)
    after, runs = edited(old, task(every(7, anchor=at(7))), cursor(old, E, holder=run.id), run)
    assert (runs[1].state, runs[1].reason, runs[1].ended_at) == (RunState.CANCELLED, Reason.EDITED, E)
    assert (after.holder, after.behind) == (None, 0)


def test_a_manual_run_is_pinned_whatever_the_rule_names() -> None:
    old = task(every(60))
    run = waiting(1, 61.5, cause=Cause.MANUAL)
    _, runs = edited(old, task(every(7, anchor=at(7)), pool="big"), cursor(old, E, holder=run.id), run)
    assert (runs[1].task_revision, runs[1].pool, runs[1].state) == (2, "big", RunState.WAITING)


@pytest.mark.parametrize(
    "run",
    [
        waiting(1, 61.5, cause=Cause.RETRY, retry_of=run_id(7)),
        waiting(1, 61.5, cause=Cause.TEST),
        waiting(1, 61.5, attempt=1, spent=1),
        waiting(1, 61.5, attempt=1, lost=1),
        running(1, due_at=at(61.5)),
    ],
    ids=["retry", "test", "retrying", "lost", "running"],
)
def test_these_keep_their_pin(run: Run) -> None:
    old = task(every(60))
    holder = None if run.cause is Cause.TEST else run.id
    stands = cursor(old, E, holder=holder, holder_running=run.state is RunState.RUNNING)
    after, runs = edited(old, task(every(7, anchor=at(7)), pool="big"), stands, run)
    assert runs == {}
    assert (after.holder, after.holder_running) == (holder, run.state is RunState.RUNNING)


def test_a_run_handed_back_before_it_began_was_never_attempted() -> None:
    old = task(every(60))
    run = waiting(1, 61.5, fence=1)
    _, runs = edited(old, task(every(7, anchor=at(7))), cursor(old, E, holder=run.id), run)
    assert runs[1].reason is Reason.EDITED


def test_when_the_holder_ends_as_edited_the_oldest_behind_is_released() -> None:
    old = task(every(60), policy("queue"))
    holder, second, third = waiting(1, 61.5), waiting(2, 70, is_behind=True), waiting(3, 80, is_behind=True)
    stands = cursor(old, E, holder=holder.id, behind=2)
    after, runs = edited(old, task(every(10), policy("queue")), stands, holder, second, third)
    assert runs[1].reason is Reason.EDITED
    assert (runs[2].is_behind, runs[2].ready_at) == (False, E)
    assert runs[3].is_behind
    assert (after.holder, after.holder_running, after.behind) == (run_id(2), False, 1)


def test_behind_a_running_holder_only_those_still_named_remain() -> None:
    old = task(every(60), policy("queue"))
    holder = running(1)
    named, not_named = waiting(2, 70, is_behind=True), waiting(3, 75, is_behind=True)
    stands = cursor(old, E, holder=holder.id, holder_running=True, behind=2)
    after, runs = edited(old, task(every(10), policy("queue")), stands, holder, named, not_named)
    assert (runs[3].state, runs[3].is_behind) == (RunState.CANCELLED, False)
    assert runs[2].is_behind
    assert (after.holder, after.holder_running, after.behind) == (holder.id, True, 1)


def test_release_keeps_a_later_ready_at() -> None:
    assert released(a_run(is_behind=True, ready_at=at(500)), E).ready_at == at(500)
    assert released(a_run(is_behind=True, ready_at=at(5)), E).ready_at == E


# To and from allow


def test_to_allow_nobody_holds_and_all_are_released() -> None:
    old = task(every(10), policy("queue"))
    holder, second, third = running(1), waiting(2, 70, is_behind=True), waiting(3, 80, is_behind=True)
    stands = cursor(old, E, holder=holder.id, holder_running=True, behind=2)
    after, runs = edited(old, task(every(10), policy("allow")), stands, holder, second, third)
    assert (after.holder, after.holder_running, after.behind) == (None, False, 0)
    assert {number: (run.is_behind, run.ready_at) for number, run in runs.items()} == {2: (False, E), 3: (False, E)}


@pytest.mark.parametrize("mode", ["skip", "queue", "replace"])
def test_from_allow_the_newest_running_holds_and_the_waiting_go_behind(mode: OverlapMode) -> None:
    old = task(every(10), policy("allow"))
    older, newer = running(1), running(2)
    first, second = waiting(3, 70), waiting(4, 80)
    after, runs = edited(old, task(every(10), policy(mode)), cursor(old, E), older, first, newer, second)
    assert (after.holder, after.holder_running, after.behind) == (newer.id, True, 2)
    assert (runs[3].is_behind, runs[4].is_behind) == (True, True)
    assert 1 not in runs
    assert 2 not in runs


def test_from_allow_without_a_running_one_the_oldest_waiting_holds() -> None:
    old = task(every(10), policy("allow"))
    first, second = waiting(3, 70), waiting(4, 80)
    after, runs = edited(old, task(every(10), policy("skip")), cursor(old, E), second, first)
    assert (after.holder, after.holder_running, after.behind) == (run_id(3), False, 1)
    assert (runs[3].is_behind, runs[4].is_behind) == (False, True)


def test_from_allow_a_run_that_ends_as_edited_holds_nothing() -> None:
    old = task(every(10), policy("allow"))
    gone, kept = waiting(3, 71), waiting(4, 80)
    after, runs = edited(old, task(every(10), policy("skip")), cursor(old, E), gone, kept)
    assert runs[3].state is RunState.CANCELLED
    assert (after.holder, after.behind) == (run_id(4), 0)


def test_from_allow_with_nothing_open() -> None:
    old = task(every(10), policy("allow"))
    after, _ = edited(old, task(every(10), policy("skip")), cursor(old, E))
    assert (after.holder, after.behind) == (None, 0)


def test_allow_to_allow_changes_nothing_of_it() -> None:
    old = task(every(10), policy("allow"))
    after, runs = edited(old, task(every(10), policy("allow"), pool="big"), cursor(old, E), running(1), waiting(2, 70))
    assert (after.holder, after.behind) == (None, 0)
    assert list(runs) == [2]


# Pause and resume


def test_pausing_makes_next_due_null_or_the_first_after_until() -> None:
    old = task(every(60))
    for until, due in ((None, None), (at(180), at(180)), (at(181), at(240))):
        new = to_paused(until, "audit")(old, E)
        assert new.pause == Pause(at=E, until=until, reason="audit")
        after, _ = edited(old, new, cursor(old, E))
        assert after.next_due_at == due


def test_pausing_again_keeps_the_beginning_unless_the_first_is_over() -> None:
    old = task(every(60), pause=Pause(at=at(10), until=at(99)))
    assert to_paused(None, "more")(old, at(50)).pause == Pause(at=at(10), until=None, reason="more")
    assert to_paused(None, "more")(old, at(99)).pause == Pause(at=at(99), until=None, reason="more")


def test_runs_already_made_go_on_while_paused() -> None:
    old = task(every(60))
    run = waiting(1)
    after, runs = edited(old, to_paused(None, "")(old, E), cursor(old, E, holder=run.id), run)
    assert (runs[1].state, runs[1].ready_at, after.holder) == (RunState.WAITING, at(60), run.id)


def test_resuming_ends_the_pause_and_starts_nothing() -> None:
    old = task(every(60), pause=Pause(at=T0))
    plan = plan_close(old, cursor(old), E, TZDATA)
    assert plan is not None
    assert plan.runs == ()
    new = to_resumed(old, E)
    after, _ = edited(old, new, plan.after)
    assert (new.pause, after.next_due_at, after.since_edit) == (None, at(120), 1)


def test_editing_a_paused_task_keeps_the_pause() -> None:
    old = task(every(60), pause=Pause(at=T0, until=at(500)))
    assert to_draft(draft(every(7)))(old, E).pause == old.pause


# Delete and restore


def test_deleting_cancels_what_waits_and_lets_the_running_one_finish() -> None:
    old = task(every(10), policy("queue"))
    holder, behind, retrying = running(1), waiting(2, 70, is_behind=True), waiting(3, 80, attempt=1, spent=1)
    stands = cursor(old, E, holder=holder.id, holder_running=True, behind=1)
    after, runs = edited(old, to_deleted(old, E), stands, holder, behind, retrying)
    assert {n: (run.state, run.reason, run.ended_at) for n, run in runs.items()} == {
        2: (RunState.CANCELLED, Reason.DELETED, E),
        3: (RunState.CANCELLED, Reason.DELETED, E),
    }
    assert (after.holder, after.holder_running, after.behind, after.next_due_at) == (holder.id, True, 0, None)


@pytest.mark.parametrize("cause", [Cause.MANUAL, Cause.RETRY, Cause.SCHEDULE, Cause.CATCH_UP])
def test_deleting_cancels_a_waiting_run_of_any_cause(cause: Cause) -> None:
    old = task(every(10))
    run = waiting(1, cause=cause)
    after, runs = edited(old, to_deleted(old, E), cursor(old, E, holder=run.id), run)
    assert runs[1].reason is Reason.DELETED
    assert after.holder is None


def test_a_deleted_task_is_neither_edited_nor_paused_nor_deleted_again() -> None:
    gone = task(every(10), deleted_at=at(1))
    for apply in (to_draft(draft(every(7))), to_paused(None, ""), to_resumed, to_deleted):
        with pytest.raises(NotPossible, match="Restore"):
            apply(gone, E)


def test_restoring_a_deleted_task_begins_at_e_and_is_not_paused() -> None:
    gone = task(every(60), deleted_at=at(1), pause=Pause(at=T0))
    new = to_restored(draft(every(60)))(gone, E)
    assert (new.deleted_at, new.pause) == (None, None)
    holder = running(1)
    after, _ = edited(gone, new, cursor(gone, at(1), holder=holder.id, holder_running=True), holder)
    assert (after.seen_through, after.next_due_at, after.holder) == (E, at(120), holder.id)
    assert after.decided == 0, "the deleted stretch holds no occurrences"


def test_restoring_an_earlier_definition_of_a_living_task_keeps_the_pause() -> None:
    old = task(every(60), pause=Pause(at=T0))
    assert to_restored(draft(every(7)))(old, E).pause == old.pause


# Broken


def broken(pause: Pause | None = None, deleted_at: datetime | None = None) -> Broken:
    return Broken(
        id=TASK,
        revision=3,
        name="backup",
        field="schedule",
        reason="unknown",
        definition="{}",
        created_at=T0,
        created_by="ada",
        updated_at=T0,
        pause=pause,
        deleted_at=deleted_at,
    )


def test_a_broken_task_can_only_be_replaced() -> None:
    for apply in (to_paused(None, ""), to_resumed, to_deleted):
        with pytest.raises(NotPossible, match="broken"):
            apply(broken(), E)
    new = to_draft(draft(every(60)))(broken(pause=Pause(at=T0)), E)
    assert (new.id, new.revision, new.pause) == (TASK, 3, Pause(at=T0))


def test_replacing_a_broken_definition_begins_at_e_and_keeps_who_holds() -> None:
    new = replace(to_draft(draft(every(60)))(broken(), E), revision=4)
    holder = running(1)
    stands = cursor(task(every(60)), at(5), since_edit=9, holder=holder.id, holder_running=True, next_due_at=None)
    after = changed(broken(), new, stands, [holder], E).cursor
    assert (after.seen_through, after.next_due_at, after.since_edit) == (E, at(120), 0)
    assert (after.holder, after.holder_running) == (holder.id, True)
