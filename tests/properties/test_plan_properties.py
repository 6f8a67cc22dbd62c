"""Whatever the schedule, the policy and the moments of planning: every occurrence is decided once, and as the rules say."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, note
from hypothesis import settings as examples
from hypothesis import strategies as st

from horarium.core.change import changed, to_draft, to_itself, to_paused, to_resumed
from horarium.core.cursor import Skip
from horarium.core.errors import Conflict, NotFound
from horarium.core.ids import RunId, SkipId
from horarium.core.outcome import Succeeded
from horarium.core.override import Override, Wish, decided_at, is_decided
from horarium.core.plan import Plan, Replaces
from horarium.core.plan_overridden import plan_close, plan_due
from horarium.core.policy import CatchUp, Policy
from horarium.core.run import OF_OCCURRENCES, Reason, Run, RunState
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.schedule import Schedule
from horarium.core.settle import settle
from horarium.core.task import Task
from tests.making import MS, T0, TZDATA, at, cursor, draft, task
from tests.oracles.planner import Held, Rules, Verdict, verdicts
from tests.sizes import size

WALKED_MAX = 10_000
STEPS = (0, 0.001, 0.5, 1, 5, 10, 29.999, 30, 30.001, 31, 59, 60, 61, 200, 600)
DAYS = (3_600, 86_400, 400_000)
DENSE = 500
"""More occurrences than this in one step are walked only where a test is about that."""
CRONS = ("* * * * *", "*/7 * * * *", "*/10 * * * * *", "30 2,3 * * *", "15,45 12-14 * * MON", "0 0 * * *")

# Mostly whole, so that occurrences, plans and pauses meet exactly.
milliseconds = (st.sampled_from((0, 1_000, 10_000, 30_000)) | st.integers(0, 90_000)).map(
    lambda ms: timedelta(milliseconds=ms)
)


@st.composite
def bounds(draw: st.DrawFn) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        more["max_occurrences"] = draw(st.integers(1, 40))
    if draw(st.integers(0, 3)) == 0:
        more["starts_at"] = T0 + draw(milliseconds)
    if draw(st.integers(0, 3)) == 0:
        more["ends_at"] = at(90) + draw(milliseconds) * 100
    if draw(st.integers(0, 3)) == 0:
        more["jitter_seconds"] = draw(st.sampled_from((0.5, 1, 20, 4_000)))
    return more


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    more = draw(bounds())
    match draw(st.integers(0, 4)):
        case 0:
            return Once(kind="once", at=T0 + draw(milliseconds) * 50, **more)
        case 1:
            zone = draw(st.sampled_from(("UTC", "America/New_York", "Europe/Berlin")))
            return Cron(kind="cron", expression=draw(st.sampled_from(CRONS)), timezone=zone, **more)
        case _:
            seconds = draw(st.sampled_from((1, 1.001, 2, 7, 10, 29.999, 30, 30.001, 60, 3_600)))
            return Every(kind="every", seconds=seconds, anchor=T0 + draw(milliseconds), **more)


policies = st.builds(
    Policy,
    overlap=st.sampled_from(("skip", "queue", "allow", "replace")),
    catch_up=st.builds(
        CatchUp,
        mode=st.sampled_from(("latest", "all", "none")),
        window_seconds=st.sampled_from((30, 30.001, 31, 65, 600, 86_400)),
        max_runs=st.sampled_from((1, 2, 5, 30)),
    ),
)


@dataclass(frozen=True)
class Step:
    """`what` happens `after` seconds later."""

    after: float
    what: str
    schedule: Schedule | None = None
    rules: Policy | None = None
    pause: float | None = None
    nth: int = 0
    to: float = 0


steps = st.lists(
    st.builds(
        Step,
        after=st.sampled_from(STEPS + DAYS),
        what=st.sampled_from(
            (
                *("plan", "plan", "plan", "plan", "begin", "end", "edit", "pause", "resume", "resume catching up"),
                *("skip", "move", "move", "move", "undo"),
            )
        ),
        schedule=st.none() | schedules(),
        rules=st.none() | policies,
        pause=st.sampled_from((None, 0, 0.001, 1, 10, 30, 60, 600)),
        nth=st.integers(0, 7),
        to=st.sampled_from((0.001, 1, 7, 10, 30, 60, 61, 600, 100_000)),
    ),
    min_size=1,
    max_size=16,
)


def walk(schedule: Schedule, after: datetime, through: datetime) -> list[datetime]:
    found: list[datetime] = []
    while (due := schedule.next_due(after)) is not None and due <= through:
        found.append(after := due)
        assert len(found) <= WALKED_MAX, "more than this test can walk"
    return found


def first(schedule: Schedule, after: datetime, most: int) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(most):
        due = schedule.next_due(after)
        if due is None:
            break
        found.append(after := due)
    return found


def last_allowed(schedule: Schedule, after: datetime, most: int | None) -> datetime | None:
    """The last of the `most` occurrences after `after`, `after` itself where there is none; None: all are allowed."""
    if most is None:
        return None
    return [after, *first(schedule, after, most)][-1]


def instant(one: Override) -> datetime:
    """When it is decided, as the rules say it."""
    return max(one.due_at, one.at + MS) if one.moved_to is None else one.moved_to


class Books:
    """A store as small as can be: rows in dictionaries, and every promise of a plan checked as it is written."""

    def __init__(self, of: Task) -> None:
        self.task = of
        self.cursor = cursor(of)
        self.runs: dict[RunId, Run] = {}
        self.skips: dict[SkipId, Skip] = {}
        self.schedules = {of.revision: of.schedule}
        self.now = T0
        self.overrides: tuple[Override, ...] = ()
        self.last = last_allowed(of.schedule, T0, of.schedule.max_occurrences)

    # What happens

    def step(self, step: Step) -> None:
        after = timedelta(seconds=step.after)
        if step.after > STEPS[-1] and self.task.schedule.count(self.now, self.now + after) > DENSE:
            after = timedelta(seconds=STEPS[-1])
        self.now += after
        match step.what:
            case "plan":
                self.plan()
            case "begin":
                self.begin()
            case "end":
                self.end()
            case "edit":
                policy = step.rules or self.task.policy
                new = draft(step.schedule or self.task.schedule, policy)
                self.change(to_draft(new))
            case "pause":
                until = None if step.pause is None else self.now + timedelta(seconds=step.pause)
                self.change(to_paused(until, ""))
            case "skip" | "move" | "undo":
                self.override(step)
            case _:
                self.change(to_resumed, catch_up=step.what == "resume catching up")

    def plan(self) -> None:
        pause = self.task.pause
        asleep = pause is not None and not pause.over(self.now)
        plan = plan_due(self.task, self.cursor, self.now, TZDATA, self.standing())
        assert (plan is None) == asleep
        if plan is not None:
            self.judge(plan, paused=pause is not None)

    def standing(self) -> tuple[Override, ...]:
        """What the store would read for a plan."""
        seen = self.cursor.seen_through
        return tuple(one for one in self.overrides if one.decided_at is None or one.due_at > seen)

    def override(self, step: Step) -> None:
        """One of the next occurrences, or one that was overridden before, or an instant between two."""
        dues = [due for due in first(self.task.schedule, self.now, 4) if due not in self.rows()]
        dues += [one.due_at for one in self.overrides][-4:]
        dues.append((dues[0] if dues else self.now) + MS)
        due = dues[step.nth % len(dues)]
        to = self.now + timedelta(seconds=step.to) if step.what == "move" else None
        wish = Wish(due_at=due, moved_to=to, undo=step.what == "undo")
        row = self.rows().get(due)
        named = self.task.schedule.next_due(due - MS) == due and due <= (self.last or due)
        if is_decided(wish, self.overrides, self.now):
            assert row is None or row.decided_at is not None or instant(row) <= self.now
            self.plan()
            return
        refused = (row is None and not named) or (wish.undo and (row is None or due <= self.now))
        try:
            self.change(to_itself, wish=wish)
        except (Conflict, NotFound):
            assert refused
            return
        assert not refused
        kept = self.rows().get(due)
        assert (kept is None) == wish.undo
        assert kept is None or (kept.moved_to, kept.decided_at) == (to, None)

    def rows(self) -> dict[datetime, Override]:
        return {one.due_at: one for one in self.overrides}

    def change(self, apply: Any, *, catch_up: bool = False, wish: Wish | None = None) -> None:
        plan = plan_close(self.task, self.cursor, self.now, TZDATA, self.standing(), catch_up=catch_up)
        assert plan is not None
        self.judge(plan, paused=self.task.pause is not None and not catch_up)
        new = replace(apply(self.task, self.now), revision=self.task.revision + 1)
        after = changed(self.task, new, self.cursor, self.open_runs(), self.now, self.overrides, wish, "ada")
        if new.schedule != self.task.schedule:
            self.last = self.begun_anew(new.schedule)
        if wish is None:
            assert after.overrides == tuple(one for one in self.overrides if self.outlives(one, new.schedule))
        self.overrides = after.overrides
        for run in after.runs:
            self.runs[run.id] = run
        assert after.cursor.seen_through == self.now
        assert after.cursor.decided == self.cursor.decided
        self.task, self.cursor = new, after.cursor
        self.schedules[new.revision] = new.schedule

    def begun_anew(self, schedule: Schedule) -> datetime | None:
        """The last occurrence that max_occurrences allows from now on: what was moved past now is one of them already, what was
        decided ahead of now is not one of them any more."""
        most = schedule.max_occurrences
        if most is not None:
            most -= sum(one.decided_at is None and one.due_at <= self.now for one in self.overrides)
            ahead = [one for one in self.overrides if one.decided_at is not None and one.due_at > self.now]
            most += sum(schedule.next_due(one.due_at - MS) == one.due_at for one in ahead)
        return last_allowed(schedule, self.now, most)

    def outlives(self, one: Override, schedule: Schedule) -> bool:
        if one.decided_at is not None or one.due_at <= self.now:
            return True
        return schedule.next_due(one.due_at - MS) == one.due_at and one.due_at <= (self.last or one.due_at)

    def begin(self) -> None:
        for run in self.open_runs():
            if run.state is RunState.WAITING and not run.is_behind and run.ready_at <= self.now:
                self.runs[run.id] = replace(run, state=RunState.RUNNING, attempt=1, first_started_at=self.now)
                if run.id == self.cursor.holder:
                    self.cursor = replace(self.cursor, holder_running=True)
                return

    def end(self) -> None:
        for run in self.open_runs():
            if run.state is RunState.RUNNING:
                self.runs[run.id] = settle(run, Succeeded(), self.task.policy, self.now).after
                if run.id == self.cursor.holder:
                    behind = [other for other in self.open_runs() if other.is_behind]
                    if behind:
                        self.runs[behind[0].id] = replace(behind[0], is_behind=False)
                    self.cursor = replace(
                        self.cursor,
                        holder=behind[0].id if behind else None,
                        holder_running=False,
                        behind=max(0, len(behind) - 1),
                    )
                return

    def open_runs(self) -> list[Run]:
        return sorted((run for run in self.runs.values() if run.state.open), key=lambda run: run.id)

    # What must be true

    def judge(self, plan: Plan, *, paused: bool) -> None:
        before, schedule, rules = self.cursor, self.task.schedule, self.task.policy
        rows = self.rows()
        overridden = [one for one in self.overrides if one.decided_at is None and instant(one) <= self.now]
        when = {due: due for due in walk(schedule, before.seen_through, self.now) if due not in rows}
        when = {due: due for due in when if self.last is None or due <= self.last}
        when |= {one.due_at: instant(one) for one in overridden}
        held = Held(before.holder is not None, before.holder_running, before.behind)
        expected = verdicts(
            sorted(when, key=lambda due: (when[due], due)),
            self.now,
            Rules(rules.overlap, rules.catch_up.mode, rules.catch_up.window, rules.catch_up.max_runs),
            held,
            left=None,
            paused=paused,
            until=self.task.pause.until if self.task.pause is not None else None,
            moved=when,
            skipped={one.due_at for one in overridden if one.moved_to is None},
        )
        note(f"{self.now}: {len(expected)} occurrences")
        assert self.read(plan) == expected
        after = plan.after
        assert (after.holder is not None, after.holder_running, after.behind) == (
            held.present,
            held.running,
            held.behind,
        )
        assert after.decided - before.decided == after.since_edit - before.since_edit == len(expected)
        assert (after.seen_through, after.version) == (self.now, before.version + 1)
        assert set(plan.overridden) == {one.due_at for one in overridden}
        self.write(plan)

    def spread(self, skip: Skip) -> list[datetime]:
        """Its occurrences: an overridden one alone in a row of its own, else all that are not overridden."""
        rows = self.rows()
        if skip.first_due_at in rows:
            assert skip.count == 1
            return [skip.first_due_at]
        dues = walk(self.schedules[skip.task_revision], skip.first_due_at - MS, skip.last_due_at)
        return [due for due in dues if due not in rows]

    def read(self, plan: Plan) -> list[Verdict]:
        """What the plan says of each occurrence, its skips spread out again by the schedule's own walk."""
        said = []
        for skip in plan.skips:
            spread = self.spread(skip)
            assert spread[0] == skip.first_due_at
            assert spread[-1] == skip.last_due_at
            assert len(spread) == skip.count
            earlier = self.skips.get(skip.id)
            if earlier is not None:
                assert plan.before.open_skip == earlier
                assert earlier.first_due_at == skip.first_due_at
                spread = spread[earlier.count :]
            said += [Verdict(due, skip.reason.value) for due in spread]
        for run in plan.runs:
            place = "behind" if run.is_behind else "free" if self.task.policy.overlap == "allow" else "holder"
            said.append(Verdict(run.due_at, run.cause.value, place))
            row = self.rows().get(run.due_at)
            begins = run.due_at if row is None else instant(row)
            following = self.task.schedule.next_due(begins)
            assert begins <= run.ready_at
            assert following is None or run.ready_at < following
            assert run.expected_at == run.ready_at
        return sorted(said, key=lambda verdict: verdict.due)

    def write(self, plan: Plan) -> None:
        holder_was_running = self.cursor.holder_running
        assert plan.before == self.cursor
        if plan.replaces is not None:
            assert holder_was_running == (plan.replaces is Replaces.RUNNING)
            for run in self.open_runs():
                if run.state is RunState.WAITING and (run.is_behind or run.id == self.cursor.holder):
                    self.runs[run.id] = replace(run, state=RunState.CANCELLED, reason=Reason.REPLACED, is_behind=False)
                elif run.id == self.cursor.holder:
                    self.runs[run.id] = replace(run, cancel_reason=Reason.REPLACED)
        for run in plan.runs:
            assert run.id not in self.runs, "an occurrence is decided once"
            self.runs[run.id] = run
        for skip in plan.skips:
            self.skips[skip.id] = skip
        self.cursor = plan.after
        self.overrides = decided_at(self.overrides, plan.overridden, self.now)

    def check(self) -> None:
        of_occurrences = [run for run in self.runs.values() if run.cause in OF_OCCURRENCES]
        skipped = sum(skip.count for skip in self.skips.values())
        assert self.cursor.decided == len(of_occurrences) + skipped
        assert self.cursor.behind == sum(run.is_behind for run in self.open_runs())
        holder = self.runs[self.cursor.holder] if self.cursor.holder is not None else None
        assert holder is None or (holder.state.open and not holder.is_behind)
        assert self.cursor.holder_running == (holder is not None and holder.state is RunState.RUNNING)
        assert holder is not None or self.cursor.behind == 0, "nobody waits for nobody"
        if self.task.policy.overlap == "allow":
            assert holder is None
        decided = self.decided_dues()
        assert len(decided) == len(set(decided)) == self.cursor.decided
        seen = self.cursor.seen_through
        assert all(due <= seen or due in self.rows() for due in decided)
        for one in self.overrides:
            assert (one.due_at in decided) == (one.decided_at is not None)
        assert self.cursor.overrides == len(self.standing())
        upcoming = self.cursor.next_due_at
        assert upcoming is None or upcoming > seen
        if self.task.pause is None:
            assert upcoming == self.upcoming()

    def upcoming(self) -> datetime | None:
        waiting = [instant(one) for one in self.overrides if one.decided_at is None]
        dues = first(self.task.schedule, self.cursor.seen_through, len(self.overrides) + 1)
        plain = [due for due in dues if due not in self.rows()]
        allowed = [due for due in plain if self.last is None or due <= self.last]
        return min(waiting + allowed[:1], default=None)

    def decided_dues(self) -> list[datetime]:
        dues = [run.due_at for run in self.runs.values() if run.cause in OF_OCCURRENCES]
        for skip in self.skips.values():
            dues += self.spread(skip)
        return sorted(dues)


