"""The promises, checked on a simulated world's books and on what its actions saw."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from horarium.core.ids import RunId, TaskId, occurrence_run_id, skip_id, to_ulid
from horarium.core.instants import MILLISECOND, from_ms
from horarium.core.schedule.schedule import Schedule
from horarium.core.schedule.shared_lists import bare
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

OUTDATED = """
SELECT t.id FROM tasks t, json_each(t.schedule, '$.except') AS e
WHERE t.deleted_at IS NULL AND e.value ->> 'kind' = 'calendar'
  AND e.value ->> 'version' IS NOT (
    SELECT c.version FROM calendars c WHERE c.name = e.value ->> 'name' AND c.deleted = 0 ORDER BY c.version DESC LIMIT 1)"""

Sql: TypeAlias = Callable[..., Sequence[tuple[Any, ...]]]

ENDED = ("succeeded", "failed", "cancelled")
HISTORY = (
    (
        "CREATE TABLE every_revision (task_id BLOB, revision INTEGER, valid_from INTEGER, schedule TEXT, "
        "policy TEXT, deleted_at INTEGER)"
    ),
    (
        "CREATE TRIGGER revision_made AFTER INSERT ON revisions BEGIN INSERT INTO every_revision VALUES "
        "(NEW.task_id, NEW.revision, NEW.valid_from, NEW.schedule, NEW.policy, NEW.deleted_at); END"
    ),
    (
        "CREATE TABLE every_override (n INTEGER PRIMARY KEY, what TEXT, task_id BLOB, due_at INTEGER, moved_to INTEGER, "
        "at INTEGER)"
    ),
    (
        "CREATE TRIGGER override_put AFTER INSERT ON overrides BEGIN INSERT INTO every_override "
        "(what, task_id, due_at, moved_to, at) VALUES ('put', NEW.task_id, NEW.due_at, NEW.moved_to, NEW.created_at); END"
    ),
    (
        "CREATE TRIGGER override_moved AFTER UPDATE OF moved_to ON overrides BEGIN INSERT INTO every_override "
        "(what, task_id, due_at, moved_to, at) VALUES ('put again', NEW.task_id, NEW.due_at, NEW.moved_to, NEW.created_at); END"
    ),
    (
        "CREATE TRIGGER override_decided AFTER UPDATE OF decided_at ON overrides BEGIN INSERT INTO every_override "
        "(what, task_id, due_at, moved_to, at) VALUES ('decided', NEW.task_id, NEW.due_at, NEW.moved_to, NEW.decided_at); END"
    ),
    (
        "CREATE TRIGGER override_gone AFTER DELETE ON overrides WHEN OLD.decided_at IS NULL BEGIN INSERT INTO every_override "
        "(what, task_id, due_at, moved_to, at) VALUES ('gone', OLD.task_id, OLD.due_at, OLD.moved_to, "
        "(SELECT seen_through FROM cursors WHERE task_id = OLD.task_id)); END"
    ),
    "CREATE TABLE every_skip (id BLOB, task_id BLOB, first_due_at INTEGER, count INTEGER, reason TEXT)",
    (
        "CREATE TRIGGER skip_made AFTER INSERT ON skips BEGIN INSERT INTO every_skip VALUES "
        "(NEW.id, NEW.task_id, NEW.first_due_at, NEW.count, NEW.reason); END"
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
"""The database itself writes down every move of every run, every revision, override and skip, so that no statement can hide
one."""


@dataclass(slots=True)
class Overridden:
    """The life of one override: from `put` on, until it was `decided` or `gone` (or neither yet)."""

    due: datetime
    put: datetime
    moved_to: datetime | None
    decided: datetime | None = None
    gone: datetime | None = None

    @property
    def passed(self) -> bool:
        """Whether the cursor passes its due_at without deciding it: unless it was gone before."""
        return self.gone is None or self.due <= self.gone

    def waits_at(self, instant: datetime) -> bool:
        ended = self.decided or self.gone
        return self.put <= instant and (ended is None or ended > instant)

    def decided_by(self, instant: datetime) -> bool:
        return self.decided is not None and self.decided <= instant


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

    async def unfinished(self) -> int:
        """What calm ends: open runs, and tasks that a changed calendar has not come to yet."""
        return await self.open_runs() + len(self._sql(OUTDATED))

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
        assert not self._sql(OUTDATED), "a changed calendar never came to some tasks"
        self._settled_once()
        self._succeeded_truly()
        await self._nothing_overlaps(allowed)
        for task_id in tasks:
            self._overridden_once(task_id)
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
        # A retry obeys what held when it was asked for, whatever revision it carries out.
        for run_id, task_id, revision, policy in self._sql(
            "SELECT r.id, r.task_id, r.task_revision, CASE WHEN r.cause <> 'retry' THEN v.policy ELSE "
            "coalesce((SELECT o.policy FROM revisions o WHERE o.task_id = r.task_id AND o.valid_from <= h.ready_at "
            "ORDER BY o.revision DESC LIMIT 1), '') END "
            "FROM runs r JOIN revisions v ON v.task_id = r.task_id AND v.revision = r.task_revision "
            "JOIN history h ON h.id = r.id AND h.was IS NULL"
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
        lives = self._overrides(task_id)
        passed = {life.due for life in lives if life.passed}
        plain, rule_began, plain_before = 0, from_ms(revisions[0][0]), 0
        before: Schedule | None = None
        for (start_ms, text, deleted_at), end in zip(revisions, ends, strict=True):
            start, schedule = from_ms(start_ms), schedule_of(text)
            if bare(schedule) != before:
                rule_began, plain_before = start, plain
            before = bare(schedule)
            if deleted_at is not None:
                continue
            # What max_occurrences has let pass: decided since the rule changed, and what the cursor passed undecided.
            used = plain - plain_before
            used += sum(life.decided_by(start) and not life.decided_by(rule_began) for life in lives)
            used += sum(life.waits_at(start) and life.due <= start for life in lives)
            ahead = [life.due for life in lives if life.decided_by(start) and life.due > start]
            used -= sum(schedule.next_due(due - MILLISECOND) == due for due in ahead)
            plain += sum(due not in passed for due in _named(schedule, start, end, used))
        expected = plain + sum(life.decided is not None for life in lives)
        assert row.books.decided == expected, (
            f"the schedules of {to_ulid(task_id)} name {expected} occurrences, {row.books.decided} are decided"
        )

    def _overrides(self, task_id: TaskId) -> list[Overridden]:
        lives: list[Overridden] = []
        current: dict[int, Overridden] = {}
        for what, due_at, moved_to, at in self._sql(
            "SELECT what, due_at, moved_to, at FROM every_override WHERE task_id = ? ORDER BY n", task_id
        ):
            to = None if moved_to is None else from_ms(moved_to)
            if what == "put":
                current[due_at] = Overridden(from_ms(due_at), from_ms(at), to)
                lives.append(current[due_at])
            elif what == "put again":
                assert current[due_at].decided is None, (
                    f"an override of {to_ulid(task_id)} changed after it was decided"
                )
                current[due_at].moved_to = to
            elif what == "decided":
                assert current[due_at].decided is None, f"an override of {to_ulid(task_id)} was decided twice"
                current[due_at].decided = from_ms(at)
            else:
                current[due_at].gone = from_ms(at)
        return lives

    def _overridden_once(self, task_id: TaskId) -> None:
        """A decided override is in the books once: as a run that was not ready before it was moved to, or a skip of its own."""
        for life in self._overrides(task_id):
            if life.decided is None:
                continue
            name = f"the occurrence {life.due} of {to_ulid(task_id)}"
            made = self._sql(
                "SELECT ready_at FROM history WHERE id = ? AND was IS NULL", occurrence_run_id(task_id, life.due)
            )
            own = self._sql("SELECT reason FROM every_skip WHERE id = ? AND count = 1", skip_id(task_id, life.due))
            assert len(made) + len(own) == 1, f"{name} is in the books {len(made)} times as a run, {len(own)} as a skip"
            if life.moved_to is None:
                assert own == [("skipped_by_user",)], f"{name} was skipped by a person"
            elif made:
                assert from_ms(made[0][0]) >= life.moved_to, f"{name} is ready before it was moved to"
                assert life.decided >= life.moved_to


def _named(schedule: Schedule, start: datetime, end: datetime, used: int) -> list[datetime]:
    found: list[datetime] = []
    due, most = schedule.next_due(start), schedule.max_occurrences
    while due is not None and due <= end and (most is None or used + len(found) < most):
        found.append(due)
        due = schedule.next_due(due)
    return found
