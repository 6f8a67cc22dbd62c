"""Claim: state running, fence + 1, attempt + 1, and everything an attempt needs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from horarium.core.action import Action, Log
from horarium.core.altered import altered
from horarium.core.ids import RunId, TaskId, WorkerId
from horarium.core.instants import to_ms
from horarium.core.outcome import Failed
from horarium.core.policy import Policy
from horarium.core.run import Run, RunState
from horarium.core.settle import Ending
from horarium.core.task import Task
from horarium.ports.store import Claim, Room
from horarium.stores.sql import statements
from horarium.stores.sql.lanes import lanes
from horarium.stores.sql.rows import RUN_WIDTH, Unreadable, action_of, policy_of, run_of
from horarium.stores.sql.settlements import settle

Row = Any


def claim(conn: Connection, room: Room, now: datetime, runs: Sequence[RunId] | None) -> list[Claim]:
    """Ready runs for a living worker, higher priority first, then the one ready longest."""
    if statements.row(conn, "is_alive", id=room.worker_id) is None:
        return []
    found = _ready(conn, room, now) if runs is None else _among(conn, room, now, runs)
    chosen = _fitting(found, room)
    hits = statements.each(conn, "claim_run", [(room.worker_id, to_ms(now), row[0], row[17]) for row in chosen])
    claims: list[Claim] = []
    unreadable: list[Ending] = []
    for row, hit in zip(chosen, hits, strict=True):
        if not hit:
            continue
        run = claimed(run_of(row), room.worker_id, now)
        try:
            claims.append(_claim(run, row))
        except Unreadable as error:
            unreadable.append(Ending(run=run, outcome=Failed(reason="error", detail=str(error)), policy=Policy()))
    if unreadable:
        settle(conn, unreadable, now)
    return claims


def claim_at_birth(
    conn: Connection, new: Sequence[Run], tasks: Mapping[TaskId, Task], room: Room, now: datetime
) -> list[Claim]:
    """Claims on runs that this transaction is about to make. None passes by a run of its kind that is ready already."""
    ready = [run for run in new if not run.is_behind and run.ready_at <= now and _serves(room, run.pool)]
    if not ready or statements.row(conn, "is_alive", id=room.worker_id) is None:
        return []
    now_ms = to_ms(now)
    busy = {(lane.pool, lane.needs_process) for lane in lanes(conn) if lane.ready_at <= now_ms}
    ready = [run for run in ready if (run.pool, run.needs_process) not in busy] if busy else ready
    ready.sort(key=lambda run: (-run.priority, run.ready_at, run.id))
    chosen: list[Run] = []
    slots, process_slots = room.slots, room.process_slots
    for run in ready:
        if not slots:
            break
        if run.needs_process and not process_slots:
            continue
        chosen.append(run)
        slots -= 1
        process_slots -= run.needs_process
    return [_born(claimed(run, room.worker_id, now), tasks[run.task_id]) for run in chosen]


def _born(run: Run, task: Task) -> Claim:
    assert run.task_revision == task.revision, "a new run carries out what was planned"
    return Claim(run=run, task_name=task.name, action=task.action, policy=task.policy)


def claimed(run: Run, worker_id: WorkerId, now: datetime) -> Run:
    """`run` as this claim leaves it."""
    return altered(
        run,
        state=RunState.RUNNING,
        worker_id=worker_id,
        fence=run.fence + 1,
        attempt=run.attempt + 1,
        started_at=now,
        first_started_at=run.first_started_at if run.first_started_at is not None else now,
    )


def orphans(conn: Connection, limit: int) -> list[Claim]:
    """Running runs of workers that are stopped or dead. One whose definition cannot be read is not tried again."""
    found = []
    for row in statements.rows(conn, "orphans", limit=limit):
        run = run_of(row)
        try:
            found.append(_claim(run, row))
        except Unreadable as error:
            nothing = Log(kind="log", message=str(error))
            found.append(Claim(run=run, task_name=row[RUN_WIDTH], action=nothing, policy=Policy(on_lost="fail")))
    return found


def _claim(run: Run, row: Row) -> Claim:
    name, action, policy = row[RUN_WIDTH : RUN_WIDTH + 3]
    return Claim(run=run, task_name=name, action=_pinned_action(action), policy=_pinned_policy(policy))


def _pinned_action(text: str | None) -> Action:
    if text is None:
        raise Unreadable("revision", "the revision this run is pinned to is not in the books")
    return action_of(text)


def _pinned_policy(text: str | None) -> Policy:
    assert text is not None, "a revision has both"
    return policy_of(text)


def _serves(room: Room, pool: str) -> bool:
    return not room.pools or pool in room.pools


def _ready(conn: Connection, room: Room, now: datetime) -> Iterator[Row]:
    """In the order of claiming. Lanes of one priority are merged by how long their runs have been ready."""
    now_ms = to_ms(now)
    wanted = [lane for lane in lanes(conn) if lane.ready_at <= now_ms and _serves(room, lane.pool)]
    if not room.process_slots:
        wanted = [lane for lane in wanted if not lane.needs_process]
    wanted.sort(key=attrgetter("priority"), reverse=True)
    for _, level in groupby(wanted, key=attrgetter("priority")):
        found: list[Row] = []
        for lane in level:
            values = {"pool": lane.pool, "needs_process": lane.needs_process, "priority": lane.priority, "now": now_ms}
            limit = min(room.slots, room.process_slots) if lane.needs_process else room.slots
            found += statements.rows(conn, "ready_in_lane", limit=limit, **values)
        found.sort(key=lambda row: (row[5], row[0]))
        yield from found


def _among(conn: Connection, room: Room, now: datetime, runs: Sequence[RunId]) -> list[Row]:
    now_ms = to_ms(now)
    asked = statements.lookup(conn, "ready_run", [(run_id, now_ms) for run_id in dict.fromkeys(runs)])
    found = [row for row in asked if row is not None and _serves(room, row[7])]
    found.sort(key=lambda row: (-row[8], row[5], row[0]))
    return found


def _fitting(rows: Iterator[Row] | list[Row], room: Room) -> list[Row]:
    chosen: list[Row] = []
    processes = 0
    for row in rows:
        if len(chosen) == room.slots:
            break
        if row[9] and processes == room.process_slots:
            continue
        processes += row[9]
        chosen.append(row)
    return chosen