@given(schedules(), policies, steps)
@examples(max_examples=size(200, 10_000), deadline=None)
def test_every_occurrence_is_decided_as_the_rules_say(schedule: Schedule, rules: Policy, history: list[Step]) -> None:
    books = Books(task(schedule, rules))
    for step in history:
        books.step(step)
        books.check()


@given(schedules(), policies, st.lists(st.sampled_from(STEPS + DAYS), min_size=1, max_size=15))
@examples(max_examples=size(200, 10_000), deadline=None)
def test_one_big_step_and_many_small_ones_decide_the_same_occurrences(
    schedule: Schedule, rules: Policy, pauses: list[float]
) -> None:
    big, small = Books(task(schedule, rules)), Books(task(schedule, rules))
    for pause in pauses:
        small.step(Step(pause, "plan"))
    big.now = small.now
    big.plan()
    expected = walk(schedule, T0, small.now)[: schedule.max_occurrences]
    assert small.decided_dues() == big.decided_dues() == expected
    assert small.cursor.next_due_at == big.cursor.next_due_at


wishes = st.lists(
    st.builds(
        Step,
        after=st.just(0.0),
        what=st.sampled_from(("skip", "move", "move")),
        nth=st.integers(0, 3),
        to=st.sampled_from((0.001, 1, 7, 10, 30, 60, 61, 600, 100_000)),
    ),
    min_size=1,
    max_size=6,
)


