"""The SQL store against a small model in plain dictionaries, through whatever order of calls hypothesis thinks of."""

from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from horarium.core.change import Change, to_deleted, to_draft, to_itself, to_paused, to_restored, to_resumed
from horarium.core.errors import AlreadyDecided, NotPossible, RunIsOpen
from horarium.core.ids import RunId, TaskId, WorkerId, stamped_id
from horarium.core.instants import to_ms
from horarium.core.outcome import Cancelled, Failed, HandedBack, Lost, Outcome, ShutDown, Succeeded, TimedOut
from horarium.core.override import Wish
from horarium.core.plan import Plan
from horarium.core.plan_overridden import plan_due
from horarium.core.policy import CatchUpMode, Keep, OverlapMode, Policy, Retry
from horarium.core.run import Reason, Run
from horarium.core.schedule.schedule import first_dues
from horarium.core.settle import LOSSES_MAX, Ending
from horarium.core.task import Draft, Task
from horarium.core.worker import Worker
from horarium.ports.store import Claim, Room
from horarium.stores.open import open_inline
from tests.making import T0, TZDATA, draft, every, policy
from tests.sizes import size

T = TypeVar("T")

MODES: tuple[OverlapMode, ...] = ("skip", "queue", "allow", "replace")
CATCH_UPS: tuple[CatchUpMode, ...] = ("latest", "all", "none")
SHAPES = (st.sampled_from(MODES), st.sampled_from([1, 7, 60, 50_000]), st.sampled_from(CATCH_UPS), st.booleans())
OUTCOMES: tuple[Outcome, ...] = (
    Succeeded(exit_status=0),
    Failed(reason="error", detail="no"),
    TimedOut(),
    Cancelled(),
    Lost(),
    HandedBack(),
    ShutDown(),
)
WORKERS = tuple(WorkerId(bytes([65 + n]) * 16) for n in range(2))


async def _nothing() -> None:
    """Neither waits nor fails."""


def now_or_never(call: Coroutine[Any, Any, T]) -> T:
    """An inline store with such hooks never waits, so its calls need no loop."""
    try:
        call.send(None)
    except StopIteration as answer:
        return answer.value  # type: ignore[no-any-return]
    raise AssertionError("the inline store waited")


@dataclass
class Row:
    """What the model knows of a run."""

    task: TaskId
    state: str = "waiting"
    behind: bool = False
    fence: int = 0
    attempt: int = 0
    lost: int = 0
    spent: int = 0
    asked: bool = False
    claim: Claim | None = None


@dataclass
class Kept:
    """What the model knows of a task."""

    task: Task
    holder: RunId | None = None
    runs: list[RunId] = field(default_factory=list)


