"""All that is due in a stretch of time to come, in bounded time however much that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from horarium.control.agenda import Agenda, Entry
from horarium.control.agenda_marks import marked
from horarium.core.errors import BadValue
from horarium.core.ids import TaskId
from horarium.core.instants import LAST, MILLISECOND
from horarium.ports.clock import Clock
from horarium.ports.store import Due, TaskStore

STRETCH: Final = timedelta(hours=24)
STRETCH_MAX: Final = timedelta(days=366)
TASKS_MAX: Final = 2_000
"""The tasks looked at: those that are due first."""
LINES_MAX: Final = 20_000
"""Hours of single tasks that one answer looks at."""
SECONDS_MAX: Final = 0.5
MARKING_SECONDS_MAX: Final = 0.1
BITE_MAX: Final = 20
"""So many are looked at without a pause: some 5 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """Complete before `next_from`, where that is not None. `truncated`: something before it is missing too, since more than
    TASKS_MAX tasks are due, or since it took too long; `more` occurrences of the last hour found no room."""

    since: datetime
    before: datetime
    entries: tuple[Entry, ...]
    next_from: datetime | None
    more: int
    truncated: bool


class UpcomingController:
    def __init__(self, *, store: TaskStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def between(self, since: datetime | None, before: datetime | None, limit: int) -> Upcoming:
        """From `since` (now) until before `before` (a day later), at most `limit` entries. Raises BadValue."""
        begin = self._clock.now() if since is None else since
        end = min(begin, LAST - STRETCH) + STRETCH if before is None else before
        if end <= begin:
            raise BadValue("to", "does not lie after the beginning", "name a later instant, or leave it out")
        if end - begin > STRETCH_MAX:
            raise BadValue("to", f"lies more than {STRETCH_MAX.days} days after the beginning", "ask for less")
        dues = await self._store.coming(end - MILLISECOND, TASKS_MAX + 1)
        beyond = dues[TASKS_MAX].cursor.next_due_at if len(dues) > TASKS_MAX else None
        horizon = end if beyond is None else min(end, max(beyond, begin))
        agenda = Agenda.of(dues[:TASKS_MAX], begin, horizon if horizon > begin else end, limit)
        await self._fill(agenda)
        entries = await self._marked(agenda.entries, dues)
        next_from = agenda.next_from
        if next_from is None and begin < horizon < end:
            next_from = horizon
        return Upcoming(
            since=begin,
            before=end,
            entries=entries,
            next_from=next_from,
            more=agenda.more,
            truncated=agenda.is_cut or agenda.sparse > 0 or (beyond is not None and horizon <= begin),
        )

    async def _marked(self, entries: Sequence[Entry], dues: Sequence[Due]) -> tuple[Entry, ...]:
        """With what clocks and closed days did to them, as far as there is time for it: nothing is missing without."""
        schedules = {due.task.id: due.task.schedule for due in dues}
        places: dict[TaskId, list[int]] = {}
        for place, entry in enumerate(entries):
            places.setdefault(entry.task_id, []).append(place)
        found = list(entries)
        until = self._clock.monotonic() + MARKING_SECONDS_MAX
        for task_id, own in places.items():
            if self._clock.monotonic() > until:
                break
            for place, entry in zip(own, marked(schedules[task_id], [entries[n] for n in own]), strict=True):
                found[place] = entry
            await self._clock.sleep(0)
        return tuple(found)

    async def _fill(self, agenda: Agenda) -> None:
        """Until it is done, or for as long as it may take."""
        until = self._clock.monotonic() + SECONDS_MAX
        for _ in range(LINES_MAX // BITE_MAX):
            agenda.step(BITE_MAX)
            if agenda.done:
                return
            if self._clock.monotonic() > until:
                break
            await self._clock.sleep(0)
        agenda.stop()