@given(schedules(), policies, wishes, st.lists(st.sampled_from(STEPS + DAYS), min_size=1, max_size=15))
@examples(max_examples=size(200, 10_000), deadline=None)
def test_so_they_do_with_skipped_and_moved_ones(
    schedule: Schedule, rules: Policy, asked: list[Step], pauses: list[float]
) -> None:
    """Each decides the same occurrences, those that were moved once their time has come."""
    big, small = Books(task(schedule, rules)), Books(task(schedule, rules))
    for step in asked:
        big.step(step)
        small.step(step)
    for pause in pauses:
        small.step(Step(pause, "plan"))
        small.check()
    big.now = small.now
    big.plan()
    big.check()
    rows = {one.due_at: instant(one) for one in big.overrides}
    named = walk(schedule, T0, max([small.now, *rows]))[: schedule.max_occurrences]
    expected = [due for due in named if rows.get(due, due) <= small.now]
    assert small.decided_dues() == big.decided_dues() == expected
    assert small.cursor.next_due_at == big.cursor.next_due_at


@given(schedules(), policies, st.sampled_from(STEPS), st.sampled_from(STEPS))
@examples(max_examples=size(200, 10_000), deadline=None)
def test_a_clock_that_went_back_decides_nothing(schedule: Schedule, rules: Policy, forward: float, back: float) -> None:
    books = Books(task(schedule, rules))
    books.step(Step(forward, "plan"))
    before = books.cursor
    if back > 0:
        assert plan_due(books.task, before, books.now - timedelta(seconds=back), TZDATA, ()) is None
    again = plan_due(books.task, before, books.now, TZDATA, ())
    assert again is not None
    assert (again.runs, again.skips, again.after.decided) == ((), (), before.decided)


@given(policies, st.booleans(), st.booleans(), st.integers(0, 3))
@examples(max_examples=size(100, 2_000), deadline=None)
def test_a_week_of_a_per_second_task_costs_at_most_three_skips(
    rules: Policy, held: bool, is_running: bool, behind: int
) -> None:
    of = task(Every(kind="every", seconds=1, anchor=T0), rules)
    holder = RunId(b"H" * 16) if held and rules.overlap != "allow" else None
    stands = cursor(
        of, holder=holder, holder_running=holder is not None and is_running, behind=behind if holder is not None else 0
    )
    plan = plan_due(of, stands, at(604_800), TZDATA, ())
    assert plan is not None
    assert len(plan.skips) <= 3
    assert sum(skip.count for skip in plan.skips) + len(plan.runs) == plan.after.decided == 604_800
