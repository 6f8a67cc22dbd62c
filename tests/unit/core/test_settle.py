"""What becomes of a run when an attempt has ended: the whole table."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from horarium.core.outcome import Cancelled, Failed, HandedBack, Lost, Outcome, ShutDown, Succeeded, TimedOut
from horarium.core.policy import Policy, Retry
from horarium.core.run import Reason, Run, RunState
from horarium.core.settle import archived, settle, word
from tests.making import WORKER, a_run, at, running

ONCE = Policy()
THRICE = Policy(retry=Retry(max_attempts=3, first_delay_seconds=10, factor=2))
FAILED = Failed(reason="exit_status", exit_status=7, detail="no disk")
EVERY_OUTCOME: list[Outcome] = [
    Succeeded(exit_status=0),
    FAILED,
    TimedOut(),
    Cancelled(),
    Lost(),
    HandedBack(),
    ShutDown(),
]


def counters(run: Run) -> tuple[int, int, int, int]:
    return run.attempt, run.spent, run.lost, run.fence


# The ends


def test_success() -> None:
    done = settle(running(), Succeeded(exit_status=0, detail="fine"), ONCE, at(9))
    assert done.archived is None
    assert (done.after.state, done.after.reason, done.after.ended_at) == (RunState.SUCCEEDED, None, at(9))
    assert (done.after.exit_status, done.after.detail) == (0, "fine")
    assert counters(done.after) == (1, 1, 0, 1)
    assert done.after.worker_id == WORKER


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Failed(reason="exit_status", exit_status=7), Reason.EXIT_STATUS),
        (Failed(reason="http_status", http_status=503), Reason.HTTP_STATUS),
        (Failed(reason="error", detail="no such host"), Reason.ERROR),
        (TimedOut(), Reason.TIMEOUT),
    ],
)
def test_a_failure_without_attempts_left(outcome: Outcome, reason: Reason) -> None:
    done = settle(running(), outcome, ONCE, at(9))
    assert done.archived is None
    assert (done.after.state, done.after.reason, done.after.ended_at) == (RunState.FAILED, reason, at(9))
    assert counters(done.after) == (1, 1, 0, 1)


def test_a_report_is_kept_in_the_row() -> None:
    after = settle(running(), FAILED, ONCE, at(9)).after
    assert (after.exit_status, after.http_status, after.detail) == (7, None, "no disk")


def test_a_long_detail_is_cut() -> None:
    after = settle(running(), Failed(reason="error", detail="x" * 1_000), ONCE, at(9)).after
    assert after.detail == "x" * 300


def test_only_a_running_run_is_settled() -> None:
    with pytest.raises(AssertionError):
        settle(a_run(), Succeeded(), ONCE, at(9))


def test_a_cancelled_action_nobody_asked_for_counts_as_the_users() -> None:
    after = settle(running(), Cancelled(), THRICE, at(9)).after
    assert (after.state, after.reason) == (RunState.CANCELLED, Reason.CANCELLED_BY_USER)


# Retry


def test_a_failure_with_attempts_left_waits_for_its_back_off() -> None:
    went = settle(running(), FAILED, THRICE, at(9))
    after = went.after
    assert (after.state, after.reason, after.ended_at, after.ready_at) == (RunState.WAITING, None, None, at(19))
    assert (after.worker_id, after.started_at, after.first_started_at) == (None, None, at(1))
    assert counters(after) == (1, 1, 0, 1)
    assert not after.is_behind
    kept = went.archived
    assert kept is not None
    assert (kept.run_id, kept.attempt, kept.fence, kept.worker_id) == (after.id, 1, 1, WORKER)
    assert (kept.started_at, kept.ended_at, kept.outcome, kept.reason) == (at(1), at(9), "failed", Reason.EXIT_STATUS)
    assert (kept.exit_status, kept.detail) == (7, "no disk")


def test_max_attempts_is_exact() -> None:
    run, ended = running(), 0
    for number in (1, 2, 3):
        ended += 100
        after = settle(run, FAILED, THRICE, at(ended)).after
        assert after.spent == number
        run = replace(after, state=RunState.RUNNING, attempt=after.attempt + 1, fence=after.fence + 1)
    assert after.state is RunState.FAILED
    assert counters(after) == (3, 3, 0, 3)


@pytest.mark.parametrize(("spent", "delay"), [(0, 10), (1, 20), (2, 40), (8, 2_560), (9, 3_600), (900, 3_600)])
def test_the_back_off_grows_to_its_largest(spent: int, delay: float) -> None:
    patient = Policy(retry=Retry(max_attempts=1_000))
    after = settle(running(spent=spent), FAILED, patient, at(100)).after
    assert after.ready_at == at(100 + delay)


@pytest.mark.parametrize(
    ("asked", "delay"),
    [(None, 10.0), (3, 10), (60, 60), (0.5, 10), (86_400, 86_400), (86_401, 86_400), (1e12, 86_400), (0, 10)],
)
def test_retry_after_is_honoured_up_to_a_day(asked: float | None, delay: float) -> None:
    outcome = Failed(reason="http_status", http_status=503, retry_after_seconds=asked)
    assert settle(running(), outcome, THRICE, at(100)).after.ready_at == at(100 + delay)


def test_an_endless_retry_after_is_a_day() -> None:
    outcome = Failed(reason="http_status", http_status=503, retry_after_seconds=float("inf"))
    assert settle(running(), outcome, THRICE, at(100)).after.ready_at == at(100 + 86_400)


# Cancelled by request


@pytest.mark.parametrize("outcome", EVERY_OUTCOME, ids=word)
@pytest.mark.parametrize("reason", [Reason.REPLACED, Reason.CANCELLED_BY_USER, Reason.EDITED])
@pytest.mark.parametrize("deleted", [False, True])
def test_a_run_asked_to_stop_ends_cancelled_unless_it_succeeded(
    outcome: Outcome, reason: Reason, deleted: bool
) -> None:
    done = settle(running(cancel_reason=reason), outcome, THRICE, at(9), deleted=deleted)
    assert done.archived is None
    assert done.after.ended_at == at(9)
    if isinstance(outcome, Succeeded):
        assert (done.after.state, done.after.reason) == (RunState.SUCCEEDED, None)
    else:
        assert (done.after.state, done.after.reason) == (RunState.CANCELLED, reason)


# Handed back, shut down, lost


def test_handed_back_before_it_began_was_no_attempt() -> None:
    went = settle(running(ready_at=at(0.5)), HandedBack(), ONCE, at(9))
    after = went.after
    assert went.archived is None
    assert (after.state, after.ready_at, after.worker_id) == (RunState.WAITING, at(0.5), None)
    assert (after.started_at, after.first_started_at) == (None, None)
    assert counters(after) == (0, 0, 0, 1)


def test_handing_back_a_later_attempt_keeps_the_first_start() -> None:
    run = running(attempt=3, spent=2, fence=5, first_started_at=at(1), started_at=at(50))
    after = settle(run, HandedBack(), THRICE, at(60)).after
    assert after.first_started_at == at(1)
    assert counters(after) == (2, 2, 0, 5)


def test_stopped_by_shutdown_it_waits_and_spends_nothing() -> None:
    went = settle(running(spent=0), ShutDown(), ONCE, at(9))
    assert (went.after.state, went.after.ready_at) == (RunState.WAITING, at(9))
    assert counters(went.after) == (1, 0, 0, 1)
    assert went.archived is not None
    assert (went.archived.outcome, went.archived.reason) == ("shutdown", Reason.SHUTDOWN)


def test_under_on_lost_fail_a_shutdown_ends_it() -> None:
    went = settle(running(), ShutDown(), replace(THRICE, on_lost="fail"), at(9))
    assert went.archived is None
    assert (went.after.state, went.after.reason) == (RunState.FAILED, Reason.SHUTDOWN)


@pytest.mark.parametrize("lost", [0, 1])
def test_a_lost_run_runs_again_at_once_at_most_twice(lost: int) -> None:
    went = settle(running(lost=lost), Lost(), ONCE, at(9))
    assert (went.after.state, went.after.ready_at) == (RunState.WAITING, at(9))
    assert counters(went.after) == (1, 0, lost + 1, 1)
    assert went.archived is not None
    assert (went.archived.outcome, went.archived.reason) == ("lost", Reason.LOST)


def test_the_third_loss_ends_it() -> None:
    went = settle(running(lost=2), Lost(), THRICE, at(9))
    assert went.archived is None
    assert (went.after.state, went.after.reason) == (RunState.FAILED, Reason.LOST)
    assert counters(went.after) == (1, 0, 3, 1)


def test_under_on_lost_fail_the_first_loss_ends_it() -> None:
    after = settle(running(), Lost(), replace(THRICE, on_lost="fail"), at(9)).after
    assert (after.state, after.reason, after.lost, after.spent) == (RunState.FAILED, Reason.LOST, 1, 0)


def test_losses_do_not_spend_attempts() -> None:
    run = settle(running(), Lost(), THRICE, at(9)).after
    run = replace(run, state=RunState.RUNNING, attempt=2, fence=2)
    run = settle(run, FAILED, THRICE, at(20)).after
    assert (run.state, run.spent, run.ready_at) == (RunState.WAITING, 1, at(30))


@pytest.mark.parametrize("outcome", [ShutDown(), Lost()])
def test_nothing_starts_before_its_ready_at(outcome: Outcome) -> None:
    """A clock that was set back between two steps does not make a run ready earlier than it was."""
    assert settle(running(ready_at=at(50)), outcome, ONCE, at(9)).after.ready_at == at(50)


# Deleted


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (Succeeded(), RunState.SUCCEEDED, None),
        (FAILED, RunState.FAILED, Reason.EXIT_STATUS),
        (TimedOut(), RunState.FAILED, Reason.TIMEOUT),
        (HandedBack(), RunState.CANCELLED, Reason.DELETED),
        (ShutDown(), RunState.CANCELLED, Reason.DELETED),
        (Lost(), RunState.FAILED, Reason.LOST),
        (Cancelled(), RunState.CANCELLED, Reason.CANCELLED_BY_USER),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_tombstones_run_never_waits_again(outcome: Outcome, state: RunState, reason: Reason | None) -> None:
    done = settle(running(), outcome, THRICE, at(9), deleted=True)
    assert done.archived is None
    assert (done.after.state, done.after.reason, done.after.ended_at) == (state, reason, at(9))


# Laws over the whole table


@pytest.mark.parametrize("outcome", EVERY_OUTCOME, ids=word)
@pytest.mark.parametrize("on_lost", ["retry", "fail"])
@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize("cancel", [None, Reason.REPLACED])
def test_it_ends_or_waits_and_is_archived_only_when_it_goes_on(
    outcome: Outcome, on_lost: Literal["retry", "fail"], deleted: bool, cancel: Reason | None
) -> None:
    rules = replace(THRICE, on_lost=on_lost)
    run = running(attempt=2, spent=1, fence=4, cancel_reason=cancel)
    done = settle(run, outcome, rules, at(9), deleted=deleted)
    after = done.after
    assert after.fence == run.fence
    assert after.spent - run.spent in (0, 1)
    assert (after.ended_at is None) == (after.state is RunState.WAITING)
    assert after.state is not RunState.RUNNING
    if done.archived is not None:
        assert after.state is RunState.WAITING
        assert done.archived.attempt == after.attempt == 2
    elif after.state is RunState.WAITING:
        assert isinstance(outcome, HandedBack)
    assert after.ready_at >= run.ready_at


def test_what_is_archived_tells_how_it_ended() -> None:
    kept = archived(running(), TimedOut(), at(11))
    assert (kept.outcome, kept.reason, kept.exit_status) == ("timeout", Reason.TIMEOUT, None)
    assert kept.ended_at - at(1) == timedelta(seconds=10) if kept.ended_at else False
    assert [word(outcome) for outcome in EVERY_OUTCOME] == [
        "succeeded",
        "failed",
        "timeout",
        "cancelled",
        "lost",
        "handed_back",
        "shutdown",
    ]
