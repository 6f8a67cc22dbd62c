"""What may be done to the named calendars that schedules leave out."""

from dataclasses import dataclass
from typing import Final

from horarium.control.announce import Announce
from horarium.core.access import Caller
from horarium.core.calendar import Calendar, check_calendar, check_days
from horarium.core.errors import NotFound
from horarium.core.page import PageOf, Window
from horarium.ports.clock import Clock
from horarium.ports.store import CalendarStore

REFRESH_BITE_MAX: Final = 20
"""Tasks changed in one transaction: some 30 ms."""
REFRESH_BITES_MAX: Final = 50
REFRESH_SECONDS_MAX: Final = 2.0
"""Whoever changes a calendar waits for its tasks this long and so many bites; the engine does the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCalendar:
    """`tasks_changed` follow it already, `tasks_to_come` will in a moment."""

    calendar: Calendar
    made: bool
    tasks_changed: int
    tasks_to_come: int


class CalendarController:
    def __init__(self, *, store: CalendarStore, clock: Clock, announce: Announce) -> None:
        self._store = store
        self._clock = clock
        self._announce = announce

    async def save(self, name: str, days: tuple[str, ...], description: str, by: Caller) -> SavedCalendar:
        """Make it, or replace its days; the tasks that use it follow. Raises BadValue."""
        check_calendar(name, description)
        check_days(days)
        saved = await self._store.put_calendar(name, days, description, self._clock.now(), by.name)
        changed, to_come = await self._refreshed(name)
        return SavedCalendar(calendar=saved.calendar, made=saved.made, tasks_changed=changed, tasks_to_come=to_come)

    async def read(self, name: str, version: int | None = None) -> Calendar:
        """The one that holds, or any version that ever held. Raises NotFound with the nearest name."""
        found = await self._store.calendar(name, version)
        if found is None:
            raise await self._unknown(name, version)
        return found

    async def rows(self, window: Window) -> PageOf[Calendar]:
        return await self._store.calendars(window)

    async def versions(self, name: str, window: Window) -> PageOf[Calendar]:
        """Also of a calendar that was deleted. Raises NotFound."""
        found = await self._store.calendar_versions(name, window)
        if not found.items and await self._store.calendar(name, 1) is None:
            raise await self._unknown(name, None)
        return found

    async def delete(self, name: str, by: Caller) -> None:
        """Raises NotFound, CalendarInUse."""
        await self._store.delete_calendar(name, self._clock.now(), by.name)

    async def _refreshed(self, name: str) -> tuple[int, int]:
        """How many tasks were changed, and how many are left to the engine; told to it also where this is cut short."""
        changed, to_come = 0, None
        until = self._clock.monotonic() + REFRESH_SECONDS_MAX
        try:
            for _ in range(REFRESH_BITES_MAX):
                bite = await self._store.refresh(REFRESH_BITE_MAX, self._clock.now(), name)
                changed += sum(altered.changed for altered in bite.altered)
                for altered in bite.altered:
                    self._announce.altered(altered)
                if not bite.more:
                    to_come = 0
                    break
                if self._clock.monotonic() > until:
                    break
            if to_come is None:
                to_come = await self._store.count_outdated(name)
        finally:
            if to_come != 0:
                self._announce.lists()
        return changed, to_come

    async def _unknown(self, name: str, version: int | None) -> NotFound:
        if version is not None and await self._store.calendar(name, 1) is not None:
            return NotFound("version of that calendar", str(version))
        return NotFound("calendar", name, await self._store.nearest_calendar(name))
