"""The only place that names concrete parts: it puts one service together, runs it, and takes it apart again.

What is heavy is imported where it is needed: the guardian must be started before anything large is loaded.
"""

import asyncio
import contextlib
import gc
import os
import platform
import resource
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from horarium import __version__, browser, server_files
from horarium.actions.guardian_client import Guardian
from horarium.clocks.system import SystemClock, SystemRandom
from horarium.config import Settings
from horarium.core.errors import BadValue, HorariumError, StoreAway, StoreInUse, StoreNewerThanCode
from horarium.core.ids import RANDOM_BYTES, WorkerId, stamped_id
from horarium.greeting import Greeting, lines
from horarium.stores.folder import DataFolder

if TYPE_CHECKING:
    from horarium.api.serving import Web
    from horarium.caches.live_events import LiveEvents
    from horarium.control.access import Access
    from horarium.engine.engine import Engine, Makeup
    from horarium.ports.action import Doer
    from horarium.ports.store import Store

OK: Final = 0
REFUSED: Final = 2
IN_USE: Final = 5
BROKEN: Final = 70
"""EX_SOFTWARE of sysexits.h: a part failed for a reason nobody expected."""

COMMANDS_SECONDS_MAX: Final = 15.0
OPEN_FILES_WANTED: Final = 65_536
STOP_SECONDS_MAX: Final = 30.0
"""What the web server and the parts may take to end once the engine has drained."""
KEY_FILE: Final = "setup-key"
YOUNG_VALUES: Final = 20_000
OLDER_ROUNDS: Final = (20, 20)
"""After so many new values the collector looks at them, and after so many such looks at older ones: gc.set_threshold."""

log = structlog.get_logger()


class CannotStart(HorariumError):
    """One sentence, the remedy, and the exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def serve(settings: Settings, *, may_open: bool = True) -> int:
    """Run one service until it is told to stop; answers the exit code. Never raises for what a person can mend.

    `may_open`: a first start opens the browser, where somebody sits in front of one.
    """
    begun = time.monotonic()
    configure_logs()
    try:
        with _held_folder(settings) as held:
            return _run(_Service(settings, held, begun, may_open=may_open))
    except CannotStart as refused:
        tell(refused)
        return refused.code
    except (StoreInUse, StoreNewerThanCode, StoreAway, BadValue) as refused:
        tell(refused, *([refused.remedy] if isinstance(refused, BadValue) and refused.remedy else []))
        return IN_USE if isinstance(refused, StoreInUse) else REFUSED


def tell(*sentences: object) -> None:
    """One sentence a line on standard error."""
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")


def configure_logs() -> None:
    """People read lines, machines read JSON; both go to standard error."""
    human = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if human else structlog.processors.dict_tracebacks,
            *([] if human else [structlog.processors.JSONRenderer()]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


# The data folder and the guardian come first, before anything heavy is loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What is held from the first moment to the last."""

    folder: DataFolder | None
    guardian: Guardian | None


@contextlib.contextmanager
def _held_folder(settings: Settings) -> Iterator[_Held]:
    folder = None if settings.in_memory else DataFolder.open(settings.data_dir)
    try:
        works = "worker" in settings.roles
        lock = _commands_lock(folder) if folder is not None and (works or "scheduler" in settings.roles) else None
        guardian = Guardian.launch(lock) if works else None
        yield _Held(folder=folder, guardian=guardian)
    finally:
        if folder is not None:
            folder.close()


def _commands_lock(folder: DataFolder) -> int:
    """Commands of a former life may still be ending: nothing is started before they are dead."""
    until = time.monotonic() + COMMANDS_SECONDS_MAX
    told = False
    while (lock := folder.try_commands_lock()) is None:
        if time.monotonic() > until:
            raise CannotStart(
                f"Commands of an earlier service still run in {folder.path} after {COMMANDS_SECONDS_MAX:.0f} s. "
                "End them, then start again.",
                IN_USE,
            )
        if not told:
            tell("Waiting for the commands of the earlier service to end…")
            told = True
        time.sleep(0.05)
    return lock


# One service


def _run(service: "_Service") -> int:
    import uvloop

    _raise_open_files()
    return uvloop.run(service.live())


