"""One wish for many tasks: each is asked for by itself, in small bites, so that nothing that is due has to wait for them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, assert_never

from horarium.control.announce import Announce
from horarium.control.errors import CountChanged, NotAllowed
from horarium.control.task_controller import check_pause
from horarium.core.access import Caller, Role
from horarium.core.change import Change, to_deleted, to_paused, to_resumed
from horarium.core.errors import BadValue, HorariumError, NotFound, StoreError
from horarium.core.ids import RANDOM_BYTES, RunId, TaskId, stamped_id, to_ulid
from horarium.core.page import LIMIT_MAX, TaskFilter, Window
from horarium.ports.clock import Clock
from horarium.ports.random import Random
from horarium.ports.store import Store

BULK_MAX: Final = 10_000
BITE_MAX: Final = 20
"""So many changes go together into one transaction of the store: about 5 ms, after which whatever is due goes first."""
SEARCH_SECONDS_MAX: Final = 10.0

BulkAction: TypeAlias = Literal["run", "pause", "resume", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkWish:
    """`until` and `reason` of a pause, `catch_up` of its end."""

    action: BulkAction
    until: datetime | None = None
    reason: str = ""
    catch_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkDone:
    """`untried`: those that were left after the store had gone away."""

    count: int
    done: int
    untried: int
    refused: tuple[tuple[TaskId, HorariumError], ...]


class Bulk:
    def __init__(self, *, store: Store, clock: Clock, random: Random, announce: Announce) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._announce = announce

    async def carry_out(
        self, wish: BulkWish, tasks: Sequence[TaskId] | TaskFilter, expected: int | None, by: Caller
    ) -> BulkDone:
        """Raises NotAllowed, BadValue and CountChanged before anything is done; what a single task refuses is in the answer."""
        if wish.action == "delete" and by.role < Role.EDITOR:
            raise NotAllowed(f"Deleting needs the role editor; {by.name} has {by.role.label}.")
        if wish.action == "pause":
            check_pause(wish.until, wish.reason, self._clock.now())
        ids = await self._meant(tasks) if isinstance(tasks, TaskFilter) else tuple(tasks)
        if expected is not None and expected != len(ids):
            raise CountChanged(expected, len(ids))
        refused: list[tuple[TaskId, HorariumError]] = []
        tried = 0
        for start in range(0, len(ids), BITE_MAX):
            bite = ids[start : start + BITE_MAX]
            answers = await asyncio.gather(*(self._one(task_id, wish, by) for task_id in bite))
            refused += [(task_id, no) for task_id, no in zip(bite, answers, strict=True) if no is not None]
            tried += len(bite)
            if any(isinstance(no, StoreError) for no in answers):
                break
        return BulkDone(count=len(ids), done=tried - len(refused), untried=len(ids) - tried, refused=tuple(refused))

    async def _meant(self, wanted: TaskFilter) -> tuple[TaskId, ...]:
        found: list[TaskId] = []
        cursor: str | None = None
        until = self._clock.monotonic() + SEARCH_SECONDS_MAX
        while self._clock.monotonic() < until:
            page = await self._store.task_ids(wanted, Window(limit=LIMIT_MAX, cursor=cursor), self._clock.now())
            found += page.items
            if len(found) > BULK_MAX:
                raise BadValue("filter", f"means more than {BULK_MAX:,} tasks", "narrow it, and ask several times")
            if page.next_cursor is None:
                return tuple(found)
            cursor = page.next_cursor
        message = f"the search for these tasks takes more than {SEARCH_SECONDS_MAX:.0f} s"
        raise BadValue("filter", message, "search by tag, state, pool or kind, or name the ids")

    async def _one(self, task_id: TaskId, wish: BulkWish, by: Caller) -> HorariumError | None:
        """None where it is done."""
        try:
            await self._asked(task_id, wish, by)
        except HorariumError as no:
            return no
        return None

    async def _asked(self, task_id: TaskId, wish: BulkWish, by: Caller) -> None:
        now = self._clock.now()
        match wish.action:
            case "run":
                run_id = RunId(stamped_id(now, self._random.bytes(RANDOM_BYTES)))
                self._announce.committed(await self._store.run_now(task_id, run_id, now, by.name, allow=False))
                return
            case "pause":
                change = Change(what="paused", by=by.name, apply=to_paused(wish.until, wish.reason))
            case "resume":
                change = Change(what="resumed", by=by.name, apply=to_resumed, catch_up=wish.catch_up)
            case "delete":
                change = Change(what="deleted", by=by.name, apply=to_deleted)
                there = await self._store.task(task_id)
                if there is None or there.deleted_at is not None:
                    raise NotFound("task", to_ulid(task_id))
            case _:
                assert_never(wish.action)
        self._announce.altered(await self._store.change_task(task_id, None, change, now))
