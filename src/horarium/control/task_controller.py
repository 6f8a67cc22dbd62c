"""What may be done to a task. Each method is one request of a person; the store decides every contest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from horarium.control.announce import Announce
from horarium.control.definitions import opened, patched, read_patched, replaced, stored_members, upserted_with
from horarium.control.errors import Deleted, NameTakenInBatch, NotAllowed
from horarium.control.settings import Settings
from horarium.core.access import Caller
from horarium.core.action import Action, Command
from horarium.core.calendar import BadDays, UnknownCalendar
from horarium.core.change import Apply, Change, to_deleted, to_itself, to_paused, to_restored, to_resumed
from horarium.core.errors import BadValue, NameTaken, NotFound, NotPossible, StaleRevision
from horarium.core.ids import RANDOM_BYTES, TaskId, stamped_id, to_ulid
from horarium.core.instants import MILLISECOND, shown
from horarium.core.override import Override, Wish, first_dues
from horarium.core.page import PageOf, RevisionRow, TaskFilter, TaskRow, Window
from horarium.core.plan import next_due
from horarium.core.schedule.shared_lists import uses_lists
from horarium.core.task import REASON_MAX, Draft, Pause, Stored, Task
from horarium.ports.clock import Clock
from horarium.ports.random import Random
from horarium.ports.store import Replay, TaskStore

TRIES_MAX: Final = 5
"""How often a request without a revision of its own is tried again after somebody else was first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """An Idempotency-Key and the fingerprint of the request that carries it."""

    key: str
    fingerprint: bytes


