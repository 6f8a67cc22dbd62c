"""A crontab becomes tasks: first shown, then made, all of them or none."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from horarium.control.crontab_reading import SEEMS_SYSTEM, own_user, refusals, seems_system
from horarium.control.settings import Settings
from horarium.control.task_controller import TaskController
from horarium.core.access import Caller
from horarium.core.crontab.read import Crontab, Item, read_crontab
from horarium.core.errors import BadValue, NotPossible
from horarium.core.page import TaskRow
from horarium.core.schedule.zone import zone
from horarium.ports.clock import Clock
from horarium.ports.store import TaskStore

TASKS_MAX: Final = 1_000
"""Made in one transaction."""
ROUNDS_MAX: Final = 20
AHEAD: Final = 100
"""Where a name is taken, so many further numbers are asked for at once."""
_NUMBERED: Final = re.compile(r"(.*?)(?:-[0-9]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was read, when each line is due first, and the tasks that were made of it."""

    read: Crontab
    dues: tuple[datetime | None, ...]
    made: tuple[TaskRow, ...]

    @property
    def items(self) -> tuple[tuple[Item, datetime | None], ...]:
        return tuple(zip(self.read.items, self.dues, strict=True))


class CrontabImport:
    def __init__(self, *, tasks: TaskController, store: TaskStore, clock: Clock, settings: Settings) -> None:
        self._tasks = tasks
        self._store = store
        self._clock = clock
        self._settings = settings

    async def carry_over(
        self,
        text: str,
        by: Caller,
        *,
        apply: bool,
        skip_refused: bool,
        system: bool | None,
        timezone: str | None,
        prefix: str,
    ) -> Imported:
        """`system` None: by how it looks. Raises BadValue, NameTaken, NotAllowed, NotPossible; then nothing is made."""
        place = await self._settings.timezone() if timezone is None else timezone
        _check_zone(place)
        read = await self._with_free_names(text, system=system, timezone=place, prefix=prefix)
        if apply:
            _check_complete(read, skip_refused=skip_refused)
        now = self._clock.now()
        dues = tuple(None if item.draft is None else item.draft.schedule.next_due(now) for item in read.items)
        made = await self._tasks.create_batch(read.drafts, by) if apply and read.drafts else ()
        return Imported(read=read, dues=dues, made=made)

    async def _with_free_names(self, text: str, *, system: bool | None, timezone: str, prefix: str) -> Crontab:
        reading = partial(read_crontab, text, system=system is True, timezone=timezone, prefix=prefix, user=own_user())
        taken: set[str] = set()
        for _ in range(ROUNDS_MAX):
            # Ten thousand lines take a second: others go on meanwhile.
            read = await asyncio.to_thread(reading, taken=taken)
            if system is None and seems_system(read):
                raise BadValue("system", SEEMS_SYSTEM, "say true if the users are not part of the commands, else false")
            names = {draft.name for draft in read.drafts}
            found = await self._store.names_taken(sorted(names))
            if not found:
                return read
            taken |= found | await self._store.names_taken(sorted(_further(found)))
        raise NotPossible("Too many tasks have names like these commands. Import it with a prefix that no task has.")


def _further(names: Iterable[str]) -> set[str]:
    """The names that would be given next."""
    roots = {found[1] for name in names if (found := _NUMBERED.fullmatch(name)) is not None}
    return {f"{root}-{number}" for root in roots for number in range(2, AHEAD)}


def _check_zone(name: str) -> None:
    try:
        zone(name)
    except BadValue as bad:
        raise BadValue("timezone", bad.message, bad.remedy) from None


def _check_complete(read: Crontab, *, skip_refused: bool) -> None:
    if read.refused and not skip_refused:
        raise BadValue(
            "text", f"nothing is written: {refusals(read)}", "mend them, or leave them out with skip_refused: true"
        )
    if len(read.drafts) > TASKS_MAX:
        raise BadValue("text", f"more than {TASKS_MAX:,} tasks at once", "import it in parts")
