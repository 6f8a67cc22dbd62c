"""Named calendars: in their versions, inside the tasks that use them, and brought to these when they change."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from horarium.core.calendar import BadDays, CalendarInUse, UnknownCalendar
from horarium.core.change import Change, to_deleted, to_draft, to_paused, to_restored
from horarium.core.errors import NotFound
from horarium.core.page import Window
from horarium.core.run import Reason, RunState
from horarium.core.schedule.any_of import AnyOf
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays, Holidays
from horarium.core.schedule.schedule import Schedule
from horarium.core.task import Broken, Task
from horarium.ports.store import Store
from horarium.stores.sql.store import SqlStore
from tests.conformance.store.stores import a_task, alter, balanced, in_order, planned, run_of, sql
from tests.making import T0

OPS = CalendarDays(kind="calendar", name="ops")
SECOND, THIRD = "2027-03-02", "2027-03-03"
"""T0 is noon of the first of March."""


def daily(*except_: Any, **more: Any) -> Cron:
    return Cron(kind="cron", expression="0 9 * * *", timezone="UTC", except_=except_ or (OPS,), **more)


def hourly(*except_: Any, **more: Any) -> Cron:
    return Cron(kind="cron", expression="0 * * * *", timezone="UTC", except_=except_ or (OPS,), **more)


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


async def put(store: Store, *days: str, name: str = "ops", by: str = "eve", now: datetime = T0) -> None:
    await store.put_calendar(name, days, "", now, by)


async def held(store: Store, task: Task) -> CalendarDays:
    """The first list of the task's schedule as it is stored."""
    stored = await store.task(task.id)
    assert isinstance(stored, Task)
    found = stored.schedule.except_[0]
    assert isinstance(found, CalendarDays)
    return found


async def history(store: Store, task: Task) -> list[tuple[int, str, str]]:
    page = await store.revisions(task.id, Window())
    return [(row.revision, row.what, row.by) for row in page.items]


async def books(store: Store, task: Task) -> tuple[int, datetime]:
    row = await store.task_row(task.id, T0)
    assert row is not None
    assert row.books is not None
    return row.books.decided, row.books.seen_through


# Versions


async def test_every_change_is_a_version_and_the_same_again_is_none(store: Store) -> None:
    made = await store.put_calendar("ops", (SECOND,), "closed", T0, "eve")
    assert (made.made, made.changed, made.calendar.version) == (True, True, 1)
    same = await store.put_calendar("ops", (SECOND,), "closed", march(2, 9), "bob")
    assert (same.made, same.changed, same.calendar) == (False, False, made.calendar)
    new = await store.put_calendar("ops", (THIRD,), "closed", march(2, 9), "bob")
    assert (new.made, new.changed, new.calendar.version) == (False, True, 2)
    assert await store.calendar("ops") == new.calendar
    assert (new.calendar.days, new.calendar.updated_at, new.calendar.updated_by) == ((THIRD,), march(2, 9), "bob")
    assert await store.calendar("ops", 1) == made.calendar
    assert await store.calendar("ops", 3) is None


async def test_a_deletion_is_a_version_and_the_name_goes_on_from_it(store: Store) -> None:
    await put(store, SECOND)
    await store.delete_calendar("ops", march(2, 9), "bob")
    assert await store.calendar("ops") is None
    with pytest.raises(NotFound):
        await store.delete_calendar("ops", march(2, 9), "bob")
    again = await store.put_calendar("ops", (), "", march(3, 9), "eve")
    assert (again.made, again.calendar.version) == (True, 3)
    page = await store.calendar_versions("ops", Window(total=True))
    assert [(one.version, one.deleted, one.days) for one in page.items] == [
        (3, False, ()),
        (2, True, ()),
        (1, False, (SECOND,)),
    ]
    assert page.total == 3


async def test_lists_go_page_by_page(store: Store) -> None:
    for name in ("b", "a", "d", "c"):
        await put(store, SECOND, name=name)
    await store.delete_calendar("c", T0, "eve")
    first = await store.calendars(Window(limit=2, total=True))
    assert ([one.name for one in first.items], first.total) == (["a", "b"], 3)
    rest = await store.calendars(Window(limit=2, cursor=first.next_cursor))
    assert ([one.name for one in rest.items], rest.next_cursor) == (["d"], None)
    await put(store, THIRD, name="a")
    newest = await store.calendar_versions("a", Window(limit=1))
    older = await store.calendar_versions("a", Window(limit=1, cursor=newest.next_cursor))
    assert [one.version for one in (*newest.items, *older.items)] == [2, 1]
    assert older.next_cursor is None
    assert await store.nearest_calendar("dd") == "d"


