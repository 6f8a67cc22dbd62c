"""The promises, checked on a simulated world's books and on what its actions saw."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from horarium.core.ids import RunId, TaskId, to_ulid
from horarium.core.instants import from_ms
from horarium.core.schedule.schedule import Schedule
from horarium.ports.clock import Clock
from horarium.ports.store import Store
from horarium.stores.sql.rows import schedule_of
from horarium.testing.witness import Seen, Witness

BOOKS = """
SELECT c.task_id, c.decided, c.forgotten,
  (SELECT count(*) FROM runs r WHERE r.task_id = c.task_id AND r.cause IN ('schedule', 'catch_up')),
  (SELECT coalesce(sum(s.count), 0) FROM skips s WHERE s.task_id = c.task_id),
  c.behind,
  (SELECT count(*) FROM runs r WHERE r.task_id = c.task_id AND r.state = 'waiting' AND r.is_behind = 1),
  c.holder,
  (SELECT state FROM runs r WHERE r.id = c.holder),
  (SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM runs r
    WHERE r.task_id = c.task_id AND r.cause IN ('schedule', 'catch_up') GROUP BY r.due_at))
FROM cursors c"""

Sql: TypeAlias = Callable[..., Sequence[tuple[Any, ...]]]

ENDED = ("succeeded", "failed", "cancelled")
HISTORY = (
    "CREATE TABLE every_revision (task_id BLOB, revision INTEGER, valid_from INTEGER, schedule TEXT, deleted_at INTEGER)",
    (
        "CREATE TRIGGER revision_made AFTER INSERT ON revisions BEGIN INSERT INTO every_revision VALUES "
        "(NEW.task_id, NEW.revision, NEW.valid_from, NEW.schedule, NEW.deleted_at); END"
    ),
    (
        "CREATE TABLE history (n INTEGER PRIMARY KEY, id BLOB, was TEXT, state TEXT, fence INTEGER, attempt INTEGER, "
        "is_behind INTEGER, ready_at INTEGER, started_at INTEGER)"
    ),
    (
        "CREATE TRIGGER run_made AFTER INSERT ON runs BEGIN INSERT INTO history (id, was, state, fence, attempt, is_behind, "
        "ready_at, started_at) VALUES (NEW.id, NULL, NEW.state, NEW.fence, NEW.attempt, NEW.is_behind, NEW.ready_at, "
        "NEW.started_at); END"
    ),
    (
        "CREATE TRIGGER run_moved AFTER UPDATE ON runs WHEN OLD.state IS NOT NEW.state OR OLD.fence IS NOT NEW.fence BEGIN "
        "INSERT INTO history (id, was, state, fence, attempt, is_behind, ready_at, started_at) VALUES (NEW.id, OLD.state, "
        "NEW.state, NEW.fence, NEW.attempt, OLD.is_behind, OLD.ready_at, NEW.started_at); END"
    ),
)
"""The database itself writes down every move of every run and every revision, so that no statement can hide one."""


class Checks:
    """Each raises AssertionError that names the task or run."""

    def __init__(self, *, sql: Sql, store: Store, witness: Witness, clock: Clock) -> None:
        self._sql = sql
        self._store = store
        self._witness = witness
        self._clock = clock
        for statement in HISTORY:
            sql(statement)

    def history(self) -> Sequence[tuple[Any, ...]]:
        """Every move of every run, in order: two worlds of one seed agree here to the last row."""
        return self._sql("SELECT * FROM history ORDER BY n")

    async def open_runs(self) -> int:
        return int(self._sql("SELECT count(*) FROM runs WHERE state IN ('waiting', 'running')")[0][0])

    def balanced(self) -> None:
        """decided = runs + skipped + forgotten, and holder and behind are what the runs say, for every task at this moment."""
        for row in self._sql(BOOKS):
            task_id, decided, forgotten, runs, skipped, behind, really_behind, holder, holder_state, most = row
            name = to_ulid(task_id)
            assert decided == runs + skipped + forgotten, (
                f"the books of {name} do not balance: {decided} decided, {runs} runs, {skipped} skipped, {forgotten} forgotten"
            )
            assert behind == really_behind, f"{behind} runs of {name} are said to wait behind, {really_behind} do"
            assert holder is None or holder_state in ("waiting", "running"), f"the holder of {name} is {holder_state}"
            assert most <= 1, f"{most} occurrences of {name} share one instant"

    async def reckon(self, tasks: Iterable[TaskId], allowed: set[RunId]) -> None:
        """Everything that must hold when faults have stopped and nothing is due any more."""
        tasks = tuple(tasks)
        self.balanced()
        assert not await self.open_runs(), "some runs never ended"
        self._settled_once()
        self._succeeded_truly()
        await self._nothing_overlaps(allowed)
        for task_id in tasks:
            await self._all_decided(task_id)

    def _settled_once(self) -> None:
        fences: dict[bytes, int] = {}
        ended: set[bytes] = set()
        for _, run_id, was, state, fence, attempt, is_behind, ready_at, started_at in self.history():
            name = to_ulid(run_id)
            assert run_id not in ended, f"run {name} moved from {was} to {state} after its end"
            assert fence >= fences.get(run_id, 0), f"the fence of {name} shrank to {fence}"
            if state == "running":
                assert fence > fences.get(run_id, 0), f"run {name} was claimed without a new fence"
                assert attempt >= 1 and not is_behind, f"run {name} started while it stood behind another"
                assert started_at >= ready_at, f"run {name} started {ready_at - started_at} ms early"
            if state in ENDED:
                ended.add(run_id)
            fences[run_id] = fence

    def _succeeded_truly(self) -> None:
        seen = defaultdict(list)
        for one in self._witness.seen:
            seen[one.run_id].append(one)
        for run_id, state, fence in self._sql("SELECT id, state, fence FROM runs"):
            successes = [one for one in seen[run_id] if one.word == "succeeded" and one.fence == fence]
            if state == "succeeded":
                assert len(successes) == 1, (
                    f"run {to_ulid(run_id)} succeeded in the books, {len(successes)} times in truth"
                )
        for run_id, attempts in seen.items():
            pairs = [(one.attempt, one.fence) for one in attempts]
            assert len(pairs) == len(set(pairs)), f"run {to_ulid(run_id)} was begun twice under one fence: {pairs}"

    async def _nothing_overlaps(self, allowed: set[RunId]) -> None:
        lost = {(i, a) for i, a in self._sql("SELECT run_id, attempt FROM attempts WHERE outcome = 'lost'")}
        lost |= {(i, a) for i, a in self._sql("SELECT id, attempt FROM runs WHERE reason = 'lost'")}
        made_under = {}
        for run_id, task_id, revision, policy in self._sql(
            "SELECT r.id, r.task_id, r.task_revision, v.policy FROM runs r "
            "JOIN revisions v ON v.task_id = r.task_id AND v.revision = r.task_revision"
        ):
            if '"overlap":"skip"' in policy.replace(" ", "") and run_id not in allowed:
                made_under[run_id] = (task_id, revision)
        groups: dict[tuple[bytes, int], list[Seen]] = defaultdict(list)
        for one in self._witness.seen:
            if one.run_id in made_under and (one.run_id, one.attempt) not in lost and one.ended_at is not None:
                groups[made_under[one.run_id]].append(one)
        for attempts in groups.values():
            attempts.sort(key=lambda one: one.began_at)
            for first, second in itertools.pairwise(attempts):
                assert first.ended_at is not None
                assert first.ended_at <= second.began_at, (
                    f"runs {to_ulid(first.run_id)} and {to_ulid(second.run_id)} of one task overlap under skip"
                )

    async def _all_decided(self, task_id: TaskId) -> None:
        """What each revision's schedule names between its beginning and the next is what was decided, no more, no less."""
        row = await self._store.task_row(task_id, self._clock.now())
        if row is None:
            return  # a tombstone that the janitor has forgotten
        assert row.books is not None
        revisions = self._sql(
            "SELECT valid_from, schedule, deleted_at FROM every_revision WHERE task_id = ? ORDER BY revision", task_id
        )
        ends = [from_ms(later[0]) for later in revisions[1:]] + [row.books.seen_through]
        expected, since_edit, before = 0, 0, None
        for (start, text, deleted_at), end in zip(revisions, ends, strict=True):
            since_edit = since_edit if text == before else 0
            named = 0 if deleted_at is not None else _named(schedule_of(text), from_ms(start), end, since_edit)
            expected, since_edit, before = expected + named, since_edit + named, text
        assert row.books.decided == expected, (
            f"the schedules of {to_ulid(task_id)} name {expected} occurrences, {row.books.decided} are decided"
        )


def _named(schedule: Schedule, start: datetime, end: datetime, since_edit: int) -> int:
    found, due = 0, schedule.next_due(start)
    most = schedule.max_occurrences
    while due is not None and due <= end and (most is None or since_edit + found < most):
        found += 1
        due = schedule.next_due(due)
    return found