class StoreMachine(RuleBasedStateMachine):
    """The model keeps states, fences, holders and queues; the books' own arithmetic is checked after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.store, self.sql = open_inline(_nothing, tzdata=TZDATA)
        self.now = T0
        self.tasks: dict[TaskId, Kept] = {}
        self.runs: dict[RunId, Row] = {}
        self.claims: list[Claim] = []
        self.plans: list[Plan] = []
        self.number = 0
        for worker in WORKERS:
            self.call(
                self.store.begin_worker(
                    Worker(id=worker, name="w", pools=(), slots=9, process_slots=9, version="0", started_at=T0)
                )
            )

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return now_or_never(coroutine)

    def fresh(self) -> bytes:
        self.number += 1
        return stamped_id(self.now, self.number.to_bytes(10, "big"))

    # The model's own rules

    def living(self) -> list[TaskId]:
        return [task_id for task_id, kept in self.tasks.items() if kept.task.deleted_at is None]

    def open_of(self, task_id: TaskId) -> list[RunId]:
        return sorted(run for run in self.tasks[task_id].runs if self.runs[run].state in ("waiting", "running"))

    def end(self, run_id: RunId, state: str) -> None:
        row = self.runs[run_id]
        row.state, row.behind = state, False
        kept = self.tasks[row.task]
        if kept.holder == run_id:
            behind = [run for run in self.open_of(row.task) if self.runs[run].behind]
            kept.holder = behind[0] if behind else None
            if behind:
                self.runs[behind[0]].behind = False

    def take_in(self, plan: Plan) -> None:
        kept = self.tasks[plan.before.task_id]
        if plan.replaces is not None:
            holder, kept.holder = kept.holder, None  # nobody inherits: all that wait end
            for run in self.open_of(plan.before.task_id):
                row = self.runs[run]
                if row.state == "waiting" and (row.behind or run == holder):
                    row.state, row.behind = "cancelled", False
                elif run == holder:
                    row.asked = True
                    kept.holder = holder
        for run_made in plan.runs:
            self.runs[run_made.id] = Row(task=run_made.task_id, behind=run_made.is_behind)
            kept.runs.append(run_made.id)
        if kept.task.policy.overlap != "allow":
            waiting = [run.id for run in plan.runs if not run.is_behind]
            if kept.holder is None and waiting:
                kept.holder = waiting[0]

    def took(self, claims: Any) -> None:
        for claim in claims:
            row = self.runs[claim.run.id]
            assert row.state == "waiting", "only what waits is claimed"
            assert not row.behind, "nothing is claimed that stands behind another"
            row.state, row.fence, row.attempt = "running", row.fence + 1, row.attempt + 1
            assert (claim.run.fence, claim.run.attempt) == (row.fence, row.attempt)
            row.claim = claim
            self.claims.append(claim)

    # What may happen

    @rule(seconds=st.sampled_from([0.001, 1, 5, 31, 3_600, 200_000]))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @initialize(made=st.lists(st.tuples(*SHAPES), min_size=1, max_size=3))
    def begin(self, made: list[tuple[OverlapMode, int, CatchUpMode, bool]]) -> None:
        for shape in made:
            self.create(*shape)

    @rule(mode=SHAPES[0], period=SHAPES[1], catch_up=SHAPES[2], patient=SHAPES[3])
    @precondition(lambda self: not self.living())
    def begin_again(self, mode: OverlapMode, period: int, catch_up: CatchUpMode, patient: bool) -> None:
        self.create(mode, period, catch_up, patient)

    def create(self, mode: OverlapMode, period: int, catch_up: CatchUpMode, patient: bool) -> None:
        task = self.defined(mode, period, catch_up, patient)
        self.call(self.store.add_tasks([task], self.now))
        self.tasks[task.id] = Kept(task)

    def defined(self, mode: OverlapMode, period: int, catch_up: CatchUpMode, patient: bool) -> Task:
        rules = replace(
            policy(mode, catch_up, max_runs=3),
            retry=Retry(max_attempts=2 if patient else 1, first_delay_seconds=1),
            on_lost="retry" if patient else "fail",
            keep=Keep(days=1, runs=4),
        )
        shape = draft(every(period, anchor=self.now), rules, name=f"task {self.number}")
        return Task(
            **{name: getattr(shape, name) for name in Draft.__dataclass_fields__},
            id=TaskId(self.fresh()),
            revision=1,
            created_at=self.now,
            created_by="ada",
            updated_at=self.now,
        )

    @rule(seconds=st.sampled_from([1, 7, 60, 50_000]), slots=st.sampled_from([None, 1, 5]))
    def go_on(self, seconds: int, slots: int | None) -> None:
        self.now += timedelta(seconds=seconds)
        self.plan(slots, keep_back=False)

    @rule()
    def look(self) -> None:
        self.plan(None, keep_back=True)

    def plan(self, slots: int | None, keep_back: bool) -> None:
        due = self.call(self.store.due(self.now, 100))
        plans = [
            plan for one in due if (plan := plan_due(one.task, one.cursor, self.now, TZDATA, one.overrides)) is not None
        ]
        assert len(plans) == len(due), "whatever is due can be planned"
        if keep_back:
            self.plans = plans
            return
        self.commit(plans, slots)

    @rule(slots=st.sampled_from([None, 3]))
    @precondition(lambda self: self.plans)
    def plan_late(self, slots: int | None) -> None:
        """Two schedulers: the plans of the slower one are from before whatever happened since."""
        plans, self.plans = self.plans, []
        self.commit(plans, slots)

    def commit(self, plans: list[Plan], slots: int | None) -> None:
        versions: dict[bytes, int] = dict(self.sql("SELECT task_id, version FROM cursors"))
        states = {run: row.state for run, row in self.runs.items()}
        room = None if slots is None else Room(worker_id=WORKERS[0], pools=(), slots=slots, process_slots=0)
        committed = self.call(self.store.commit_plans(plans, self.now, room))
        for plan in plans:
            task_id = plan.before.task_id
            stands = versions.get(task_id) == plan.before.version
            if plan.replaces is not None and stands:
                assert plan.before.holder is not None
                stands = (states[plan.before.holder] == "running") == plan.before.holder_running
            assert (task_id in committed.planned) == stands
            if stands:
                self.take_in(plan)
        self.took(committed.claims)
        assert len(committed.claims) <= (slots or 0)

    @rule(slots=st.integers(0, 3), worker=st.sampled_from(WORKERS))
    def claim(self, slots: int, worker: WorkerId) -> None:
        ready: dict[bytes, int] = dict(self.sql("SELECT id, ready_at FROM runs WHERE state = 'waiting'"))
        at = to_ms(self.now)
        able = [run for run, row in self.runs.items() if row.state == "waiting" and not row.behind and ready[run] <= at]
        claims = self.call(self.store.claim(Room(worker_id=worker, pools=(), slots=slots, process_slots=0), self.now))
        assert len(claims) == min(slots, len(able))
        self.took(claims)

    @rule(nth=st.integers(0, 2), outcome=st.sampled_from(OUTCOMES))
    @precondition(lambda self: self.held())
    def settle(self, nth: int, outcome: Outcome) -> None:
        held = self.held()
        self.report(held[nth % len(held)], outcome)

    @rule(nth=st.integers(0, 5), outcome=st.sampled_from(OUTCOMES))
    @precondition(lambda self: self.claims)
    def settle_late(self, nth: int, outcome: Outcome) -> None:
        """Any claim ever made: most of these reports are from before a later fence, or come twice."""
        self.report(self.claims[-1 - nth % len(self.claims)], outcome)

    def held(self) -> list[Claim]:
        return [row.claim for row in self.runs.values() if row.state == "running" and row.claim is not None]

    def report(self, claim: Claim, outcome: Outcome) -> None:
        row = self.runs.get(claim.run.id)
        holds = row is not None and row.state == "running" and row.fence == claim.run.fence
        before = None if row is None else (row.state, row.fence)
        answer = self.call(
            self.store.settle([Ending(run=claim.run, outcome=outcome, policy=claim.policy)], self.now)
        ).runs[0]
        if row is None or not holds:
            if answer is not None:
                assert before == (str(answer.state), answer.fence), "a refused report changes nothing"
            return
        assert answer is not None
        state = self.outcome_of(row, outcome, claim.policy)
        if state == "waiting":
            row.state = "waiting"
        else:
            self.end(claim.run.id, state)
        assert answer.state == state

    def outcome_of(self, row: Row, outcome: Outcome, rules: Policy) -> str:
        deleted = self.tasks[row.task].task.deleted_at is not None
        match outcome:
            case Succeeded():
                return "succeeded"
            case HandedBack():
                row.attempt -= 1
                return "cancelled" if deleted or row.asked else "waiting"
            case _ if row.asked:
                return "cancelled"
            case ShutDown():
                return "cancelled" if deleted else "failed" if rules.on_lost == "fail" else "waiting"
            case Lost():
                row.lost += 1
                over = deleted or rules.on_lost == "fail" or row.lost >= LOSSES_MAX
                return "failed" if over else "waiting"
            case Cancelled():
                return "cancelled"
            case Failed() | TimedOut():
                row.spent += 1
                return "failed" if deleted or row.spent >= rules.retry.max_attempts else "waiting"

    @rule(data=st.data())
    @precondition(lambda self: self.runs)
    def cancel(self, data: st.DataObject) -> None:
        run_id = data.draw(st.sampled_from(sorted(self.runs)))
        row = self.runs[run_id]
        if row.state not in ("waiting", "running"):
            with pytest.raises(NotPossible):
                self.call(self.store.cancel_run(run_id, Reason.CANCELLED_BY_USER, self.now))
            return
        self.call(self.store.cancel_run(run_id, Reason.CANCELLED_BY_USER, self.now))
        if row.state == "running":
            row.asked = True
        else:
            self.end(run_id, "cancelled")

    @rule(nth=st.integers(0, 2), mode=st.sampled_from(MODES), period=st.sampled_from([None, 1, 7]))
    @precondition(lambda self: self.living())
    def edit(self, nth: int, mode: OverlapMode, period: int | None) -> None:
        task_id = self.living()[nth % len(self.living())]
        old = self.tasks[task_id].task
        schedule = old.schedule if period is None else every(period, anchor=self.now)
        shape = replace(old.draft, policy=replace(old.policy, overlap=mode), schedule=schedule)
        self.change(task_id, Change(what="edited", by="bob", apply=to_draft(shape)))

    @rule(nth=st.integers(0, 2), what=st.sampled_from(["rest", "pause", "resume", "catch up", "delete"]))
    @precondition(lambda self: self.tasks)
    def alter(self, nth: int, what: str) -> None:
        task_id = sorted(self.tasks)[nth % len(self.tasks)]
        old = self.tasks[task_id].task
        if old.deleted_at is not None:
            what = "restore"
        apply, word = {
            "rest": (to_paused(self.now + timedelta(minutes=1), "tired"), "paused"),
            "pause": (to_paused(None, "tired"), "paused"),
            "resume": (to_resumed, "resumed"),
            "catch up": (to_resumed, "resumed"),
            "delete": (to_deleted, "deleted"),
            "restore": (to_restored(old.draft), "restored"),
        }[what]
        self.change(task_id, Change(what=word, by="bob", apply=apply, catch_up=what == "catch up"))

    @rule(
        nth=st.integers(0, 2),
        which=st.integers(0, 3),
        to=st.sampled_from([None, 1, 8, 90, 100_000]),
        undo=st.booleans(),
    )
    @precondition(lambda self: self.living())
    def override(self, nth: int, which: int, to: int | None, undo: bool) -> None:
        """One of the next occurrences is skipped or moved; undone where it was."""
        task_id = self.living()[nth % len(self.living())]
        due_at = first_dues(self.tasks[task_id].task.schedule, self.now, which + 1)[-1]
        rows = self.sql(
            "SELECT decided_at IS NOT NULL FROM overrides WHERE task_id = ? AND due_at = ?", task_id, to_ms(due_at)
        )
        undo = undo and bool(rows)
        moved_to = None if undo or to is None else self.now + timedelta(seconds=to)
        wish = Wish(due_at=due_at, moved_to=moved_to, undo=undo)
        # What the books hold as waiting may be due by now, and is decided before the wish is looked at.
        over = self.sql(
            "SELECT 1 FROM overrides WHERE task_id = ? AND due_at = ? AND (decided_at IS NOT NULL OR moved_to <= ?)",
            *(task_id, to_ms(due_at), to_ms(self.now)),
        )
        change = Change(what=wish.what, by="bob", apply=to_itself, wish=wish)
        if over:
            with pytest.raises(AlreadyDecided):
                self.call(self.store.change_task(task_id, None, change, self.now))
            return
        self.change(task_id, change)
        stands = self.sql("SELECT moved_to FROM overrides WHERE task_id = ? AND due_at = ?", task_id, to_ms(due_at))
        assert stands == ([] if undo else [(None if moved_to is None else to_ms(moved_to),)])

    def change(self, task_id: TaskId, change: Change) -> None:
        """The store plans up to now itself: what it made is read off its answer, what became of the rest is ours to know."""
        kept = self.tasks[task_id]
        before, was = set(kept.runs), kept.task
        answer = self.call(self.store.change_task(task_id, None, change, self.now))
        assert isinstance(answer.task, Task)
        if not answer.changed:
            assert answer.task == was
            self.adopt(task_id, was, was, [run for run in answer.runs if run.id not in before])
            return
        assert answer.task.revision == was.revision + 1
        self.adopt(task_id, was, answer.task, [run for run in answer.runs if run.id not in before])

    def adopt(self, task_id: TaskId, was: Task, new: Task, made: list[Run]) -> None:
        kept = self.tasks[task_id]
        kept.task = new
        # What was planned on the way follows the old rule; the plan itself is not seen here, only the books are.
        for run in made:
            self.runs[run.id] = Row(task=task_id)
            kept.runs.append(run.id)
        for run_id, state, behind, asked in self.sql(
            "SELECT id, state, is_behind, cancel_reason IS NOT NULL FROM runs WHERE task_id = ?", task_id
        ):
            row = self.runs[run_id]
            if row.state == "waiting" and state == "cancelled":
                row.state = "cancelled"
            row.behind, row.asked = behind == 1, asked == 1
            assert row.state == state
        kept.holder = self.sql("SELECT holder FROM cursors WHERE task_id = ?", task_id)[0][0]
        if new.deleted_at is not None:
            assert all(self.runs[run].state == "running" for run in self.open_of(task_id))
        if new.policy.overlap == "allow":
            assert kept.holder is None
            assert not any(self.runs[run].behind for run in self.open_of(task_id))
        elif was.policy.overlap == "allow" and was.deleted_at is None and self.open_of(task_id):
            running = [run for run in self.open_of(task_id) if self.runs[run].state == "running"]
            assert kept.holder == (running[-1] if running else self.open_of(task_id)[0])

    @rule(data=st.data(), allow=st.booleans())
    @precondition(lambda self: self.living())
    def run_now(self, data: st.DataObject, allow: bool) -> None:
        task_id = data.draw(st.sampled_from(self.living()))
        run_id = RunId(self.fresh())
        self.press(task_id, run_id, allow, self.store.run_now(task_id, run_id, self.now, "bob", allow=allow))

    @rule(data=st.data(), allow=st.booleans())
    @precondition(lambda self: self.runs)
    def run_again(self, data: st.DataObject, allow: bool) -> None:
        original = data.draw(st.sampled_from(sorted(self.runs)))
        row = self.runs[original]
        run_id = RunId(self.fresh())
        call = self.store.run_again(original, run_id, self.now, "bob", allow=allow)
        if row.state in ("waiting", "running") or self.tasks[row.task].task.deleted_at is not None:
            with pytest.raises(NotPossible):
                self.call(call)
            return
        self.press(row.task, run_id, allow, call)

    def press(self, task_id: TaskId, run_id: RunId, allow: bool, call: Coroutine[Any, Any, Any]) -> None:
        kept = self.tasks[task_id]
        mode = kept.task.policy.overlap
        behind = [run for run in self.open_of(task_id) if self.runs[run].behind]
        free = allow or mode == "allow"
        if not free and kept.holder is not None and (mode == "skip" or (mode == "queue" and behind)):
            with pytest.raises(RunIsOpen):
                self.call(call)
            return
        self.call(call)
        row = self.runs[run_id] = Row(task=task_id)
        kept.runs.append(run_id)
        if free:
            return
        if kept.holder is None:
            kept.holder = run_id
        elif mode == "queue":
            row.behind = True
        else:
            for run in behind:
                self.runs[run].state, self.runs[run].behind = "cancelled", False
            holder = self.runs[kept.holder]
            if holder.state == "running":
                holder.asked, row.behind = True, True
            else:
                holder.state, kept.holder = "cancelled", run_id

    @rule(limit=st.sampled_from([1, 3, 100]))
    def forget(self, limit: int) -> None:
        open_before = {run for run, row in self.runs.items() if row.state in ("waiting", "running")}
        count = self.call(self.store.forget(self.now, limit))
        assert count <= limit
        left = {run for (run,) in self.sql("SELECT id FROM runs")}
        assert open_before <= left, "an open run is never forgotten"
        for run_id in set(self.runs) - left:
            self.tasks[self.runs.pop(run_id).task].runs.remove(run_id)
        alive = {task for (task,) in self.sql("SELECT id FROM tasks")}
        for task_id in set(self.tasks) - alive:
            assert self.tasks.pop(task_id).task.deleted_at is not None

    # What must hold whenever somebody looks

    @invariant()
    def decided_is_runs_and_skips_and_forgotten(self) -> None:
        for task_id, decided, forgotten in self.sql("SELECT task_id, decided, forgotten FROM cursors"):
            runs = self.sql(
                "SELECT count(*) FROM runs WHERE task_id = ? AND cause IN ('schedule', 'catch_up')", task_id
            )[0][0]
            skipped = self.sql("SELECT coalesce(sum(count), 0) FROM skips WHERE task_id = ?", task_id)[0][0]
            assert decided == runs + skipped + forgotten

    @invariant()
    def the_books_are_as_the_model_says(self) -> None:
        found = {
            run: (state, fence, attempt, behind == 1, asked == 1)
            for run, state, fence, attempt, behind, asked in self.sql(
                "SELECT id, state, fence, attempt, is_behind, cancel_reason IS NOT NULL FROM runs"
            )
        }
        expected = {run: (row.state, row.fence, row.attempt, row.behind, row.asked) for run, row in self.runs.items()}
        assert found == expected, {
            run: (found.get(run), expected.get(run)) for run in found | expected if found.get(run) != expected.get(run)
        }

    @invariant()
    def cursors_count_their_queues(self) -> None:
        for task_id, holder, behind, open_skip in self.sql("SELECT task_id, holder, behind, open_skip FROM cursors"):
            waiting = [run for run in self.open_of(task_id) if self.runs[run].behind]
            assert behind == len(waiting)
            assert holder == self.tasks[task_id].holder
            assert holder is None or holder in self.open_of(task_id)
            if open_skip is not None:
                assert self.sql("SELECT 1 FROM skips WHERE id = ?", open_skip), "an open skip is in the books"

    @invariant()
    def overrides_are_counted_and_decided_once(self) -> None:
        for task_id, seen, counted in self.sql("SELECT task_id, seen_through, overrides FROM cursors"):
            rows = self.sql("SELECT due_at, decided_at FROM overrides WHERE task_id = ?", task_id)
            assert counted == sum(decided is None or due > seen for due, decided in rows)

    @invariant()
    def every_pin_is_in_the_books(self) -> None:
        assert not self.sql(
            "SELECT 1 FROM runs LEFT JOIN revisions USING (task_id) WHERE revisions.revision IS NULL "
            "UNION ALL SELECT 1 FROM runs WHERE NOT EXISTS (SELECT 1 FROM revisions WHERE revisions.task_id = runs.task_id "
            "AND revisions.revision = runs.task_revision)"
        )


StoreMachine.TestCase.settings = settings(
    max_examples=size(300, 3_000),
    stateful_step_count=size(40, 60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestStore = StoreMachine.TestCase