# Inside tasks


async def test_a_task_is_saved_with_the_days_that_hold(store: Store) -> None:
    await put(store, SECOND)
    task = a_task(1, daily())
    lied = a_task(2, daily(replace(OPS, version=9, days=("2027-03-04",))))
    await store.add_tasks([task, lied], T0)
    for one in (task, lied):
        assert await held(store, one) == replace(OPS, version=1, days=(SECOND,))
    assert await store.next_due_at() == march(3, 9)


async def test_an_unknown_calendar_is_pointed_at_and_nothing_is_saved(store: Store) -> None:
    await put(store, SECOND)
    wrong = replace(OPS, name="opps")
    with pytest.raises(UnknownCalendar) as refused:
        await store.add_tasks([a_task(1, daily()), a_task(2, daily(OPS, wrong))], T0)
    assert (refused.value.field, refused.value.index) == ("schedule.except.1.name", 1)
    assert refused.value.remedy == 'did you mean "ops"?'
    assert await store.task_named("task 1") is None
    inner = AnyOf(kind="any_of", schedules=(daily(OPS), daily(AnyOf(kind="any_of", schedules=(daily(wrong),)))))
    with pytest.raises(UnknownCalendar) as refused:
        await store.add_tasks([a_task(3, inner)], T0)
    assert refused.value.field == "schedule.schedules.1.except.0.schedules.0.except.0.name"


async def test_every_way_of_saving_writes_the_days_anew(store: Store) -> None:
    await put(store, SECOND)
    task = a_task(1, daily())
    await store.add_tasks([task], T0)
    await put(store, THIRD)
    edited = Change(what="edited", by="bob", apply=to_draft(replace(task.draft, description="x")))
    await store.change_task(task.id, None, edited, T0)
    assert (await held(store, task)).version == 2
    await put(store, SECOND)
    await store.change_task(task.id, None, Change(what="paused", by="bob", apply=to_paused(None, "")), T0)
    assert (await held(store, task)).version == 3
    assert (await store.refresh(10, T0)).altered == ()


async def test_the_same_definition_again_changes_nothing(store: Store) -> None:
    await put(store, SECOND)
    task = a_task(1, daily())
    await store.add_tasks([task], T0)
    again = await store.change_task(task.id, None, Change(what="edited", by="b", apply=to_draft(task.draft)), T0)
    assert not again.changed


async def test_with_days_is_what_saving_would_write(store: Store) -> None:
    await put(store, SECOND)
    schedule = await store.with_days(daily())
    assert schedule.except_ == (replace(OPS, version=1, days=(SECOND,)),)
    with pytest.raises(UnknownCalendar):
        await store.with_days(daily(replace(OPS, name="x")))


# Changes come to the tasks


async def test_a_changed_calendar_makes_a_revision_of_each_task_that_uses_it(store: Store) -> None:
    await put(store, SECOND)
    await put(store, SECOND, name="other")
    task, other = a_task(1, daily()), a_task(2, daily(replace(OPS, name="other")))
    await store.add_tasks([task, other], T0)
    await put(store, THIRD, by="mallory")
    done = await store.refresh(10, T0, "ops")
    assert [altered.changed for altered in done.altered] == [True]
    assert not done.more
    assert await held(store, task) == replace(OPS, version=2, days=(THIRD,))
    assert await history(store, task) == [(2, "calendar ops", "mallory"), (1, "created", "ada")]
    assert await history(store, other) == [(1, "created", "ada")]
    assert await store.next_due_at() == march(2, 9)
    assert (await store.refresh(10, T0, "ops")).altered == ()