class _Service:
    """Everything between the start and the end of one process."""

    def __init__(self, settings: Settings, held: _Held, begun: float, *, may_open: bool) -> None:
        self.settings = settings
        self.held = held
        self.begun = begun
        self.may_open = may_open
        self.clock = SystemClock()
        self.random = SystemRandom()
        self.new = held.folder is None or not held.folder.books.exists()

    async def live(self) -> int:
        from horarium.caches.live_events import LiveEvents
        from horarium.engine.engine import Engine
        from horarium.queues.in_process import InProcessQueue

        settings = self.settings
        listener = _listener(settings) if "api" in settings.roles else None
        events = LiveEvents(clock=self.clock, random=self.random)
        store = self._open_store(events)
        try:
            makeup = self._makeup()
            doers = self._doers(listener) if makeup.works else {}
            engine = Engine(makeup, store=store, queue=InProcessQueue(), clock=self.clock, doers=doers)
            web = await self._web(engine, store, listener, events) if listener is not None else None
            # Nothing may refuse the start from here on: the books are touched.
            await store.mend_broken(self.clock.now())
            await engine.begin()
            return await self._serve(engine, store, web, events)
        finally:
            await store.close()
            if listener is not None:
                listener.close()

    def _open_store(self, events: "LiveEvents") -> "Store":
        from horarium.core.schedule.zone import tzdata_version
        from horarium.stores.open import open_file, open_memory

        folder = self.held.folder
        tzdata = tzdata_version()
        return open_memory(tzdata, events) if folder is None else open_file(folder, tzdata, events)

    async def _serve(self, engine: "Engine", store: "Store", web: "Web | None", events: "LiveEvents") -> int:
        from horarium.core.schedule import phrase

        told = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled, told, engine)
        running = [loop.create_task(engine.run(), name="engine")]
        if web is not None:
            running.append(loop.create_task(web.serve(), name="api"))
            await web.started()
            await self._greet(store, web.port)
            await asyncio.to_thread(phrase.prepare)  # so that the first phrase does not wait
        calm_collector()
        telling = loop.create_task(told.wait())
        done, _ = await asyncio.wait([telling, *running], return_when=asyncio.FIRST_COMPLETED)
        code = OK
        if telling not in done:
            code = BROKEN
            for task in done:
                log.critical(
                    "a part ended by itself",
                    part=task.get_name(),
                    cause=repr(task.exception()),
                    exc_info=task.exception(),
                )
        events.close()  # whoever looks on is told at once, and not kept until the last run has ended
        await self._stop(engine, web, running)
        return code

    def _signalled(self, told: asyncio.Event, engine: "Engine") -> None:
        """The first signal drains, the second does not wait any longer."""
        if told.is_set():
            engine.hurry()
        told.set()

    async def _stop(self, engine: "Engine", web: "Web | None", running: "list[asyncio.Task[None]]") -> None:
        with contextlib.suppress(StoreAway):
            await engine.drain()
        if web is not None:
            web.stop()
        port = web.port if web is not None else None
        await asyncio.wait(running, timeout=STOP_SECONDS_MAX)
        if port is not None:
            server_files.remove(port, pid=os.getpid(), state_dir=self.settings.state_dir)
        if self.held.guardian is not None:
            await self.held.guardian.close()

    def _makeup(self) -> "Makeup":
        from horarium.core.schedule.zone import tzdata_version
        from horarium.core.worker import Worker
        from horarium.engine.engine import Makeup

        settings, now = self.settings, self.clock.now()
        record = Worker(
            id=WorkerId(stamped_id(now, self.random.bytes(RANDOM_BYTES))),
            name=f"{platform.node() or 'localhost'}:{settings.port}",
            pools=settings.pools,
            slots=settings.slots,
            process_slots=min(settings.process_slots, settings.slots),
            version=__version__,
            started_at=now,
        )
        return Makeup(
            record=record,
            schedules="scheduler" in settings.roles,
            works="worker" in settings.roles,
            shared=False,
            tzdata=tzdata_version(),
            drain_seconds=settings.drain_seconds,
        )

    def _doers(self, listener: socket.socket | None) -> "Mapping[str, Doer]":
        from horarium.actions.address_guard import Guard
        from horarium.actions.command import CommandDoer
        from horarium.actions.http import HttpDoer
        from horarium.actions.log import LogDoer
        from horarium.actions.python_call import PythonDoer

        guardian = self.held.guardian
        assert guardian is not None, "a worker has a guardian"
        private = self.settings.private_addresses
        guard = Guard(
            allow_private=private == ("allow",),
            allowed=() if private in (("allow",), ("deny",)) else tuple(ip_network(text) for text in private),
            own_port=listener.getsockname()[1] if listener is not None else None,
        )
        return {
            "log": LogDoer(),
            "http": HttpDoer(guard),
            "command": CommandDoer(guardian),
            "python": PythonDoer(guardian),
        }

    async def _web(self, engine: "Engine", store: "Store", listener: socket.socket, events: "LiveEvents") -> "Web":
        from horarium.api.app import build_app
        from horarium.api.kept_pages import KeptPages
        from horarium.api.parts import Parts
        from horarium.api.serving import Web, public_url
        from horarium.api.static import find_page
        from horarium.caches.memory import MemoryCache
        from horarium.clocks.host_zone import host_zone
        from horarium.control.access import Access, Standing
        from horarium.control.announce import Announce
        from horarium.control.bulk import Bulk
        from horarium.control.calendar_controller import CalendarController
        from horarium.control.condition import Condition
        from horarium.control.crontab_import import CrontabImport
        from horarium.control.live import Live
        from horarium.control.run_controller import RunController
        from horarium.control.schedule_controller import ScheduleController
        from horarium.control.settings import Settings as Preferences
        from horarium.control.task_controller import TaskController
        from horarium.control.trial import Trial
        from horarium.control.upcoming import UpcomingController
        from horarium.core.schedule.zone import names, tzdata_version

        settings, clock, random = self.settings, self.clock, self.random
        self.token = f"hor_local_{random.bytes(32).hex()}"
        standing = [Standing.of(self.token, name="local")]
        if settings.admin_token is not None:
            standing.append(Standing.of(settings.admin_token.get_secret_value(), name="admin"))
        self.access = Access(store=store, clock=clock, random=random, standing=standing)
        await check_reach(settings, self.access)
        zone, _ = host_zone()
        preferences = Preferences(store=store, default_timezone=zone if zone in names() else "UTC")
        announce = Announce(bell=engine)
        port = listener.getsockname()[1]
        pages = None if store.commits is None else KeptPages(cache=MemoryCache(clock), stamp=lambda: store.commits or 0)
        tasks = TaskController(store=store, clock=clock, random=random, announce=announce, settings=preferences)
        parts = Parts(
            pages=pages,
            tasks=tasks,
            crontabs=CrontabImport(tasks=tasks, store=store, clock=clock, settings=preferences),
            runs=RunController(store=store, clock=clock, random=random, announce=announce),
            schedules=ScheduleController(store=store, clock=clock),
            upcoming=UpcomingController(store=store, clock=clock),
            bulk=Bulk(store=store, clock=clock, random=random, announce=announce),
            trial=Trial(store=store, clock=clock, random=random, announce=announce, settings=preferences),
            calendars=CalendarController(store=store, clock=clock, announce=announce),
            access=self.access,
            settings=preferences,
            condition=Condition(store=store, clock=clock, vitals=engine.vitals, settings=preferences),
            live=Live(store=store, events=events, clock=clock),
            clock=clock,
            random=random,
            version=__version__,
            versions={
                "horarium": __version__,
                "python": platform.python_version(),
                "sqlite": sqlite3.sqlite_version,
                "tzdata": tzdata_version(),
            },
            public_url=public_url(settings.host, port),
            cookie=f"horarium_{port}",
            page=find_page(browser.PAGE),
            hosts=frozenset(name.lower() for name in settings.allowed_hosts),
        )
        self.preferences = preferences
        return Web(build_app(parts), listener)

    async def _greet(self, store: "Store", port: int) -> None:
        """Say where everything is; the state file comes last, so that whoever finds it finds a server that answers."""
        from horarium.api.serving import public_url
        from horarium.core.page import TaskFilter, Window

        settings, folder = self.settings, self.held.folder
        key = await first_key(self.access, folder)
        url = public_url(settings.host, port)
        server_files.write(
            port, url=url, token=self.token, pid=os.getpid(), data_dir=settings.data_dir, state_dir=settings.state_dir
        )
        page = await store.task_rows(TaskFilter(), Window(limit=1, total=True), self.clock.now())
        built = browser.page_built()
        opening = built and key is not None and self.may_open and browser.can_open(os.environ, tty=sys.stdout.isatty())
        away = built and settings.loopback and browser.is_remote(os.environ)
        greeting = Greeting(
            version=__version__,
            python=platform.python_version(),
            timezone=await self.preferences.timezone(),
            now=self.clock.now(),
            url=url,
            data="memory" if folder is None else str(folder.books),
            new=self.new,
            in_memory=folder is None,
            loopback=settings.loopback,
            roles=settings.roles,
            key=key,
            page=built,
            key_minutes=30,
            ready_seconds=time.monotonic() - self.begun,
            drain_seconds=settings.drain_seconds,
            tasks=page.total or 0,
            opening=opening,
            tunnel=browser.tunnel(os.environ, port) if away else None,
        )
        sys.stdout.write("\n".join(lines(greeting)) + "\n")
        sys.stdout.flush()
        if opening and not await asyncio.to_thread(browser.open_link, f"{url}/setup#k={key}", settings.state_dir):
            tell("No browser could be opened here; the link above does the same.")


