"""What becomes of a run when an attempt has ended: pure, one table, the type checker owns completeness."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from horarium.core.altered import altered
from horarium.core.outcome import (
    DETAIL_MAX,
    Cancelled,
    Failed,
    HandedBack,
    Lost,
    Outcome,
    ShutDown,
    Succeeded,
    TimedOut,
)
from horarium.core.policy import Policy
from horarium.core.run import Attempt, Reason, Run, RunState

LOSSES_MAX = 3
"""A run lost this often ends as failed/lost."""
RETRY_AFTER_MAX = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The report of one attempt: the run as it was claimed, what happened, and the policy it was claimed under."""

    run: Run
    outcome: Outcome
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """`archived` is the attempt to keep beside the run, when the run goes on."""

    after: Run
    archived: Attempt | None = None


def settle(run: Run, outcome: Outcome, policy: Policy, now: datetime, *, deleted: bool = False) -> Settlement:
    """Where `run` (running) goes after `outcome`. `deleted`: its task is a tombstone, so it never waits again."""
    assert run.state is RunState.RUNNING, "only a running run is settled"
    match outcome:
        case Succeeded():
            return _ended(_reported(run, outcome), RunState.SUCCEEDED, None, now, counts=True)
        case HandedBack():
            return _handed_back(run, now, deleted)
        case _ if run.cancel_reason is not None:
            return _ended(_reported(run, outcome), RunState.CANCELLED, run.cancel_reason, now, counts=_counts(outcome))
        case ShutDown():
            if deleted:
                return _ended(run, RunState.CANCELLED, Reason.DELETED, now)
            if policy.on_lost == "fail":
                return _ended(run, RunState.FAILED, Reason.SHUTDOWN, now)
            return Settlement(after=_waiting(run, now), archived=archived(run, outcome, now))
        case Lost():
            lost = altered(run, lost=run.lost + 1)
            if policy.on_lost == "fail" or lost.lost >= LOSSES_MAX or deleted:
                return _ended(lost, RunState.FAILED, Reason.LOST, now)
            return Settlement(after=_waiting(lost, now), archived=archived(run, outcome, now))
        case Cancelled():
            return _ended(run, RunState.CANCELLED, Reason.CANCELLED_BY_USER, now, counts=True)
        case Failed() | TimedOut():
            return _failed(run, outcome, policy, now, deleted)
        case _:
            assert_never(outcome)


def archived(run: Run, outcome: Outcome, now: datetime) -> Attempt:
    """The record of `run`'s present attempt, ended by `outcome`."""
    seen = _reported(run, outcome)
    return Attempt(
        run_id=run.id,
        attempt=run.attempt,
        fence=run.fence,
        worker_id=run.worker_id,
        started_at=run.started_at,
        ended_at=now,
        outcome=word(outcome),
        reason=_reason(outcome),
        exit_status=seen.exit_status,
        http_status=seen.http_status,
        detail=seen.detail,
    )


def word(outcome: Outcome) -> str:
    """One word for the attempt's record."""
    match outcome:
        case Succeeded():
            return "succeeded"
        case Failed():
            return "failed"
        case TimedOut():
            return "timeout"
        case Cancelled():
            return "cancelled"
        case Lost():
            return "lost"
        case HandedBack():
            return "handed_back"
        case ShutDown():
            return "shutdown"


def _failed(run: Run, outcome: Failed | TimedOut, policy: Policy, now: datetime, deleted: bool) -> Settlement:
    spent = altered(run, spent=run.spent + 1)
    if spent.spent < policy.retry.max_attempts and not deleted:
        pause = policy.retry.delay(spent.spent)
        if isinstance(outcome, Failed) and outcome.retry_after_seconds is not None:
            asked = min(outcome.retry_after_seconds, RETRY_AFTER_MAX.total_seconds())
            pause = max(pause, timedelta(milliseconds=round(asked * 1000)))
        return Settlement(after=_waiting(spent, now + pause), archived=archived(run, outcome, now))
    return _ended(_reported(spent, outcome), RunState.FAILED, _reason(outcome), now)


def _handed_back(run: Run, now: datetime, deleted: bool) -> Settlement:
    """As if it had never been claimed, but for the fence."""
    first = run.first_started_at if run.attempt > 1 else None
    handed = altered(run, attempt=run.attempt - 1, first_started_at=first, started_at=None)
    if run.cancel_reason is not None:
        return _ended(handed, RunState.CANCELLED, run.cancel_reason, now)
    if deleted:
        return _ended(handed, RunState.CANCELLED, Reason.DELETED, now)
    return Settlement(after=_waiting(handed, run.ready_at))


def _counts(outcome: Outcome) -> bool:
    """Whether this end is counted in `spent`: not where the worker, rather than the action, gave up."""
    return not isinstance(outcome, ShutDown | Lost)


def _ended(run: Run, state: RunState, reason: Reason | None, now: datetime, *, counts: bool = False) -> Settlement:
    return Settlement(after=altered(run, state=state, reason=reason, ended_at=now, spent=run.spent + counts))


def _waiting(run: Run, ready: datetime) -> Run:
    return altered(
        run, state=RunState.WAITING, ready_at=max(ready, run.ready_at), worker_id=None, started_at=None, is_behind=False
    )


def _reported(run: Run, outcome: Outcome) -> Run:
    if not isinstance(outcome, Succeeded | Failed):
        return run
    if outcome.exit_status is None and outcome.http_status is None and outcome.detail is None:
        return run
    detail = outcome.detail[:DETAIL_MAX] if outcome.detail is not None else None
    return altered(run, exit_status=outcome.exit_status, http_status=outcome.http_status, detail=detail)


def _reason(outcome: Outcome) -> Reason | None:
    match outcome:
        case Failed():
            return Reason(outcome.reason)
        case TimedOut():
            return Reason.TIMEOUT
        case Lost():
            return Reason.LOST
        case ShutDown():
            return Reason.SHUTDOWN
        case _:
            return None