async def test_up_to_the_change_the_old_days_hold_and_from_then_on_the_new(store: Store) -> None:
    await put(store, SECOND)
    opened, closed = a_task(1, hourly()), a_task(2, hourly(replace(OPS, name="other")))
    await put(store, THIRD, name="other")
    await store.add_tasks([opened, closed], T0)
    e = march(2, 5, 30)
    await put(store, now=e)
    await put(store, SECOND, name="other", now=e)
    await store.refresh(10, e)
    # 13:00 to 23:00 of the first; then the second was left out, or was not
    assert await books(store, opened) == (11, e)
    assert await books(store, closed) == (11 + 6, e)
    now = march(2, 8, 30)
    await planned(store, now)
    assert (await books(store, opened))[0] == 11 + 3
    assert (await books(store, closed))[0] == 11 + 6
    await balanced(store)


async def test_a_waiting_run_of_a_day_that_is_left_out_now_ends(store: Store) -> None:
    await put(store)
    task = a_task(1, daily())
    await store.add_tasks([task], T0)
    [run] = (await planned(store, march(2, 9))).waiting
    await put(store, SECOND)
    [altered] = (await store.refresh(10, march(2, 9, 1))).altered
    ended = await run_of(store, run.id)
    assert (ended.state, ended.reason) == (RunState.CANCELLED, Reason.EDITED)
    assert altered.runs == (ended,)


async def test_other_days_do_not_begin_a_maximum_anew(store: Store) -> None:
    await put(store)
    task = a_task(1, hourly(max_occurrences=4))
    await store.add_tasks([task], T0)
    await planned(store, march(1, 15))
    await put(store, THIRD, now=march(1, 15))
    await store.refresh(10, march(1, 15))
    await planned(store, march(1, 20))
    assert (await books(store, task))[0] == 4
    assert await store.next_due_at() is None


async def test_a_calendar_that_leaves_nothing_ends_its_tasks_and_breaks_none(store: Store) -> None:
    await put(store)
    task = a_task(1, daily())
    await store.add_tasks([task], T0)
    await put(store, "1970-01-01/9999-12-31")
    await store.refresh(10, T0)
    assert (await held(store, task)).version == 2
    assert await store.next_due_at() is None
    await put(store, SECOND)
    await store.refresh(10, T0)
    assert await store.next_due_at() == march(3, 9)


async def test_what_a_person_writes_must_leave_something(store: Store) -> None:
    await put(store, "1970-01-01/9999-12-31")
    with pytest.raises(BadDays) as refused:
        await store.add_tasks([a_task(1, _plain()), a_task(2, daily())], T0)
    assert (refused.value.field, refused.value.index) == ("schedule.except", 1)


async def test_many_tasks_go_in_bites_and_the_rest_is_found_by_anybody(store: Store) -> None:
    await put(store, SECOND)
    await store.add_tasks([a_task(number, daily()) for number in range(1, 6)], T0)
    await put(store, THIRD)
    assert await store.count_outdated("ops") == 5
    first = await store.refresh(2, T0, "ops")
    assert (len(first.altered), first.more, await store.count_outdated("ops")) == (2, True, 3)
    second = await store.refresh(2, T0)  # an engine that was just started knows no name
    assert (len(second.altered), second.more) == (2, True)
    last = await store.refresh(2, T0)
    assert (len(last.altered), last.more, await store.count_outdated("ops")) == (1, False, 0)


async def test_two_who_refresh_at_once_change_each_task_once(store: Store) -> None:
    await put(store, SECOND)
    tasks = [a_task(number, daily()) for number in range(1, 6)]
    await store.add_tasks(tasks, T0)
    await put(store, THIRD)
    await asyncio.gather(*(store.refresh(10, T0) for _ in range(3)))
    for task in tasks:
        assert [revision for revision, _, _ in await history(store, task)] == [2, 1]


@pytest.mark.parametrize("task_first", [True, False])
async def test_no_calendar_changes_between_reading_it_and_saving_a_task(store: Store, task_first: bool) -> None:
    await put(store, SECOND)
    task = a_task(1, daily())

    async def add() -> None:
        await store.add_tasks([task], T0)

    async def change() -> None:
        await put(store, THIRD)

    await in_order(store, *((add, change) if task_first else (change, add)))
    outdated = await store.count_outdated("ops")
    assert ((await held(store, task)).version, outdated) == ((1, 1) if task_first else (2, 0))


# In use


