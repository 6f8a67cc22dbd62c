"""What the routes work with: put together by the wiring, reached through the application's state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from horarium.api.kept_pages import KeptPages
from horarium.api.static import Page
from horarium.control.access import Access
from horarium.control.bulk import Bulk
from horarium.control.calendar_controller import CalendarController
from horarium.control.condition import Condition
from horarium.control.crontab_import import CrontabImport
from horarium.control.live import Live
from horarium.control.run_controller import RunController
from horarium.control.schedule_controller import ScheduleController
from horarium.control.settings import Settings
from horarium.control.task_controller import TaskController
from horarium.control.trial import Trial
from horarium.control.upcoming import UpcomingController
from horarium.ports.clock import Clock
from horarium.ports.random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`hosts`: names besides the loopback's and IP literals that this service answers to, in lower case, without port.

    `origins`: pages from elsewhere that may change things, e.g. behind a proxy that rewrites Host. `public_url` is where
    people reach the service; `cookie` the name of the session's cookie (`horarium_<port>`); `base_path` what a proxy puts
    before every address ('' or '/horarium'); `versions` what /health/ready tells: horarium, python, sqlite, tzdata;
    `page` the web page, where it was built.
    """

    tasks: TaskController
    bulk: Bulk
    trial: Trial
    upcoming: UpcomingController
    crontabs: CrontabImport
    runs: RunController
    calendars: CalendarController
    schedules: ScheduleController
    access: Access
    settings: Settings
    condition: Condition
    live: Live
    clock: Clock
    random: Random
    version: str
    versions: Mapping[str, str]
    public_url: str
    cookie: str = "horarium_8787"
    base_path: str = ""
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    body_max: int = 4 * 1024 * 1024
    pages: KeptPages | None = None
    page: Page | None = None


def parts(request: Request) -> Parts:
    return cast("Parts", request.scope["app"].state.parts)


async def _parts(request: Request) -> Parts:
    return parts(request)


async def _tasks(request: Request) -> TaskController:
    return parts(request).tasks


async def _runs(request: Request) -> RunController:
    return parts(request).runs


async def _schedules(request: Request) -> ScheduleController:
    return parts(request).schedules


async def _calendars(request: Request) -> CalendarController:
    return parts(request).calendars


async def _access(request: Request) -> Access:
    return parts(request).access


async def _settings(request: Request) -> Settings:
    return parts(request).settings


async def _condition(request: Request) -> Condition:
    return parts(request).condition


async def _clock(request: Request) -> Clock:
    return parts(request).clock


Whole = Annotated[Parts, Depends(_parts)]
Tasks = Annotated[TaskController, Depends(_tasks)]
Runs = Annotated[RunController, Depends(_runs)]
Schedules = Annotated[ScheduleController, Depends(_schedules)]
Calendars = Annotated[CalendarController, Depends(_calendars)]
Doors = Annotated[Access, Depends(_access)]
Preferences = Annotated[Settings, Depends(_settings)]
State = Annotated[Condition, Depends(_condition)]
Time = Annotated[Clock, Depends(_clock)]