def upgrade(settings: Settings) -> None:
    """Bring the data folder's databases to this version. Raises StoreInUse, StoreNewerThanCode, StoreAway."""
    from horarium.core.schedule.zone import tzdata_version
    from horarium.stores.open import open_file

    async def opened() -> None:
        await open_file(folder, tzdata_version()).close()

    folder = DataFolder.open(settings.data_dir)
    try:
        asyncio.run(opened())
    finally:
        folder.close()


def backup(settings: Settings, path: Path) -> None:
    """A consistent copy of the data folder's databases, also while a service runs on them."""
    from horarium.stores import folder
    from horarium.stores.sql.backup import backup as copy
    from horarium.stores.sqlite_files import open_reader

    files = settings.data_dir / folder.BOOKS, settings.data_dir / folder.OUTPUT
    if not all(file.exists() for file in files):
        raise BadValue(
            str(settings.data_dir), "there is no database in this folder", "name the right one with --data-dir"
        )
    books, output = (open_reader(file) for file in files)
    with books, output:
        copy(books, output, str(path))


def _listener(settings: Settings) -> socket.socket:
    from horarium.api.serving import CannotListen, listen

    try:
        return listen(settings.host, settings.port)
    except CannotListen as refused:
        mine = next((s for s in server_files.live(settings.state_dir) if s.port == settings.port), None)
        if refused.busy and mine is not None:
            raise CannotStart(
                f"Port {settings.port} is in use by horarium (pid {mine.pid}, data in {mine.data_dir}). "
                f"Use that one at {mine.url}, or start this one with --port {settings.port + 1}.",
                IN_USE,
            ) from None
        raise CannotStart(str(refused), IN_USE if refused.busy else REFUSED) from None


