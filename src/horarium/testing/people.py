"""What people do to a simulated world: they add, edit, pause, run, cancel, delete and restore tasks while it runs, and skip and
move single occurrences."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from horarium.clocks.simulated import SeededRandom
from horarium.core.action import Log
from horarium.core.calendar import UnknownCalendar
from horarium.core.change import Change, to_deleted, to_draft, to_itself, to_paused, to_restored, to_resumed
from horarium.core.errors import BadValue, Conflict, NotFound
from horarium.core.ids import RunId, TaskId, stamped_id
from horarium.core.instants import whole_ms
from horarium.core.override import Wish
from horarium.core.page import RunFilter, Window
from horarium.core.policy import CatchUp, Keep, Policy, Retry
from horarium.core.run import Reason
from horarium.core.schedule.cron import Cron
from horarium.core.schedule.day_lists import CalendarDays
from horarium.core.schedule.every import Every
from horarium.core.schedule.once import Once
from horarium.core.schedule.schedule import Schedule, first_dues
from horarium.core.task import Draft, Task
from horarium.ports.clock import Clock
from horarium.ports.store import Store

TASKS_MAX = 8
WHO = "simulated"
CALENDARS = ("closed", "fair")
DAYS = ((), ("2027-03-28",), (), ("2027-03-29", "2027-03-27"))
"""A world begins on the 28th: its tasks have every occurrence or none, until somebody changes a calendar again."""


class People:
    """Each `act` is one thing somebody does; the books must balance after each."""

    def __init__(self, *, store: Store, clock: Clock, ids: SeededRandom, chance: SeededRandom) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._chance = chance
        self.tasks: list[TaskId] = []
        self.allowed: set[RunId] = set()
        """Runs asked for with overlap=allow: they may overlap others."""
        self._made = 0

    async def act(self) -> str:
        """Do one thing; answers what it was. What the books refuse is refused, and that is fine."""
        acts: list[tuple[str, Callable[[], Awaitable[Any]]]] = [
            ("edit", self._edit),
            ("pause", self._pause),
            ("resume", self._resume),
            ("run now", self._run_now),
            ("run again", self._run_again),
            ("cancel", self._cancel),
            ("delete", self._delete),
            ("restore", self._restore),
            ("override", self._override),
            ("override", self._override),
            ("calendar", self._calendar),
        ]
        if len(self.tasks) < TASKS_MAX:
            acts += [("add", self.add)] * 4
        name, act = self._chance.choice(acts)
        if name != "add" and not self.tasks:
            name, act = "add", self.add
        try:
            await act()
        except (Conflict, NotFound, BadValue, UnknownCalendar):
            return f"{name}: refused"
        return name

    async def begin(self) -> None:
        """What tasks may use from the first one on."""
        for name in CALENDARS:
            await self._store.put_calendar(name, (), "", self._clock.now(), WHO)

    async def add(self) -> None:
        now = self._clock.now()
        task_id = TaskId(stamped_id(now, self._ids.bytes(10)))
        draft = self._draft(now)
        task = Task(
            **{name: getattr(draft, name) for name in Draft.__dataclass_fields__},
            id=task_id,
            revision=1,
            created_at=now,
            created_by=WHO,
            updated_at=now,
        )
        await self._store.add_tasks([task], now)
        self.tasks.append(task_id)

    async def calm(self) -> None:
        """Pause everything: nothing new becomes due."""
        for task_id in self.tasks:
            try:
                await self._change(task_id, "paused", to_paused(None, "the end"))
            except Conflict:
                continue  # deleted

    async def _edit(self) -> None:
        await self._change(self._one(), "edited", to_draft(self._draft(self._clock.now())))

    async def _pause(self) -> None:
        until = self._clock.now() + timedelta(seconds=self._chance.randrange(1, 90))
        await self._change(self._one(), "paused", to_paused(self._chance.choice((None, until)), "tea"))

    async def _resume(self) -> None:
        change = Change(what="resumed", by=WHO, apply=to_resumed, catch_up=self._chance.random() < 0.5)
        await self._store.change_task(self._one(), None, change, self._clock.now())

    async def _delete(self) -> None:
        await self._change(self._one(), "deleted", to_deleted)

    async def _restore(self) -> None:
        task_id = self._one()
        page = await self._store.revisions(task_id, Window(limit=20))
        if not page.items:
            return  # the janitor has forgotten the tombstone
        old = await self._store.revision(task_id, self._chance.choice(page.items).revision)
        assert old is not None
        change = Change(what="restored", by=WHO, apply=to_restored(old.draft), revives=True)
        await self._store.change_task(task_id, None, change, self._clock.now())

    async def _override(self) -> None:
        """One of the next occurrences, or one that was skipped or moved before. What is asked for may have passed meanwhile."""
        now = self._clock.now()
        row = await self._store.task_row(self._one(), now)
        if row is None or not isinstance(row.task, Task):
            return  # the janitor has forgotten the tombstone
        dues = [*first_dues(row.task.schedule, now, 4), *(override.due_at for override in row.overrides)]
        if not dues:
            return
        due_at = self._chance.choice(dues)
        to = now + timedelta(seconds=self._chance.choice((1, 5, 20, 90)) * self._chance.random())
        wish = self._chance.choice(
            (
                Wish(due_at=due_at),
                Wish(due_at=due_at, moved_to=whole_ms(to)),
                Wish(due_at=due_at, moved_to=self._chance.choice(dues)),
                Wish(due_at=due_at, undo=True),
            )
        )
        change = Change(what=wish.what, by=WHO, apply=to_itself, wish=wish)
        await self._store.change_task(row.task.id, None, change, self._clock.now())

    async def _calendar(self) -> None:
        """Whoever changes one brings it to some of the tasks or dies before; the engines do the rest."""
        name = self._chance.choice(CALENDARS)
        if self._chance.random() < 0.2:
            await self._store.delete_calendar(name, self._clock.now(), WHO)
            return
        await self._store.put_calendar(name, self._chance.choice(DAYS), "", self._clock.now(), WHO)
        if self._chance.random() < 0.5:
            await self._store.refresh(2, self._clock.now(), name)

    async def _run_now(self) -> None:
        now = self._clock.now()
        run_id, allow = self._asked(now)
        await self._store.run_now(self._one(), run_id, now, WHO, allow=allow)

    async def _run_again(self) -> None:
        original = await self._some_run()
        now = self._clock.now()
        if original is not None:
            run_id, allow = self._asked(now)
            await self._store.run_again(original, run_id, now, WHO, allow=allow)

    async def _cancel(self) -> None:
        run_id = await self._some_run()
        if run_id is not None:
            await self._store.cancel_run(run_id, Reason.CANCELLED_BY_USER, self._clock.now())

    async def _change(self, task_id: TaskId, what: str, apply: Any) -> None:
        await self._store.change_task(task_id, None, Change(what=what, by=WHO, apply=apply), self._clock.now())

    async def _some_run(self) -> RunId | None:
        page = await self._store.run_rows(RunFilter(task_id=self._one()), Window(limit=10))
        return self._chance.choice(page.items).run.id if page.items else None

    def _one(self) -> TaskId:
        return self._chance.choice(self.tasks)

    def _asked(self, now: datetime) -> tuple[RunId, bool]:
        run_id = RunId(stamped_id(now, self._ids.bytes(10)))
        allow = self._chance.random() < 0.2
        if allow:
            self.allowed.add(run_id)
        return run_id, allow

    def _draft(self, now: datetime) -> Draft:
        chance = self._chance
        self._made += 1
        return Draft(
            name=f"task {self._made}",
            schedule=self._schedule(now),
            action=Log(kind="log", message="hello"),
            pool=chance.choice(("default", "default", "other")),
            priority=chance.randrange(-2, 3),
            policy=Policy(
                timeout_seconds=chance.choice((None, None, 1, 5)),
                retry=Retry(
                    max_attempts=chance.choice((1, 1, 2, 4)),
                    first_delay_seconds=chance.choice((0, 1, 7)),
                    max_delay_seconds=20,
                ),
                overlap=chance.choice(("skip", "skip", "queue", "allow", "replace")),
                catch_up=CatchUp(
                    mode=chance.choice(("latest", "all", "none")),
                    window_seconds=chance.choice((30, 120, 86_400)),
                    max_runs=chance.choice((1, 3, 20)),
                ),
                on_lost=chance.choice(("retry", "retry", "fail")),
                keep=Keep(runs=chance.choice((5, 1_000))),
            ),
        )

    def _schedule(self, now: datetime) -> Schedule:
        chance = self._chance
        jitter = chance.choice((0, 0, 0, 2))
        most = chance.choice((None, None, None, 1, 7))
        closed = CalendarDays(kind="calendar", name=chance.choice(CALENDARS), timezone="Europe/Berlin")
        except_ = chance.choice(((), (), (), (closed,)))
        match chance.randrange(4):
            case 0:
                return Once(kind="once", at=now + timedelta(seconds=chance.randrange(1, 120)))
            case 1:
                text = chance.choice(("*/5 * * * * *", "* * * * *", "30 * * * * *", "0 30 * * * *"))
                return Cron(
                    kind="cron",
                    expression=text,
                    timezone="Europe/Berlin",
                    max_occurrences=most,
                    jitter_seconds=jitter,
                    except_=except_,
                )
            case _:
                seconds = chance.choice((1, 2, 5, 13, 60))
                anchor = now + timedelta(seconds=chance.randrange(-5, 20))
                return Every(
                    kind="every",
                    seconds=seconds,
                    anchor=anchor,
                    max_occurrences=most,
                    jitter_seconds=jitter,
                    except_=except_,
                )