class TaskController:
    def __init__(
        self, *, store: TaskStore, clock: Clock, random: Random, announce: Announce, settings: Settings
    ) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._announce = announce
        self._settings = settings

    async def create(
        self, draft: Draft, by: Caller, *, paused: bool = False, repeatable: Repeatable | None = None
    ) -> TaskRow:
        """A new task; the one made before where this request is a repetition. Raises BadValue, NameTaken, and NotPossible
        where that one was deleted since: then the request is done and undone, and nothing is there to be answered."""
        await self._check_shell([draft])
        now = self._clock.now()
        task = self._born(draft, by, now, paused=paused)
        replay = None
        if repeatable is not None:
            replay = Replay(key=repeatable.key, fingerprint=repeatable.fingerprint, task_id=task.id)
        (added,) = await self._store.add_tasks([task], now, replay)
        if added != task.id:
            return await self._made_before(added)
        self._announce.tasks()
        return await self._added(task, now)

    async def create_batch(self, drafts: Sequence[Draft], by: Caller, *, paused: bool = False) -> tuple[TaskRow, ...]:
        """All or none. Raises BadValue with the place in the batch, NameTaken."""
        await self._check_shell(drafts)
        now = self._clock.now()
        tasks = [self._member(index, draft, by, now, paused=paused) for index, draft in enumerate(drafts)]
        try:
            await self._store.add_tasks(tasks, now)
        except NameTaken as taken:
            raise NameTakenInBatch(taken.name, taken.index, taken.holder) from None
        except BadDays as bad:
            raise BadValue(f"tasks.{bad.index}.{bad.field}", bad.message, bad.remedy) from None
        self._announce.tasks()
        return tuple([await self._added(task, now) for task in tasks])

    async def upsert(self, draft: Draft, by: Caller, *, paused: bool = False) -> tuple[TaskRow, bool]:
        """The living task of that name as `draft` defines it, and whether it was made now. `paused` counts only then."""
        for _ in range(TRIES_MAX):
            there = await self._store.task_named(draft.name)
            if there is not None:
                return await self._change(there.id, None, "edited", upserted_with(draft), by, draft), False
            try:
                return await self.create(draft, by, paused=paused), True
            except NameTaken:
                continue
        raise NameTaken(draft.name)

    async def replace(self, task_id: TaskId, expected: int | None, draft: Draft, by: Caller) -> TaskRow:
        """The whole definition anew. Raises NotFound, StaleRevision, NameTaken, NotPossible, BadValue."""
        return await self._change(task_id, expected, "edited", replaced(draft), by, draft)

    async def patch(self, task_id: TaskId, expected: int | None, patch: dict[str, object], by: Caller) -> TaskRow:
        """As `replace`, by JSON Merge Patch. Raises BadDefinition as well.

        The patch is judged upon what is there before anything is written, so that a wrong value is told before a stale
        revision, as `replace` does; and once more, upon what is there then, in the transaction that writes it.
        """
        there = await self._existing(task_id)
        if there.deleted_at is None:
            draft = read_patched(stored_members(there), patch)
            if not isinstance(there, Task) or draft.action != there.action:
                await self._check_shell([draft])
        return await self._change(task_id, expected, "edited", patched(patch), by)

    async def pause(self, task_id: TaskId, by: Caller, *, until: datetime | None, reason: str) -> TaskRow:
        """Nothing is decided until then, or until somebody resumes."""
        check_pause(until, reason, self._clock.now())
        return await self._change(task_id, None, "paused", to_paused(until, reason), by)

    async def resume(self, task_id: TaskId, by: Caller, *, catch_up: bool) -> TaskRow:
        """The paused stretch is skipped, or with `catch_up` planned as if the engine had been off."""
        return await self._change(task_id, None, "resumed", to_resumed, by, catch_up=catch_up)

    async def override(self, task_id: TaskId, wish: Wish, by: Caller) -> tuple[int, Override | None]:
        """Skip or move one occurrence, or let it be as the schedule says. The task's revision, and what stands now.

        Raises NotFound (NoOccurrence), AlreadyDecided, NotPossible, BadValue.
        """
        there = await self._existing(task_id)
        if there.deleted_at is not None:
            raise _no_task(task_id, there)
        change = Change(what=wish.what, by=by.name, apply=to_itself, wish=wish)
        altered = await self._store.change_task(task_id, None, change, self._clock.now())
        self._announce.altered(altered)
        return altered.task.revision, next((one for one in altered.overrides if one.due_at == wish.due_at), None)

    async def delete(self, task_id: TaskId, expected: int | None, by: Caller) -> None:
        """Leaves a tombstone; the runs stay until retention. Raises NotFound also for what is deleted already."""
        there = await self._store.task(task_id)
        if there is None or there.deleted_at is not None:
            raise _no_task(task_id, there)
        altered = await self._store.change_task(
            task_id, expected, Change(what="deleted", by=by.name, apply=to_deleted), self._clock.now()
        )
        self._announce.altered(altered)

    async def restore(self, task_id: TaskId, revision: int, expected: int | None, by: Caller) -> TaskRow:
        """The definition of an earlier revision; a deleted task lives again. Raises NotFound, NameTaken."""
        for attempt in range(TRIES_MAX):
            there = await self._store.task(task_id)
            if there is None:
                raise NotFound("task", to_ulid(task_id))
            then = await self._store.revision(task_id, revision)
            if then is None:
                raise NotFound("revision", str(revision))
            await self._check_shell([then])
            change = Change(
                what="restored", by=by.name, apply=to_restored(then.draft), revives=there.deleted_at is not None
            )
            try:
                altered = await self._store.change_task(
                    task_id, there.revision if expected is None else expected, change, self._clock.now()
                )
            except StaleRevision:
                if expected is not None or attempt == TRIES_MAX - 1:
                    raise
                continue
            except UnknownCalendar as gone:
                raise NotPossible(
                    f'Revision {revision} leaves out the days of the calendar "{gone.name}", which is not there any more. '
                    "Make that calendar again, then restore."
                ) from None
            self._announce.altered(altered)
            break
        return await self._row(task_id)

    async def read(self, task_id: TaskId) -> TaskRow:
        """A living task with its books. Raises NotFound, for a deleted one with the way back."""
        row = await self._store.task_row(task_id, self._clock.now())
        if row is None or row.task.deleted_at is not None:
            raise _no_task(task_id, row.task if row is not None else None)
        return row

    async def read_named(self, name: str) -> TaskRow:
        """The living task of that name. Raises NotFound naming the nearest there is."""
        there = await self._store.task_named(name)
        if there is None:
            raise NotFound("task", name, await self._store.nearest_name(name))
        return await self.read(there.id)

    async def rows(self, wanted: TaskFilter, window: Window) -> PageOf[TaskRow]:
        return await self._store.task_rows(wanted, window, self._clock.now())

    async def revisions(self, task_id: TaskId, window: Window) -> PageOf[RevisionRow]:
        """Newest first; also of a deleted task, whose runs still name them."""
        await self._existing(task_id)
        return await self._store.revisions(task_id, window)

    async def revision(self, task_id: TaskId, revision: int) -> Task:
        found = await self._store.revision(task_id, revision)
        if found is None:
            await self._existing(task_id)
            raise NotFound("revision", str(revision))
        return found

    async def upcoming(
        self, task_id: TaskId, after: datetime | None, count: int
    ) -> tuple[tuple[datetime, ...], tuple[Override, ...]]:
        """The next due instants after `after` (now); none before a pause is over, none beyond max_occurrences. And what stands
        of skipped and moved occurrences: these are left out, those are among the instants where they were moved to."""
        row = await self.read(task_id)
        task = row.task
        stand = tuple(override for override in row.overrides if override.decided_at is None)
        if not isinstance(task, Task) or row.next_due_at is None:
            return (), stand
        assert row.books is not None, "what is due has a cursor"
        start = max(after or self._clock.now(), row.next_due_at - MILLISECOND)
        seen = row.books.seen_through
        return first_dues(task.schedule, row.overrides, seen, row.since_edit, start, count), stand

    async def _change(
        self,
        task_id: TaskId,
        expected: int | None,
        what: str,
        apply: Apply,
        by: Caller,
        draft: Draft | None = None,
        *,
        catch_up: bool = False,
    ) -> TaskRow:
        if draft is not None:
            await self._check_shell([draft])
        change = Change(what=what, by=by.name, apply=apply, catch_up=catch_up)
        self._announce.altered(await self._store.change_task(task_id, expected, change, self._clock.now()))
        return await self._row(task_id)

    async def _made_before(self, task_id: TaskId) -> TaskRow:
        row = await self._store.task_row(task_id, self._clock.now())
        if row is None:
            raise NotPossible("The task made with this Idempotency-Key is gone. Take a fresh key for a new one.")
        if row.task.deleted_at is not None:
            raise NotPossible(
                f'The task "{row.task.name}" made with this Idempotency-Key was deleted at {shown(row.task.deleted_at)}; '
                f"restore revision {row.task.revision} of {to_ulid(task_id)} to have it back, or take a fresh key for a new one."
            )
        return row

    async def _added(self, task: Task, now: datetime) -> TaskRow:
        """The days of shared lists are the store's to write: such a task is read again."""
        if uses_lists(task.schedule):
            there = await self._existing(task.id)
            return _newborn(there, now) if isinstance(there, Task) else await self._row(task.id)
        return _newborn(task, now)

    async def _row(self, task_id: TaskId) -> TaskRow:
        row = await self._store.task_row(task_id, self._clock.now())
        if row is None:
            raise NotFound("task", to_ulid(task_id))
        return row

    async def _existing(self, task_id: TaskId) -> Stored:
        there = await self._store.task(task_id)
        if there is None:
            raise NotFound("task", to_ulid(task_id))
        return there

    async def _check_shell(self, drafts: Sequence[Draft]) -> None:
        await check_shell([draft.action for draft in drafts], self._settings)

    def _member(self, index: int, draft: Draft, by: Caller, now: datetime, *, paused: bool) -> Task:
        try:
            return self._born(draft, by, now, paused=paused)
        except BadValue as bad:
            raise BadValue(f"tasks.{index}.{bad.field}", bad.message, bad.remedy) from None

    def _born(self, draft: Draft, by: Caller, now: datetime, *, paused: bool) -> Task:
        return Task(
            name=draft.name,
            schedule=opened(draft.schedule, now),
            action=draft.action,
            policy=draft.policy,
            description=draft.description,
            tags=draft.tags,
            pool=draft.pool,
            priority=draft.priority,
            id=TaskId(stamped_id(now, self._random.bytes(RANDOM_BYTES))),
            revision=1,
            created_at=now,
            created_by=by.name,
            updated_at=now,
            pause=Pause(at=now) if paused else None,
        )


async def check_shell(actions: Sequence[Action], settings: Settings) -> None:
    """Raises NotAllowed."""
    shell = any(isinstance(action, Command) and action.shell is not None for action in actions)
    if shell and not await settings.allow_shell():
        raise NotAllowed("Shell lines are switched off by the setting allow_shell. Use argv instead.")


def check_pause(until: datetime | None, reason: str, now: datetime) -> None:
    """Raises BadValue."""
    if until is not None and until <= now:
        raise BadValue("until", f"{shown(until)} has passed", "name a later instant, or leave it out")
    if len(reason) > REASON_MAX:
        raise BadValue("reason", f"longer than {REASON_MAX} characters")


def _newborn(task: Task, now: datetime) -> TaskRow:
    """What a list shows of a task that was made just now, without asking for it."""
    return TaskRow(task=task, next_due_at=next_due(task, now, 0), running=0, last_runs=(), usual_ms=None)


def _no_task(task_id: TaskId, there: Stored | None) -> NotFound:
    if there is None or there.deleted_at is None:
        return NotFound("task", to_ulid(task_id))
    return Deleted(to_ulid(task_id), there.name, there.deleted_at, there.revision)
