"""Skipped and moved occurrences: what is decided when, and what a change makes of them. Expected values are written by hand."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from horarium.core.change import Changed, changed, to_deleted, to_draft, to_itself, to_paused
from horarium.core.cursor import Cursor
from horarium.core.errors import BadValue, NoOccurrence, NotFound, NotPossible
from horarium.core.ids import occurrence_run_id, skip_id
from horarium.core.override import OVERRIDES_MAX, Override, Wish, first_dues, is_decided
from horarium.core.plan import Plan
from horarium.core.plan_overridden import next_due, plan_close, plan_due
from horarium.core.policy import OverlapMode, Policy
from horarium.core.run import Cause, Reason, RunState
from horarium.core.schedule.cron import Cron
from horarium.core.task import Pause, Task
from tests.making import MS, T0, TASK, TZDATA, a_run, at, cursor, draft, every, policy, run_id, task


def override(due: float, to: float | None = None, *, put: float = 0, decided: float | None = None) -> Override:
    return Override(
        task_id=TASK,
        due_at=at(due),
        moved_to=None if to is None else at(to),
        by="ada",
        at=at(put),
        decided_at=None if decided is None else at(decided),
    )


def stands(of: Task, overrides: list[Override], seen: float = 0, **more: object) -> Cursor:
    due = next_due(of, at(seen), int(str(more.get("since_edit", 0))), overrides)
    return cursor(of, at(seen), next_due_at=due, overrides=len(overrides), **more)


def planned(of: Task, overrides: list[Override], now: float, seen: float = 0, **more: object) -> Plan:
    plan = plan_due(of, stands(of, overrides, seen, **more), at(now), TZDATA, overrides)
    assert plan is not None
    return plan


def seconds(instant: datetime | None) -> float | None:
    return None if instant is None else (instant - T0).total_seconds()


def runs(plan: Plan) -> list[tuple[float | None, float | None, str]]:
    """(due, ready, cause) of every run."""
    return [(seconds(run.due_at), seconds(run.ready_at), run.cause.value) for run in plan.runs]


def skips(plan: Plan) -> list[tuple[float | None, float | None, int, str]]:
    return [(seconds(s.first_due_at), seconds(s.last_due_at), s.count, s.reason.value) for s in plan.skips]


FREE = policy("allow")


# One occurrence


def test_a_moved_occurrence_runs_when_it_was_moved_to_and_keeps_its_name() -> None:
    of, moved = task(every(60)), [override(60, 90)]
    assert stands(of, moved).next_due_at == at(90)
    passed = planned(of, moved, 89)
    assert (runs(passed), skips(passed), passed.overridden) == ([], [], ())
    assert (passed.after.seen_through, passed.after.next_due_at, passed.after.overrides) == (at(89), at(90), 1)
    plan = planned(of, moved, 90, seen=89)
    (run,) = plan.runs
    assert (run.due_at, run.ready_at, run.expected_at, run.cause) == (at(60), at(90), at(90), Cause.SCHEDULE)
    assert run.id == occurrence_run_id(TASK, at(60))
    assert plan.overridden == (at(60),)
    assert (plan.after.decided, plan.after.since_edit, plan.after.overrides) == (1, 1, 0)
    assert plan.after.next_due_at == at(120)


def test_a_skipped_occurrence_is_a_skip_of_its_own_when_it_is_due() -> None:
    of, skipped = task(every(60)), [override(60)]
    assert stands(of, skipped).next_due_at == at(60)
    plan = planned(of, skipped, 60)
    assert (runs(plan), skips(plan)) == ([], [(60, 60, 1, "skipped_by_user")])
    assert plan.skips[0].id == skip_id(TASK, at(60))
    assert (plan.after.decided, plan.after.open_skip, plan.after.next_due_at) == (1, None, at(120))


def test_moved_ahead_it_is_decided_once_although_the_cursor_passes_its_instant_later() -> None:
    of, moved = task(every(60), FREE), [override(120, 30)]
    first = planned(of, moved, 30)
    assert runs(first) == [(120, 30, "schedule")]
    assert (first.after.next_due_at, first.after.overrides) == (at(60), 1)
    decided = [override(120, 30, decided=30)]
    second = plan_due(of, first.after, at(130), TZDATA, decided)
    assert second is not None
    assert runs(second) == [(60, 60, "catch_up")], "60 is 70 s late, 120 is in the books"
    assert (second.after.decided, second.after.next_due_at, second.after.overrides) == (2, at(180), 0)


def test_both_sequences_are_walked_by_instant_and_then_by_due_at() -> None:
    of = task(every(10), FREE)
    plan = planned(of, [override(10, 20), override(30, 20), override(40, 15)], 20)
    assert [due for due, _, _ in runs(plan)] == [40, 10, 20, 30]
    assert [ready for _, ready, _ in runs(plan)] == [15, 20, 20, 20]


def test_lateness_counts_from_where_it_was_moved_to() -> None:
    of = task(every(3_600))
    moved = [override(3_600, 5_000)]
    assert runs(planned(of, moved, 5_030)) == [(3_600, 5_000, "schedule")]
    assert runs(planned(of, moved, 5_030.001)) == [(3_600, 5_000, "catch_up")]
    assert skips(planned(task(every(3_600), policy(mode="none")), moved, 5_030.001)) == [(3_600, 3_600, 1, "missed")]


def test_the_window_counts_from_where_it_was_moved_to() -> None:
    of = task(every(100_000), policy(window_seconds=60))
    moved = [override(100_000, 150_000)]
    assert runs(planned(of, moved, 150_060)) == [(100_000, 150_000, "catch_up")]
    plan = planned(of, moved, 150_060.001)
    assert (runs(plan), skips(plan)) == ([], [(100_000, 100_000, 1, "too_old")])


def test_one_that_was_moved_past_its_instant_and_is_skipped_after_all_is_decided_at_once() -> None:
    of, skipped = task(every(60)), [override(60, put=75)]
    assert next_due(of, at(75), 0, skipped) == at(75.001)
    plan = planned(of, skipped, 75.001, seen=75)
    assert skips(plan) == [(60, 60, 1, "skipped_by_user")]


def test_jitter_stays_short_of_the_next_instant_where_it_was_moved_to() -> None:
    of = task(every(60, jitter_seconds=60))
    for to in (100.0, 119.0, 119.999, 120.0, 121.0):
        (run,) = planned(of, [override(60, to)], to).runs[:1]
        following = 120 if to < 120 else 180
        assert at(to) <= run.ready_at < at(following)
        assert run.expected_at == run.ready_at


# With overlap


@pytest.mark.parametrize(
    ("overlap", "behind", "expected"),
    [
        ("skip", 0, [(60, 60, 1, "overlap")]),
        ("queue", 1, [(60, 60, 1, "coalesced")]),
        ("queue", 0, []),
        ("allow", 0, []),
        ("replace", 0, []),
    ],
)
def test_overlap_is_asked_when_it_is_due(overlap: OverlapMode, behind: int, expected: list[object]) -> None:
    of = task(every(60), policy(overlap))
    holder = None if overlap == "allow" else run_id(1)
    plan = planned(of, [override(60, 90)], 90, holder=holder, holder_running=holder is not None, behind=behind)
    assert skips(plan) == expected
    assert len(plan.runs) == (0 if expected else 1)
    assert [run.is_behind for run in plan.runs] == [overlap in ("queue", "replace")] * len(plan.runs)


def test_no_other_skip_extends_that_of_an_overridden_one() -> None:
    of = task(every(10))
    moved = [override(10, 25)]
    plan = planned(of, moved, 40, holder=run_id(1), holder_running=True)
    assert skips(plan) == [(20, 20, 1, "overlap"), (10, 10, 1, "overlap"), (30, 40, 2, "overlap")]
    assert plan.after.open_skip == plan.skips[2]


# Catch-up: occurrences every 10 s, planned at 65 s. 10, 20, 30 are missed, 40, 50, 60 late


def test_latest_runs_the_newest_by_the_instant_it_was_moved_to() -> None:
    of = task(every(10))
    plan = planned(of, [override(20, 61)], 65)
    assert runs(plan) == [(20, 61, "schedule")]
    assert skips(plan) == [(10, 60, 5, "coalesced")]


def test_latest_skips_an_older_moved_one_by_itself() -> None:
    of = task(every(10))
    plan = planned(of, [override(20, 45), override(70, 35), override(50)], 65)
    assert runs(plan) == [(60, 60, "schedule")]
    assert skips(plan) == [
        (50, 50, 1, "skipped_by_user"),
        (10, 40, 3, "coalesced"),
        (70, 70, 1, "coalesced"),
        (20, 20, 1, "coalesced"),
    ]
    assert plan.after.decided == 7


def test_all_runs_the_newest_oldest_first() -> None:
    of = task(every(10), policy("queue", "all", max_runs=3))
    plan = planned(of, [override(10, 55)], 65)
    assert [(due, cause) for due, _, cause in runs(plan)] == [(50, "schedule"), (10, "schedule"), (60, "schedule")]
    assert [run.is_behind for run in plan.runs] == [False, True, True]
    assert skips(plan) == [(20, 40, 3, "limit")]


def test_all_with_more_moved_ones_than_it_may_run() -> None:
    of = task(every(10), policy("allow", "all", max_runs=2))
    plan = planned(of, [override(10, 61), override(20, 62), override(30, 63)], 65 + 30)
    assert [due for due, _, _ in runs(plan)] == [80, 90]
    assert skips(plan) == [(40, 70, 4, "limit"), (10, 10, 1, "limit"), (20, 20, 1, "limit"), (30, 30, 1, "limit")]


def test_none_skips_the_missed_and_asks_overlap_for_the_rest() -> None:
    of = task(every(10), policy("allow", "none"))
    plan = planned(of, [override(10, 41), override(60, 20)], 65)
    assert [(due, ready) for due, ready, _ in runs(plan)] == [(40, 40), (10, 41), (50, 50)]
    assert skips(plan) == [(20, 30, 2, "missed"), (60, 60, 1, "missed")]


def test_what_a_person_skipped_makes_nothing_missed() -> None:
    """Alone it would be missed: the others are late only, and overlap is asked for each."""
    of = task(every(20), FREE)
    plan = planned(of, [override(20)], 65)
    assert [(due, cause) for due, _, cause in runs(plan)] == [(40, "schedule"), (60, "schedule")]


def test_replace_runs_only_the_newest() -> None:
    of = task(every(10), policy("replace"))
    plan = planned(of, [override(10, 25)], 25)
    assert runs(plan) == [(10, 25, "schedule")]
    assert skips(plan) == [(20, 20, 1, "coalesced")]


# Pause


def paused(until: float | None) -> Task:
    return task(every(10), FREE, pause=Pause(at=T0, until=None if until is None else at(until)))


def test_what_was_moved_into_a_pause_is_skipped_by_it() -> None:
    of, moved = paused(30), [override(40, 25), override(50)]
    assert stands(of, moved).next_due_at == at(30)
    plan = planned(of, moved, 30)
    assert skips(plan) == [(10, 20, 2, "paused"), (40, 40, 1, "paused")]
    assert [due for due, _, _ in runs(plan)] == [30]


def test_what_was_moved_out_of_a_pause_runs() -> None:
    of, moved = paused(30), [override(10, 30)]
    plan = planned(of, moved, 30)
    assert skips(plan) == [(20, 20, 1, "paused")]
    assert [(due, ready) for due, ready, _ in runs(plan)] == [(10, 30), (30, 30)]


def test_next_is_the_first_after_the_pause_or_its_end() -> None:
    limited = replace(paused(30), schedule=every(10, ends_at=at(10)))
    assert next_due(limited, T0, 0, [override(10, 45)]) == at(45)
    assert next_due(limited, T0, 0, [override(10, 29)]) == at(30), "something fell into the pause"
    assert next_due(paused(35), T0, 0, [override(10, 35)]) == at(35), "its end is not paused any more"
    assert next_due(paused(35), T0, 0, [override(10, 34.999)]) == at(40)
    assert next_due(replace(limited, pause=Pause(at=T0)), T0, 0, [override(10, 45)]) is None


def test_resuming_decides_what_fell_into_the_pause() -> None:
    of, moved = paused(None), [override(10, 15), override(20), override(30, 500)]
    assert plan_due(of, stands(of, moved), at(40), TZDATA, moved) is None
    plan = plan_close(of, stands(of, moved), at(40), TZDATA, moved)
    assert plan is not None
    assert skips(plan) == [(20, 20, 1, "skipped_by_user"), (40, 40, 1, "paused"), (10, 10, 1, "paused")]
    assert (plan.after.decided, plan.after.overrides) == (3, 1)


# max_occurrences: the first so many by due_at, wherever a person moves them


def test_moving_one_neither_adds_nor_takes_an_occurrence() -> None:
    of = task(every(10, max_occurrences=3), FREE)
    moved = [override(20, 45)]
    plan = planned(of, moved, 44)
    assert [due for due, _, _ in runs(plan)] == [30], "10 is missed, and coalesced with what is newer"
    assert skips(plan) == [(10, 10, 1, "coalesced")]
    assert plan.after.next_due_at == at(45)
    last = plan_due(of, plan.after, at(60), TZDATA, moved)
    assert last is not None
    assert [due for due, _, _ in runs(last)] == [20]
    assert (last.after.next_due_at, last.after.since_edit) == (None, 3)


def test_one_that_was_decided_ahead_is_counted_when_its_instant_comes() -> None:
    of = task(every(10, max_occurrences=3), FREE)
    first = planned(of, [override(20, 5)], 5)
    assert [due for due, _, _ in runs(first)] == [20]
    second = plan_due(of, first.after, at(40), TZDATA, [override(20, 5, decided=5)])
    assert second is not None
    assert [due for due, _, _ in runs(second)] == [10, 30]
    assert second.after.next_due_at is None


# What is asked for


def asked(
    of: Task, wish: Wish, overrides: list[Override] | None = None, e: float = 100, **more: object
) -> tuple[list[tuple[float | None, float | None]], Changed]:
    new = replace(to_itself(of, at(e)), revision=2)
    after = changed(of, new, cursor(of, at(e), **more), [], at(e), overrides or [], wish, "bob")
    return [(seconds(one.due_at), seconds(one.moved_to)) for one in after.overrides], after


def test_an_occurrence_to_come_is_skipped_or_moved() -> None:
    of = task(every(60))
    left, after = asked(of, Wish(due_at=at(120)))
    assert left == [(120, None)]
    assert (after.overrides[0].by, after.overrides[0].at) == ("bob", at(100))
    assert (after.cursor.overrides, after.cursor.next_due_at) == (1, at(120))
    left, after = asked(of, Wish(due_at=at(120), moved_to=at(180)))
    assert (left, after.cursor.next_due_at) == ([(120, 180)], at(180))
    left, after = asked(of, Wish(due_at=at(600), moved_to=at(101)))
    assert (left, after.cursor.next_due_at) == ([(600, 101)], at(101))


def test_asked_again_it_is_replaced_and_undone_it_is_gone() -> None:
    of, moved = task(every(60)), [override(120, 130), override(180)]
    assert asked(of, Wish(due_at=at(120)), moved)[0] == [(120, None), (180, None)]
    assert asked(of, Wish(due_at=at(180), moved_to=at(200)), moved)[0] == [(120, 130), (180, 200)]
    left, after = asked(of, Wish(due_at=at(120), undo=True), moved)
    assert (left, after.cursor.overrides, after.cursor.next_due_at) == ([(180, None)], 1, at(120))
    assert asked(of, Wish(due_at=at(120), moved_to=at(130)), moved)[1].overrides == tuple(moved), "nothing changes"


@pytest.mark.parametrize("due", [100, 119, 121, 60])
def test_what_the_schedule_does_not_name_is_not_found(due: float) -> None:
    with pytest.raises(NoOccurrence, match="names no occurrence") as refused:
        asked(task(every(60)), Wish(due_at=at(due)))
    assert refused.value.nearest == "2027-03-01T12:02:00.000Z"


def test_what_lies_beyond_max_occurrences_is_not_found() -> None:
    of = task(every(60, max_occurrences=3))
    assert asked(of, Wish(due_at=at(180)), since_edit=1)[0] == [(180, None)]
    with pytest.raises(NoOccurrence):
        asked(of, Wish(due_at=at(240)), since_edit=1)


def test_it_is_not_moved_to_what_has_passed() -> None:
    with pytest.raises(BadValue) as refused:
        asked(task(every(60)), Wish(due_at=at(120), moved_to=at(100)))
    assert refused.value.field == "move_to"


def test_only_what_was_overridden_and_whose_instant_is_to_come_is_undone() -> None:
    of = task(every(60))
    with pytest.raises(NotFound):
        asked(of, Wish(due_at=at(120), undo=True))
    with pytest.raises(NotPossible, match="has passed while"):
        asked(of, Wish(due_at=at(60), undo=True), [override(60, 150)])


def test_there_is_a_limit() -> None:
    of = task(every(1, anchor=T0))
    many = [override(200 + n) for n in range(OVERRIDES_MAX)]
    with pytest.raises(NotPossible, match="300 occurrences"):
        asked(of, Wish(due_at=at(101)), many)
    assert len(asked(of, Wish(due_at=at(200), moved_to=at(300)), many)[0]) == OVERRIDES_MAX


def test_what_is_decided() -> None:
    wish = Wish(due_at=at(60))
    assert is_decided(wish, [], at(60))
    assert not is_decided(wish, [], at(59.999))
    assert not is_decided(wish, [override(60, 90)], at(89.999))
    assert is_decided(wish, [override(60, 90)], at(90))
    assert is_decided(wish, [override(60, 30, decided=30)], at(31))


def test_the_history_names_the_occurrence() -> None:
    assert Wish(due_at=at(60)).what == "skipped 2027-03-01T12:01:00.000Z"
    moved = Wish(due_at=at(60), moved_to=at(90)).what
    assert moved == "moved 2027-03-01T12:01:00.000Z to 2027-03-01T12:01:30.000Z"
    assert Wish(due_at=at(60), undo=True).what == "restored 2027-03-01T12:01:00.000Z"


# What an edit makes of them


def edited(old: Task, new: Task, overrides: list[Override], *open_runs: object, **more: object) -> Changed:
    stood = cursor(old, at(100), overrides=len(overrides), **more)
    return changed(old, replace(new, revision=2), stood, open_runs, at(100), overrides)  # type: ignore[arg-type]


def test_an_edit_keeps_what_the_new_rule_names_and_what_has_passed() -> None:
    old = task(every(60))
    moved = [override(60, 150), override(120, 130), override(180), override(240, 50, decided=50)]
    after = edited(old, to_draft(draft(every(120)))(old, at(100)), moved)
    assert [seconds(one.due_at) for one in after.overrides] == [60, 120, 240]
    assert after.cursor.overrides == 3
    assert after.cursor.next_due_at == at(130), "120 is moved"


def test_an_edit_keeps_only_what_the_new_limit_lets_pass() -> None:
    old = task(every(60))
    new = to_draft(draft(every(60, max_occurrences=3)))(old, at(100))
    after = edited(old, new, [override(60, 150), override(180), override(240)])
    assert [seconds(one.due_at) for one in after.overrides] == [60, 180], "60 is one of three, 120 and 180 the others"


def test_deleting_removes_all_that_is_not_decided() -> None:
    old = task(every(60))
    after = edited(old, to_deleted(old, at(100)), [override(60, 150), override(120), override(180, 50, decided=50)])
    assert [seconds(one.due_at) for one in after.overrides] == [180], "so that it is never decided again"
    assert after.cursor.next_due_at is None


def test_a_pause_keeps_all() -> None:
    old = task(every(60))
    after = edited(old, to_paused(None, "")(old, at(100)), [override(60, 150), override(120)])
    assert [seconds(one.due_at) for one in after.overrides] == [60, 120]
    assert after.cursor.next_due_at is None


def test_a_waiting_run_is_kept_where_an_override_names_it() -> None:
    old = task(every(60))
    new = to_draft(draft(every(7, anchor=at(7))))(old, at(100))
    run = a_run(1, due_at=at(60), ready_at=at(95))
    assert edited(old, new, [override(60, 95, decided=95)], run).runs[0].task_revision == 2
    (cancelled,) = edited(old, new, [], run).runs
    assert (cancelled.state, cancelled.reason) == (RunState.CANCELLED, Reason.EDITED)


# What comes next


def test_what_comes_next_shows_moved_ones_and_leaves_skipped_ones_out() -> None:
    schedule = every(60)
    overrides = [override(120), override(180, 200), override(300, 90), override(420, 480)]
    found = first_dues(schedule, overrides, T0, 0, T0, 7)
    assert [seconds(due) for due in found] == [60, 90, 200, 240, 360, 480, 480]


def test_what_comes_next_ends_with_max_occurrences() -> None:
    schedule = every(60, max_occurrences=4)
    assert [seconds(due) for due in first_dues(schedule, [override(120, 1_000)], T0, 0, T0, 9)] == [60, 180, 240, 1_000]
    assert [seconds(due) for due in first_dues(schedule, [override(60, 1_000)], at(90), 0, at(90), 9)] == [
        120,
        180,
        240,
        1_000,
    ]


def test_a_day_moved_across_a_clock_change() -> None:
    """Berlin, 28 March 2027: 02:30 does not exist, 03:00 stands for it; moved to noon it is noon, and the next day is as ever."""
    of = task(Cron(kind="cron", expression="30 2 * * *", timezone="Europe/Berlin"), Policy())
    gap = datetime.fromisoformat("2027-03-28T01:00:00Z")
    noon = datetime.fromisoformat("2027-03-28T10:00:00Z")
    moved = Override(task_id=TASK, due_at=gap, moved_to=noon, by="ada", at=T0)
    assert next_due(of, gap - timedelta(hours=2), 0, [moved]) == noon
    assert next_due(of, noon, 0, [replace(moved, decided_at=noon)]) == datetime.fromisoformat("2027-03-29T00:30:00Z")
    assert next_due(of, gap - MS, 0, [replace(moved, moved_to=None)]) == gap
