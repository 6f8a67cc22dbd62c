"""A small world of tasks, and what its lists must say of it, in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, delete

from horarium.core.action import Http, Log
from horarium.core.cursor import Skip, SkipReason
from horarium.core.ids import RunId, SkipId, TaskId, WorkerId
from horarium.core.instants import to_ms
from horarium.core.page import RunFilter, TaskFilter, TaskSort, TaskStateName
from horarium.core.policy import Policy, Retry
from horarium.core.run import OF_OCCURRENCES, Cause, Reason, Run, RunState
from horarium.core.task import Pause, Task
from horarium.core.worker import Worker
from horarium.stores.sql.tables import metadata
from tests import making
from tests.builders import (
    add_cursor,
    add_run,
    add_skip,
    add_task,
    add_worker,
    stamped,
)
from tests.making import T0, at

NOW = at(100)
SORTS: tuple[TaskSort, ...] = ("name", "next_due_at", "-last_run", "-created_at", "failing")
STATES: tuple[TaskStateName, ...] = ("active", "paused", "broken", "deleted", "running", "failing", "late", "ended")
LETTERS = "aAbB%_\\*[]?ä"
ADA, BOB = WorkerId(b"ada" + bytes(13)), WorkerId(b"bob" + bytes(13))


@dataclass
class Kept:
    """One task of the world, with everything known of it."""

    task: Task
    broken: bool
    next_due_at: datetime | None
    has_cursor: bool
    last_run: RunId | None
    last_state: RunState | None
    runs: list[Run] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)


def made_world(random: Random) -> list[Kept]:
    names = sorted({"".join(random.choices(LETTERS, k=random.randint(1, 3))) for _ in range(random.randint(0, 14))})
    random.shuffle(names)
    world = [_kept(random, n, name) for n, name in enumerate(names)]
    for n, kept in enumerate(world):
        _fill(random, n, kept)
    return world


def _kept(random: Random, n: int, name: str) -> Kept:
    created = T0 - timedelta(milliseconds=random.randint(0, 3))
    paused = random.choice([None, None, Pause(at=T0), Pause(at=T0, until=NOW), Pause(at=T0, until=NOW + making.MS)])
    deleted = random.random() < 0.25
    broken = random.random() < 0.2
    due = random.choice(
        [None, NOW - timedelta(seconds=5), NOW - timedelta(seconds=5, milliseconds=1), at(300), at(301)]
    )
    task = making.task(
        making.every(60),
        Policy(retry=Retry(max_attempts=random.randint(1, 3))),
        id=TaskId(stamped(created, n)),
        name=name if random.random() < 0.8 else name.swapcase() + "~",
        description="".join(random.choices(LETTERS, k=2)),
        tags=tuple(random.sample(["x", "y", "z"], random.randint(0, 3))),
        pool=random.choice(["default", "heavy"]),
        action=random.choice([Log(kind="log", message="m"), Http(kind="http", url="http://h/")]),
        created_at=created,
        pause=paused,
        deleted_at=T0 if deleted else None,
    )
    return Kept(
        task=task,
        broken=broken,
        next_due_at=None if deleted or broken else due,
        has_cursor=not deleted or random.random() < 0.8,
        last_run=None,
        last_state=None,
    )


def _fill(random: Random, n: int, kept: Kept) -> None:
    for m in range(random.choice([0, 0, 1, 3, 25])):
        kept.runs.append(_run(random, n, m, kept))
    ended = [run for run in kept.runs if not run.state.open]
    if ended and kept.has_cursor:
        last = random.choice(ended)
        kept.last_run, kept.last_state = last.id, last.state
    elif kept.has_cursor and random.random() < 0.3:
        kept.last_run, kept.last_state = RunId(stamped(T0, 999_000 + n)), RunState.FAILED  # forgotten since
    for m in range(random.choice([0, 0, 1, 4])):
        first = at(random.randint(0, 6))
        count = random.randint(1, 3)
        kept.skips.append(
            Skip(
                id=SkipId(stamped(first, n * 100 + m)),
                task_id=kept.task.id,
                first_due_at=first,
                last_due_at=first + timedelta(seconds=count - 1),
                count=count,
                reason=random.choice(list(SkipReason)),
                task_revision=1,
                tzdata=making.TZDATA,
                decided_at=at(60),
            )
        )


def _run(random: Random, n: int, m: int, kept: Kept) -> Run:
    due = at(random.randint(0, 6))
    cause = random.choice(list(Cause))
    state = random.choice([*RunState, RunState.SUCCEEDED, RunState.FAILED])
    begun = state is not RunState.WAITING
    took = timedelta(milliseconds=random.randint(0, 9))
    return making.a_run(
        id=RunId(stamped(due, n * 100 + m)),
        task_id=kept.task.id,
        cause=cause,
        due_at=due - timedelta(seconds=2) if cause is Cause.RETRY else due,
        ready_at=random.choice([NOW - timedelta(seconds=5), NOW - timedelta(seconds=5, milliseconds=1), at(500)]),
        expected_at=due if cause in OF_OCCURRENCES else None,
        pool=random.choice(["default", "heavy"]),
        state=state,
        is_behind=state is RunState.WAITING and random.random() < 0.3,
        reason=random.choice([Reason.ERROR, Reason.LOST]) if state is RunState.FAILED else None,
        attempt=1 if begun else 0,
        fence=1 if begun else 0,
        worker_id=random.choice([ADA, BOB]) if begun else None,
        first_started_at=due if begun else None,
        started_at=due if begun else None,
        ended_at=None if state.open else due + took,
    )


def put(conn: Connection, world: Sequence[Kept]) -> None:
    """Instead of the world before."""
    for table in reversed(metadata.sorted_tables):
        conn.execute(delete(table))
    for worker, name in ((ADA, "ada"), (BOB, "bob")):
        add_worker(
            conn,
            Worker(id=worker, name=name, pools=(), slots=4, process_slots=1, version="1", started_at=T0),
        )
    for kept in world:
        add_task(conn, kept.task, broken='["schedule", "unknown"]' if kept.broken else None)
        if kept.has_cursor:
            cursor = making.cursor(kept.task, next_due_at=kept.next_due_at, seen_through=T0)
            add_cursor(conn, cursor, kept.last_run, kept.last_state)
        for run in kept.runs:
            add_run(conn, run)
        for skip in kept.skips:
            add_skip(conn, skip)


def states_of(kept: Kept) -> set[str]:
    if kept.task.deleted_at is not None:
        return {"deleted" if kept.has_cursor else "born deleted"}  # the task of a test run: no state shows it
    found = set()
    paused = kept.task.pause is not None and not kept.task.pause.over(NOW)
    if paused:
        found.add("paused")
    if kept.broken:
        found.add("broken")
    if kept.last_state is RunState.FAILED:
        found.add("failing")
    if any(run.state is RunState.RUNNING for run in kept.runs):
        found.add("running")
    late = NOW - timedelta(seconds=5)
    if (kept.next_due_at is not None and kept.next_due_at < late) or any(
        run.state is RunState.WAITING and not run.is_behind and run.ready_at < late for run in kept.runs
    ):
        found.add("late")
    if not paused and not kept.broken:
        found.add("ended" if kept.next_due_at is None else "active")
    return found


def is_wanted(kept: Kept, wanted: TaskFilter) -> bool:
    of = states_of(kept)
    text = [kept.task.name.casefold(), kept.task.description.casefold()]
    return (
        (bool(of & set(wanted.states)) if wanted.states else not of & {"deleted", "born deleted"})
        and set(wanted.tags) <= set(kept.task.tags)
        and wanted.pool in (None, kept.task.pool)
        and wanted.kind in (None, kept.task.action.kind)
        and all(any(word.casefold() in part for part in text) for word in (wanted.words or "").split())
    )


def sort_key(kept: Kept, sort: TaskSort) -> Any:
    task = kept.task
    by_name = (task.name.encode(), task.id)
    match sort:
        case "name":
            return by_name
        case "-created_at":
            return tuple(-byte for byte in task.id)
        case "next_due_at":
            return (1, 0, task.id) if kept.next_due_at is None else (0, to_ms(kept.next_due_at), task.id)
        case "failing":
            return (kept.last_state is not RunState.FAILED, *by_name)
        case "-last_run":
            there = kept.last_run is not None and any(run.id == kept.last_run for run in kept.runs)
            return (0, tuple(-byte for byte in kept.last_run or b"")) if there else (1, tuple(task.id))


def a_task_filter(random: Random, sort: TaskSort) -> TaskFilter:
    return TaskFilter(
        words=random.choice([None, None, random.choice(LETTERS), "Ä b", "%", "_"]),
        tags=random.choice([(), (), ("x",), ("x", "y"), ("none",)]),
        states=random.choice([(), (), tuple(random.sample(STATES, random.randint(1, 3)))]),
        pool=random.choice([None, None, "heavy"]),
        kind=random.choice([None, None, "http"]),
        sort=sort,
    )


def a_run_filter(random: Random, world: Sequence[Kept]) -> RunFilter:
    maybe = random.random
    return RunFilter(
        states=tuple(random.sample(list(RunState), random.randint(1, 2))) if maybe() < 0.4 else (),
        reasons=(Reason.LOST,) if maybe() < 0.1 else (),
        causes=tuple(random.sample(list(Cause), random.randint(1, 3))) if maybe() < 0.3 else (),
        task_id=random.choice(world).task.id if world and maybe() < 0.3 else None,
        tag="x" if maybe() < 0.2 else None,
        pool="heavy" if maybe() < 0.2 else None,
        worker="ada" if maybe() < 0.2 else None,
        since=at(random.randint(0, 7)) if maybe() < 0.3 else None,
        before=at(random.randint(0, 7)) if maybe() < 0.3 else None,
    )


def runs_wanted(world: Sequence[Kept], wanted: RunFilter) -> list[Run]:
    found = []
    for kept in world:
        for run in kept.runs:
            place = run.id[:6]
            if (
                (not wanted.states or run.state in wanted.states)
                and (not wanted.reasons or run.reason in wanted.reasons)
                and (run.cause in wanted.causes if wanted.causes else run.cause is not Cause.TEST)
                and wanted.task_id in (None, run.task_id)
                and (wanted.tag is None or wanted.tag in kept.task.tags)
                and wanted.pool in (None, run.pool)
                and (wanted.worker is None or run.worker_id == {"ada": ADA, "bob": BOB}[wanted.worker])
                and (wanted.since is None or place >= to_ms(wanted.since).to_bytes(6, "big"))
                and (wanted.before is None or place < to_ms(wanted.before).to_bytes(6, "big"))
            ):
                found.append(run)
    return sorted(found, key=lambda run: run.id, reverse=True)


def skips_wanted(world: Sequence[Kept], wanted: RunFilter) -> list[Skip]:
    if wanted.states or wanted.reasons or wanted.causes or wanted.worker:
        return []
    found = [
        skip
        for kept in world
        for skip in kept.skips
        if wanted.task_id in (None, skip.task_id)
        and (wanted.tag is None or wanted.tag in kept.task.tags)
        and wanted.pool in (None, kept.task.pool)
        and (wanted.since is None or skip.last_due_at >= wanted.since)
        and (wanted.before is None or skip.last_due_at < wanted.before)
    ]
    return sorted(found, key=lambda skip: (skip.last_due_at, skip.task_id, skip.id), reverse=True)


def duration(run: Run) -> int:
    assert run.ended_at is not None
    assert run.started_at is not None
    return to_ms(run.ended_at) - to_ms(run.started_at)


def ended_run(number: int, state: RunState, took: int, **more: Any) -> Run:
    """The `number`-th run of a task, ended after `took` ms."""
    begun = {"attempt": 1, "fence": 1, "worker_id": ADA, "first_started_at": T0, "started_at": T0}
    reason = Reason.ERROR if state is RunState.FAILED else None
    return making.a_run(number, state=state, reason=reason, ended_at=T0 + took * making.MS, **begun, **more)