async def test_a_calendar_in_use_is_not_deleted(store: Store) -> None:
    await put(store, SECOND)
    tasks = [a_task(number, daily()) for number in range(1, 8)]
    await store.add_tasks(tasks, T0)
    with pytest.raises(CalendarInUse, match='"task 1", "task 2", "task 3", "task 4", "task 5" and 2 more'):
        await store.delete_calendar("ops", T0, "eve")
    delete = Change(what="deleted", by="bob", apply=to_deleted)
    for task in tasks[1:]:
        await store.change_task(task.id, None, delete, T0)
    without = Change(what="edited", by="bob", apply=to_draft(replace(tasks[0].draft, schedule=_plain())))
    await store.change_task(tasks[0].id, None, without, T0)
    await store.delete_calendar("ops", T0, "eve")


async def test_deleted_tasks_are_left_alone_and_restored_with_what_holds_then(store: Store) -> None:
    await put(store, SECOND)
    task = a_task(1, daily())
    await store.add_tasks([task], T0)
    await store.change_task(task.id, None, Change(what="deleted", by="bob", apply=to_deleted), T0)
    await put(store, THIRD)
    assert (await store.refresh(10, T0)).altered == ()
    await store.delete_calendar("ops", T0, "eve")
    first = await store.revision(task.id, 1)
    assert first is not None
    restore = Change(what="restored", by="bob", apply=to_restored(first.draft), revives=True)
    with pytest.raises(UnknownCalendar):
        await store.change_task(task.id, None, restore, T0)
    await put(store, "2027-03-04")
    await store.change_task(task.id, None, restore, T0)
    assert await held(store, task) == replace(OPS, version=4, days=("2027-03-04",))
    assert await store.count_outdated("ops") == 0
    await put(store, SECOND)
    assert await store.count_outdated("ops") == 1


async def test_what_cannot_be_read_is_left_alone_until_it_can(store: Store) -> None:
    await put(store, SECOND)
    tasks = [a_task(number, daily()) for number in (1, 2)]
    await store.add_tasks(tasks, T0)
    [(policy,)] = await sql(store, "SELECT policy FROM tasks WHERE name = 'task 1'")
    await alter(store, "UPDATE tasks SET policy = '{' WHERE name = 'task 1'")
    await put(store, THIRD)
    assert len((await store.refresh(10, T0)).altered) == 1
    assert isinstance(await store.task(tasks[0].id), Broken)
    again = await store.refresh(10, T0)
    assert (again.altered, again.more, await store.count_outdated("ops")) == ((), False, 0)
    await alter(store, "UPDATE tasks SET policy = ? WHERE name = 'task 1'", policy)
    assert await store.mend_broken(T0) == 1
    assert len((await store.refresh(10, T0)).altered) == 1
    assert (await held(store, tasks[0])).version == 2


async def test_a_broken_task_that_is_deleted_uses_nothing(store: Store) -> None:
    await put(store, SECOND)
    task = a_task(1, daily())
    await store.add_tasks([task], T0)
    await store.mark_broken(task.id, "schedule", "x", T0)
    await store.change_task(task.id, None, Change(what="deleted", by="bob", apply=to_deleted), T0)
    await store.delete_calendar("ops", T0, "eve")


# Holidays


async def test_another_release_of_the_holidays_is_a_revision_too(store: Store) -> None:
    assert isinstance(store, SqlStore)
    store._holidays = lambda: "1.0"
    task = a_task(1, daily(Holidays(kind="holidays", country="DE", version="0.1")))
    await store.add_tasks([task, a_task(2)], T0)
    assert (await store.refresh(10, T0)).altered == ()
    store._holidays = lambda: "1.1"
    assert len((await store.refresh(10, T0)).altered) == 1
    assert await history(store, task) == [(2, "holidays 1.1", "horarium"), (1, "created", "ada")]
    stored = await store.task(task.id)
    assert isinstance(stored, Task)
    assert stored.schedule.except_ == (Holidays(kind="holidays", country="DE", version="1.1"),)
    assert (await store.refresh(10, T0)).altered == ()


async def test_the_library_is_not_asked_where_no_task_leaves_holidays_out(store: Store) -> None:
    assert isinstance(store, SqlStore)

    def nobody() -> str:
        raise AssertionError("the library was loaded")

    store._holidays = nobody
    await put(store, SECOND)
    await store.add_tasks([a_task(1, daily()), a_task(2)], T0)
    await store.refresh(10, T0)


def _plain() -> Schedule:
    return Cron(kind="cron", expression="0 9 * * *", timezone="UTC")
