"""What a plan decides, rule by rule, with every expected value written by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from horarium.core.cursor import Cursor, Skip
from horarium.core.ids import occurrence_run_id
from horarium.core.plan import Plan, Replaces, next_due, plan_close, plan_due, ready_at
from horarium.core.policy import CatchUpMode, OverlapMode
from horarium.core.run import RunState
from horarium.core.schedule.once import Once
from horarium.core.task import Pause, Task
from tests.making import MS, T0, TASK, TZDATA, at, cursor, every, policy, run_id, task

DAY = 86_400.0


def planned(of: Task, stands: Cursor, now: datetime, tzdata: str = TZDATA) -> Plan:
    plan = plan_due(of, stands, now, tzdata)
    assert plan is not None
    return plan


def seconds(instant: datetime) -> float:
    return (instant - T0).total_seconds()


def runs(plan: Plan) -> list[tuple[float, str, str]]:
    """(due, cause, where it stands) of every run."""
    found = []
    for run in plan.runs:
        is_holder = plan.after.holder == run.id
        where = "behind" if run.is_behind else "holder" if is_holder else "ready"
        found.append((seconds(run.due_at), run.cause.value, where))
    return found


def skips(plan: Plan) -> list[tuple[float, float, int, str]]:
    """(first, last, count, reason) of every skip row."""
    return [(seconds(s.first_due_at), seconds(s.last_due_at), s.count, s.reason.value) for s in plan.skips]


# One occurrence


def test_what_is_due_becomes_a_run_that_knows_all_of_it() -> None:
    of = task(every(60), pool="reports", priority=3, revision=7)
    plan = planned(of, cursor(of), at(60))
    (run,) = plan.runs
    assert (run.task_id, run.task_revision, run.pool, run.priority) == (TASK, 7, "reports", 3)
    assert (run.due_at, run.ready_at, run.expected_at) == (at(60), at(60), at(60))
    assert (run.state, run.attempt, run.spent, run.lost, run.fence) == (RunState.WAITING, 0, 0, 0, 0)
    assert run.id == occurrence_run_id(TASK, at(60))
    assert run.tzdata == TZDATA
    assert not run.needs_process


def test_the_cursor_moves_with_it() -> None:
    of = task(every(60))
    plan = planned(of, cursor(of, version=4, decided=10, since_edit=3, forgotten=2), at(61))
    after = plan.after
    assert (after.version, after.seen_through, after.next_due_at) == (5, at(61), at(120))
    assert (after.decided, after.since_edit, after.forgotten, after.behind) == (11, 4, 2, 0)
    assert (after.holder, after.holder_running) == (plan.runs[0].id, False)


def test_nothing_due_moves_the_cursor_alone() -> None:
    of = task(every(60))
    plan = planned(of, cursor(of), at(59.999))
    assert (plan.runs, plan.skips, plan.replaces) == ((), (), None)
    assert (plan.after.seen_through, plan.after.next_due_at, plan.after.decided) == (at(59.999), at(60), 0)


def test_what_was_seen_is_not_decided_again() -> None:
    of = task(every(60))
    assert runs(planned(of, cursor(of, at(60)), at(61))) == []


def test_a_clock_that_went_back_decides_nothing() -> None:
    of = task(every(60))
    assert plan_due(of, cursor(of, at(61)), at(60.999), TZDATA) is None


def test_a_deleted_task_has_no_occurrences() -> None:
    of = task(every(60), deleted_at=at(10))
    assert plan_due(of, cursor(of), at(600), TZDATA) is None
    assert plan_close(of, cursor(of), at(600), TZDATA) is None
    assert next_due(of, T0, 0) is None


# Late and missed


@pytest.mark.parametrize(("after", "cause"), [(0.0, "schedule"), (30.0, "schedule"), (30.001, "catch_up")])
def test_more_than_thirty_seconds_is_missed(after: float, cause: str) -> None:
    of = task(every(3_600))
    assert runs(planned(of, cursor(of), at(3_600 + after))) == [(3_600, cause, "holder")]


@pytest.mark.parametrize(
    ("after", "made", "skipped"),
    [(30.0, [(3_600, "schedule", "holder")], []), (30.001, [], [(3_600, 3_600, 1, "missed")])],
)
def test_without_catch_up_the_missed_one_is_skipped(
    after: float, made: list[tuple[float, str, str]], skipped: list[tuple[float, float, int, str]]
) -> None:
    of = task(every(3_600), policy(mode="none"))
    plan = planned(of, cursor(of), at(3_600 + after))
    assert (runs(plan), skips(plan)) == (made, skipped)


@dataclass(frozen=True)
class Case:
    """Occurrences every 10 s from 10 s on, planned at 65 s: 10, 20, 30 are missed, 40, 50, 60 late."""

    overlap: OverlapMode
    mode: CatchUpMode
    holder: str | None
    made: list[tuple[float, str, str]]
    skipped: list[tuple[float, float, int, str]]


@pytest.mark.parametrize(
    "case",
    [
        # latest: one run for the newest, which overlap judges like any other
        Case("skip", "latest", None, [(60, "schedule", "holder")], [(10, 50, 5, "coalesced")]),
        Case("skip", "latest", "running", [], [(10, 50, 5, "coalesced"), (60, 60, 1, "overlap")]),
        Case("queue", "latest", None, [(60, "schedule", "holder")], [(10, 50, 5, "coalesced")]),
        Case("queue", "latest", "running", [(60, "schedule", "behind")], [(10, 50, 5, "coalesced")]),
        Case("queue", "latest", "running and one behind", [], [(10, 60, 6, "coalesced")]),
        Case("allow", "latest", None, [(60, "schedule", "ready")], [(10, 50, 5, "coalesced")]),
        Case("replace", "latest", None, [(60, "schedule", "holder")], [(10, 50, 5, "coalesced")]),
        Case("replace", "latest", "waiting", [(60, "schedule", "holder")], [(10, 50, 5, "coalesced")]),
        Case("replace", "latest", "running", [(60, "schedule", "behind")], [(10, 50, 5, "coalesced")]),
        # all: oldest first, behind each other and behind a holder
        *[
            Case(
                overlap,
                "all",
                None,
                [
                    (10, "catch_up", "holder"),
                    (20, "catch_up", "behind"),
                    (30, "catch_up", "behind"),
                    (40, "schedule", "behind"),
                    (50, "schedule", "behind"),
                    (60, "schedule", "behind"),
                ],
                [],
            )
            for overlap in ("skip", "queue")
        ],
        *[
            Case(
                overlap,
                "all",
                "running and one behind",
                [
                    (10, "catch_up", "behind"),
                    (20, "catch_up", "behind"),
                    (30, "catch_up", "behind"),
                    (40, "schedule", "behind"),
                    (50, "schedule", "behind"),
                    (60, "schedule", "behind"),
                ],
                [],
            )
            for overlap in ("skip", "queue")
        ],
        Case(
            "allow",
            "all",
            None,
            [
                (10, "catch_up", "ready"),
                (20, "catch_up", "ready"),
                (30, "catch_up", "ready"),
                (40, "schedule", "ready"),
                (50, "schedule", "ready"),
                (60, "schedule", "ready"),
            ],
            [],
        ),
        Case("replace", "all", None, [(60, "schedule", "holder")], [(10, 50, 5, "coalesced")]),
        Case("replace", "all", "running", [(60, "schedule", "behind")], [(10, 50, 5, "coalesced")]),
        # none: the missed are skipped, overlap decides the late ones in due order
        Case("skip", "none", None, [(40, "schedule", "holder")], [(10, 30, 3, "missed"), (50, 60, 2, "overlap")]),
        Case("skip", "none", "waiting", [], [(10, 30, 3, "missed"), (40, 60, 3, "overlap")]),
        Case(
            "queue",
            "none",
            None,
            [(40, "schedule", "holder"), (50, "schedule", "behind")],
            [(10, 30, 3, "missed"), (60, 60, 1, "coalesced")],
        ),
        Case(
            "queue",
            "none",
            "running",
            [(40, "schedule", "behind")],
            [(10, 30, 3, "missed"), (50, 60, 2, "coalesced")],
        ),
        Case(
            "allow",
            "none",
            None,
            [(40, "schedule", "ready"), (50, "schedule", "ready"), (60, "schedule", "ready")],
            [(10, 30, 3, "missed")],
        ),
        Case("replace", "none", None, [(60, "schedule", "holder")], [(10, 30, 3, "missed"), (40, 50, 2, "coalesced")]),
        Case(
            "replace",
            "none",
            "running",
            [(60, "schedule", "behind")],
            [(10, 30, 3, "missed"), (40, 50, 2, "coalesced")],
        ),
    ],
    ids=lambda case: f"{case.overlap}, {case.mode}, holder {case.holder}",
)
def test_catch_up_and_overlap_with_missed_and_late_ones(case: Case) -> None:
    of = task(every(10), policy(case.overlap, case.mode))
    stands = cursor(
        of,
        holder=run_id(1) if case.holder else None,
        holder_running=case.holder is not None and case.holder.startswith("running"),
        behind=int(case.holder == "running and one behind"),
    )
    plan = planned(of, stands, at(65))
    assert (runs(plan), skips(plan)) == (case.made, case.skipped)
    assert plan.after.decided == 6


@pytest.mark.parametrize(
    ("overlap", "holder", "made", "skipped"),
    [
        ("skip", False, [(10, "schedule", "holder")], [(20, 30, 2, "overlap")]),
        ("skip", True, [], [(10, 30, 3, "overlap")]),
        ("queue", False, [(10, "schedule", "holder"), (20, "schedule", "behind")], [(30, 30, 1, "coalesced")]),
        ("queue", True, [(10, "schedule", "behind")], [(20, 30, 2, "coalesced")]),
        ("replace", False, [(30, "schedule", "holder")], [(10, 20, 2, "coalesced")]),
        ("replace", True, [(30, "schedule", "holder")], [(10, 20, 2, "coalesced")]),
        (
            "allow",
            False,
            [(10, "schedule", "ready"), (20, "schedule", "ready"), (30, "schedule", "ready")],
            [],
        ),
    ],
)
@pytest.mark.parametrize("mode", ["latest", "all", "none"])
def test_without_a_missed_one_overlap_alone_decides(
    overlap: OverlapMode,
    holder: bool,
    made: list[tuple[float, str, str]],
    skipped: list[tuple[float, float, int, str]],
    mode: CatchUpMode,
) -> None:
    of = task(every(10), policy(overlap, mode))
    plan = planned(of, cursor(of, holder=run_id(1) if holder else None), at(30))
    assert (runs(plan), skips(plan)) == (made, skipped)


# Window and limit


@pytest.mark.parametrize(
    ("now", "skipped"),
    [
        (60 + 3_600, [(120, 3_600, 59, "coalesced")]),
        (60 + 3_600.001, [(60, 60, 1, "too_old"), (120, 3_600, 59, "coalesced")]),
    ],
)
def test_what_is_older_than_the_window_is_too_old(now: float, skipped: list[tuple[float, float, int, str]]) -> None:
    of = task(every(60), policy(window_seconds=3_600))
    plan = planned(of, cursor(of, at(0 if len(skipped) == 2 else 60)), at(now))
    assert skips(plan) == skipped
    assert runs(plan) == [(3_660, "schedule", "holder")]


def test_exactly_as_old_as_the_window_is_not_too_old() -> None:
    of = task(every(60), policy(window_seconds=60))
    assert skips(planned(of, cursor(of), at(120))) == [(60, 60, 1, "coalesced")]
    assert skips(planned(of, cursor(of), at(120.001))) == [(60, 60, 1, "too_old")]


def test_everything_may_be_too_old() -> None:
    of = task(every(3_600), policy(window_seconds=60))
    plan = planned(of, cursor(of), at(3_600 * 3 + 61))
    assert (runs(plan), skips(plan)) == ([], [(3_600, 10_800, 3, "too_old")])


def test_none_too_judges_the_window_first() -> None:
    of = task(every(10), policy(mode="none", window_seconds=45))
    assert skips(planned(of, cursor(of), at(65))) == [
        (10, 10, 1, "too_old"),
        (20, 30, 2, "missed"),
        (50, 60, 2, "overlap"),
    ]


def test_all_runs_the_newest_and_skips_the_rest_as_limit() -> None:
    of = task(every(10), policy(mode="all", max_runs=2))
    plan = planned(of, cursor(of), at(65))
    assert runs(plan) == [(50, "schedule", "holder"), (60, "schedule", "behind")]
    assert skips(plan) == [(10, 40, 4, "limit")]
    assert plan.after.behind == 1


def test_all_at_its_limit_skips_nothing() -> None:
    of = task(every(10), policy(mode="all", max_runs=6))
    assert skips(planned(of, cursor(of), at(65))) == []


def test_a_window_before_a_limit() -> None:
    of = task(every(10), policy(mode="all", max_runs=1, window_seconds=45))
    plan = planned(of, cursor(of), at(65))
    assert skips(plan) == [(10, 10, 1, "too_old"), (20, 50, 4, "limit")]
    assert runs(plan) == [(60, "schedule", "holder")]


@pytest.mark.parametrize(
    ("mode", "skipped", "made"),
    [
        ("latest", [(1, 518_399, 518_399, "too_old"), (518_400, 604_799, 86_400, "coalesced")], 1),
        ("all", [(1, 518_399, 518_399, "too_old"), (518_400, 604_700, 86_301, "limit")], 100),
        (
            "none",
            [
                (1, 518_399, 518_399, "too_old"),
                (518_400, 604_769, 86_370, "missed"),
                (604_771, 604_800, 30, "overlap"),
            ],
            1,
        ),
    ],
)
def test_a_per_second_task_off_for_a_week_costs_at_most_three_skips(
    mode: CatchUpMode, skipped: list[tuple[float, float, int, str]], made: int
) -> None:
    of = task(every(1), policy(mode=mode))
    plan = planned(of, cursor(of), at(7 * DAY))
    assert skips(plan) == skipped
    assert len(plan.runs) == made
    assert plan.after.decided == 604_800


# Replace


@pytest.mark.parametrize(
    ("is_running", "behind", "replaces", "where"),
    [
        (False, 0, Replaces.WAITING, "holder"),
        (True, 0, Replaces.RUNNING, "behind"),
        (True, 1, Replaces.RUNNING, "behind"),
        (False, 3, Replaces.WAITING, "holder"),
    ],
)
def test_replace_says_what_it_replaces(is_running: bool, behind: int, replaces: Replaces, where: str) -> None:
    of = task(every(60), policy("replace"))
    plan = planned(of, cursor(of, holder=run_id(1), holder_running=is_running, behind=behind), at(60))
    assert plan.replaces is replaces
    assert runs(plan) == [(60, "schedule", where)]
    assert plan.after.behind == int(is_running)
    assert plan.after.holder == (run_id(1) if is_running else plan.runs[0].id)
    assert plan.after.holder_running == is_running


def test_replace_with_nothing_to_replace() -> None:
    of = task(every(60), policy("replace"))
    assert planned(of, cursor(of), at(60)).replaces is None


# Pause


def paused(until: float | None, since: float = 0) -> Task:
    return task(every(10), pause=Pause(at=at(since), until=None if until is None else at(until)))


def test_while_paused_nothing_is_decided() -> None:
    of = paused(None)
    assert plan_due(of, cursor(of), at(1_000), TZDATA) is None
    assert next_due(of, T0, 0) is None
    of = paused(100)
    assert plan_due(of, cursor(of), at(99.999), TZDATA) is None
    assert next_due(of, T0, 0) == at(100)


def test_before_until_is_paused_and_exactly_at_until_is_not() -> None:
    of = paused(30)
    plan = planned(of, cursor(of), at(30))
    assert skips(plan) == [(10, 20, 2, "paused")]
    assert runs(plan) == [(30, "schedule", "holder")]


def test_until_between_two_occurrences() -> None:
    of = paused(29.999)
    plan = planned(of, cursor(of), at(30))
    assert (skips(plan), runs(plan)) == ([(10, 20, 2, "paused")], [(30, "schedule", "holder")])


def test_what_was_due_at_the_start_of_the_pause_was_decided_before_it() -> None:
    before = task(every(10))
    plan = plan_close(before, cursor(before), at(10), TZDATA)
    assert plan is not None
    assert runs(plan) == [(10, "schedule", "holder")]
    of = paused(None, since=10)
    closed = plan_close(of, cursor(of, at(10)), at(20), TZDATA)
    assert closed is not None
    assert skips(closed) == [(20, 20, 1, "paused")]


def test_a_pause_that_ended_while_the_engine_was_off() -> None:
    of = paused(1_000)
    plan = planned(of, cursor(of), at(1_065))
    assert skips(plan) == [(10, 990, 99, "paused"), (1_000, 1_050, 6, "coalesced")]
    assert runs(plan) == [(1_060, "schedule", "holder")]


def test_resuming_skips_the_whole_stretch_as_paused() -> None:
    of = paused(None)
    plan = plan_close(of, cursor(of), at(1_000), TZDATA)
    assert plan is not None
    assert (skips(plan), runs(plan)) == ([(10, 1_000, 100, "paused")], [])


def test_resuming_with_catch_up_plans_it_as_if_the_engine_had_been_off() -> None:
    of = paused(None)
    plan = plan_close(of, cursor(of), at(1_000), TZDATA, catch_up=True)
    assert plan is not None
    assert skips(plan) == [(10, 990, 99, "coalesced")]
    assert runs(plan) == [(1_000, "schedule", "holder")]


def test_catch_up_reaches_back_only_to_the_last_change() -> None:
    of = paused(None)
    first = plan_close(of, cursor(of), at(500), TZDATA)
    assert first is not None
    assert skips(first) == [(10, 500, 50, "paused")]
    second = plan_close(of, first.after, at(1_000), TZDATA, catch_up=True)
    assert second is not None
    assert skips(second) == [(510, 990, 49, "coalesced")]


def test_resuming_after_the_pause_is_over_skips_only_what_was_paused() -> None:
    of = paused(30)
    plan = plan_close(of, cursor(of), at(40), TZDATA)
    assert plan is not None
    assert skips(plan) == [(10, 20, 2, "paused"), (40, 40, 1, "overlap")]
    assert runs(plan) == [(30, "schedule", "holder")]


def test_a_pause_that_was_over_at_once() -> None:
    of = paused(0)
    plan = planned(of, cursor(of), at(10))
    assert (skips(plan), runs(plan)) == ([], [(10, "schedule", "holder")])


# Bounds


def test_the_maximum_ends_the_task() -> None:
    of = task(every(60, max_occurrences=3))
    first = planned(of, cursor(of), at(120))
    assert (first.after.since_edit, first.after.next_due_at) == (2, at(180))
    last = planned(of, first.after, at(180))
    assert (last.after.since_edit, last.after.next_due_at) == (3, None)
    beyond = planned(of, last.after, at(1_000))
    assert (runs(beyond), skips(beyond), beyond.after.decided) == ([], [], 3)


def test_the_maximum_counts_skips() -> None:
    of = task(every(10, max_occurrences=3), policy())
    plan = planned(of, cursor(of, holder=run_id(1)), at(30))
    assert skips(plan) == [(10, 30, 3, "overlap")]
    assert plan.after.next_due_at is None


@pytest.mark.parametrize(
    ("maximum", "skipped", "made"),
    [
        (1, [], [(60, "catch_up", "holder")]),
        (2, [(60, 60, 1, "coalesced")], [(120, "catch_up", "holder")]),
        (59, [(60, 3_480, 58, "coalesced")], [(3_540, "catch_up", "holder")]),
        (60, [(60, 3_540, 59, "coalesced")], [(3_600, "schedule", "holder")]),
        (61, [(60, 3_540, 59, "coalesced")], [(3_600, "schedule", "holder")]),
    ],
)
def test_the_maximum_cuts_a_long_stretch_where_it_is_reached(
    maximum: int, skipped: list[tuple[float, float, int, str]], made: list[tuple[float, str, str]]
) -> None:
    of = task(every(60, max_occurrences=maximum))
    plan = planned(of, cursor(of), at(3_610))
    assert (skips(plan), runs(plan)) == (skipped, made)
    assert plan.after.since_edit == min(maximum, 60)


def test_the_maximum_is_reached_inside_a_pause() -> None:
    of = task(every(10, max_occurrences=4), pause=Pause(at=T0, until=at(1_000)))
    plan = planned(of, cursor(of), at(1_000))
    assert (skips(plan), runs(plan)) == ([(10, 40, 4, "paused")], [])
    assert (plan.after.since_edit, plan.after.next_due_at) == (4, None)


def test_the_maximum_is_reached_after_a_pause() -> None:
    of = task(every(10, max_occurrences=4), pause=Pause(at=T0, until=at(30)))
    plan = planned(of, cursor(of), at(60))
    assert skips(plan) == [(10, 20, 2, "paused"), (40, 40, 1, "overlap")]
    assert runs(plan) == [(30, "schedule", "holder")]


def test_the_maximum_is_compared_with_what_was_decided_since_the_edit() -> None:
    of = task(every(10, max_occurrences=3))
    plan = planned(of, cursor(of, decided=1_000, since_edit=2), at(25))
    assert runs(plan) == [(10, "schedule", "holder")]
    assert (plan.after.decided, plan.after.since_edit) == (1_001, 3)


def test_both_bounds_are_inclusive() -> None:
    of = task(every(10, starts_at=at(20), ends_at=at(40)), policy("allow"))
    plan = planned(of, cursor(of), at(50))
    assert [due for due, _, _ in runs(plan)] == [20, 30, 40]
    assert plan.after.next_due_at is None


def test_once_is_once() -> None:
    of = task(Once(kind="once", at=at(5)))
    plan = planned(of, cursor(of), at(5))
    assert runs(plan) == [(5, "schedule", "holder")]
    assert plan.after.next_due_at is None


# Jitter


def test_jitter_delays_the_start_and_never_reaches_the_next_occurrence() -> None:
    of = task(every(10, jitter_seconds=3_600), policy("allow", "all"))
    plan = planned(of, cursor(of), at(600))
    delays = [run.ready_at - run.due_at for run in plan.runs]
    assert len(delays) == 60
    assert all(timedelta() <= delay < timedelta(seconds=10) for delay in delays)
    assert len(set(delays)) > 30
    assert [run.expected_at for run in plan.runs] == [run.ready_at for run in plan.runs]


def test_jitter_is_stable_per_task_and_occurrence() -> None:
    of = task(every(3_600, jitter_seconds=600))
    assert ready_at(of, at(3_600)) == ready_at(task(every(3_600, jitter_seconds=600)), at(3_600))
    assert ready_at(of, at(3_600)) - at(3_600) != ready_at(of, at(7_200)) - at(7_200)


def test_lateness_is_judged_by_the_nominal_instant() -> None:
    of = task(every(3_600, jitter_seconds=600))
    assert runs(planned(of, cursor(of), at(3_630.001))) == [(3_600, "catch_up", "holder")]


# The open skip


def held() -> tuple[Task, Cursor]:
    of = task(every(10))
    return of, cursor(of, holder=run_id(1), holder_running=True)


def test_the_next_skip_of_the_same_kind_extends_the_row() -> None:
    of, stands = held()
    first = planned(of, stands, at(10))
    second = planned(of, first.after, at(25))
    assert skips(second) == [(10, 20, 2, "overlap")]
    assert second.skips[0].id == first.skips[0].id
    assert second.skips[0].decided_at == at(25)
    assert second.after.open_skip == second.skips[0]


def test_a_long_stretch_extends_the_row_by_all_of_it() -> None:
    of = task(every(10), policy("queue"))
    first = planned(of, cursor(of, holder=run_id(1), holder_running=True, behind=1), at(65))
    assert skips(first) == [(10, 60, 6, "coalesced")]
    second = planned(of, first.after, at(125))
    assert skips(second) == [(10, 120, 12, "coalesced")]
    assert (second.skips[0].id, second.after.decided) == (first.skips[0].id, 12)


def open_skip(plan: Plan) -> Skip:
    assert plan.after.open_skip is not None
    return plan.after.open_skip


@pytest.mark.parametrize("what", ["reason", "revision", "tzdata"])
def test_another_reason_revision_or_zone_database_begins_a_new_row(what: str) -> None:
    of, stands = held()
    first = planned(of, stands, at(10))
    match what:
        case "reason":
            second = planned(of, first.after, at(55))
            expected = [(20, 40, 3, "coalesced"), (50, 50, 1, "overlap")]
        case "revision":
            other = task(every(10), revision=2)
            second = planned(other, first.after, at(20))
            expected = [(20, 20, 1, "overlap")]
        case _:
            second = planned(of, first.after, at(20), "2027b")
            expected = [(20, 20, 1, "overlap")]
    assert skips(second) == expected
    assert open_skip(second).id != open_skip(first).id
    assert open_skip(second).tzdata == ("2027b" if what == "tzdata" else TZDATA)


def test_a_run_closes_the_open_skip() -> None:
    of, stands = held()
    first = planned(of, stands, at(10))
    free = planned(of, cursor(of, at(10), open_skip=open_skip(first)), at(20))
    assert runs(free) == [(20, "schedule", "holder")]
    assert free.after.open_skip is None
    again = planned(of, free.after, at(30))
    assert skips(again) == [(30, 30, 1, "overlap")]


def test_a_plan_that_decides_nothing_keeps_the_open_skip() -> None:
    of, stands = held()
    first = planned(of, stands, at(10))
    assert planned(of, first.after, at(15)).after.open_skip == first.skips[0]


# next_due


def test_next_due_respects_the_maximum_and_the_pause() -> None:
    limited = task(every(10, max_occurrences=2))
    assert next_due(limited, T0, 1) == at(10)
    assert next_due(limited, T0, 2) is None
    assert next_due(paused(25), T0, 0) == at(30)
    assert next_due(paused(30), T0, 0) == at(30)
    assert next_due(paused(30 + 0.001), T0, 0) == at(40)
    assert next_due(paused(30), at(50), 0) == at(60)


def test_milliseconds_are_the_grain() -> None:
    of = task(every(10))
    assert runs(planned(of, cursor(of), at(10) - MS)) == []
    assert runs(planned(of, cursor(of, at(10) - MS), at(10))) == [(10, "schedule", "holder")]