async def check_reach(settings: Settings, access: "Access") -> None:
    """Other computers are let in only where somebody has to sign in with a secret that exists already."""
    if settings.loopback:
        return
    if settings.admin_token is None and not await access.has_tokens():
        raise CannotStart(
            f"Refusing to listen on {settings.host} where nobody has to sign in yet. Create a token first (start it here, "
            "then: horarium token create NAME --role admin), or set HORARIUM_ADMIN_TOKEN to 32 or more random characters.",
            REFUSED,
        )
    tell("Warning: plain http. Whoever can listen on the network reads tokens and outputs; put TLS in front.")


async def first_key(access: "Access", folder: DataFolder | None) -> str | None:
    """A one-time key while nobody has ever signed in, also in a file that only this user reads."""
    if not await access.nobody_yet():
        if folder is not None:
            (folder.path / KEY_FILE).unlink(missing_ok=True)
        return None
    key = (await access.fresh_key()).key
    if folder is not None:
        _write_private(folder.path / KEY_FILE, key + "\n")
    return key


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)


def _raise_open_files() -> None:
    """Each run of a command holds a few descriptors; the soft limit of many systems is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES_WANTED)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def calm_collector() -> None:
    """What is there after the start stays, so the collector need not look at it again and again; and a batch of runs makes
    some ten thousand values that reference counting alone takes away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_VALUES, *OLDER_ROUNDS)
