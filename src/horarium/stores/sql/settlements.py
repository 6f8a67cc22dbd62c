"""Settle: the pure `settle` decides, the fence is the verdict. What the claim knew usually still holds; else the row is read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from horarium.core import settle as core
from horarium.core.errors import NotFound
from horarium.core.ids import RunId, to_ulid
from horarium.core.instants import to_ms
from horarium.core.manual import cancelled
from horarium.core.outcome import Failed, HandedBack, Outcome, ShutDown, Succeeded
from horarium.core.run import Attempt, Reason, Run, RunState
from horarium.core.settle import Ending, Settlement
from horarium.ports.store import Settled
from horarium.stores.sql import cursors, statements
from horarium.stores.sql.rows import attempt_of, ms, run_of


def settle(conn: Connection, endings: Sequence[Ending], now: datetime) -> Settled:
    """Each by its fence; then holders that ended make way."""
    after: list[Run | None] = [None] * len(endings)
    quick = [(place, run) for place, ending in enumerate(endings) if (run := _quick(ending, now)) is not None]
    hits = statements.each(conn, "end_run", [_ended(run) for _, run in quick])
    for (place, run), hit in zip(quick, hits, strict=True):
        if hit:
            after[place] = run
    ended = [run for run in after if run is not None]
    for place, ending in enumerate(endings):
        if after[place] is None:
            after[place], settled_now = _slow(conn, ending, now)
            if settled_now is not None and not settled_now.state.open:
                ended.append(settled_now)
    return Settled(runs=tuple(after), released=tuple(cursors.note_ends(conn, ended, now)))


def cancel_run(conn: Connection, run_id: RunId, reason: Reason, now: datetime) -> Settled:
    """A waiting run ends, a running one is asked to stop."""
    found = statements.row(conn, "run", id=run_id)
    if found is None:
        raise NotFound("run", to_ulid(run_id))
    before = run_of(found)
    after = cancelled(before, reason, now)
    released: list[Run] = []
    if after != before:
        cursors.change_runs(conn, [after])
    if not after.state.open and before.is_behind:
        cursors.leave_queue(conn, after)
    elif not after.state.open:
        released = cursors.note_ends(conn, [after], now)
    return Settled(runs=(after,), released=tuple(released))


def _quick(ending: Ending, now: datetime) -> Run | None:
    """The run ended, judged by what its claim knew; None where that does not suffice: it may go on, or would if its task
    were not deleted meanwhile."""
    if ending.run.cancel_reason is not None or isinstance(ending.outcome, HandedBack | ShutDown):
        return None
    after = core.settle(ending.run, ending.outcome, ending.policy, now).after
    return None if after.state.open else after


def _slow(conn: Connection, ending: Ending, now: datetime) -> tuple[Run | None, Run | None]:
    """What to answer, and the run if this call has settled it."""
    found = statements.row(conn, "run", id=ending.run.id)
    if found is None:
        return None, None
    run = run_of(found)
    if run.fence != ending.run.fence or run.state is not RunState.RUNNING:
        return _refused(conn, ending, run, now), None
    deleted = statements.row(conn, "is_deleted", id=run.task_id)[0] == 1
    settlement = core.settle(run, ending.outcome, ending.policy, now, deleted=deleted)
    _write(conn, settlement)
    return settlement.after, settlement.after


def _write(conn: Connection, settlement: Settlement) -> None:
    hit = statements.each(conn, "settle_run", [_settled(settlement.after)])
    assert hit == [True], "the row was read in this transaction"
    if settlement.archived is not None:
        statements.write(conn, "add_attempt", [_archived(settlement.archived)])


def _refused(conn: Connection, ending: Ending, run: Run, now: datetime) -> Run | None:
    """Asked again after a lost answer: the run as it is. Anything else is a late report, kept where its attempt is archived."""
    found = statements.row(conn, "archived", run_id=run.id, fence=ending.run.fence)
    same_fence = run.fence == ending.run.fence
    if found is None:
        if not same_fence:
            return None
        if run.state is RunState.WAITING:
            return run if isinstance(ending.outcome, HandedBack) else None
        return run if core.settle(ending.run, ending.outcome, ending.policy, now).after.state is run.state else None
    archived = attempt_of(found)
    if archived.outcome == core.word(ending.outcome):
        return run if same_fence else None
    values = {"run_id": run.id, "attempt": archived.attempt, "late_report": _said(ending.outcome)}
    statements.change(conn, "report_late", **values)
    return None


def _said(outcome: Outcome) -> str:
    detail = outcome.detail if isinstance(outcome, Succeeded | Failed) else None
    return core.word(outcome) if detail is None else f"{core.word(outcome)}: {detail}"


def _ended(run: Run) -> tuple[Any, ...]:
    assert run.ended_at is not None
    reason = None if run.reason is None else run.reason._value_
    ended = (run.state._value_, reason, run.spent, run.lost, to_ms(run.ended_at))
    return (*ended, run.exit_status, run.http_status, run.detail, bytearray(run.id), run.fence)


def _settled(run: Run) -> tuple[Any, ...]:
    return (
        run.state,
        run.reason,
        to_ms(run.ready_at),
        run.attempt,
        run.spent,
        run.lost,
        run.worker_id,
        ms(run.first_started_at),
        ms(run.started_at),
        ms(run.ended_at),
        run.exit_status,
        run.http_status,
        run.detail,
        run.id,
        run.fence,
    )


def _archived(attempt: Attempt) -> tuple[Any, ...]:
    return (
        attempt.run_id,
        attempt.attempt,
        attempt.fence,
        attempt.worker_id,
        ms(attempt.started_at),
        ms(attempt.ended_at),
        attempt.outcome,
        attempt.reason,
        attempt.exit_status,
        attempt.http_status,
        attempt.detail,
        attempt.late_report,
    )
