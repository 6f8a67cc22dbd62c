"""Carries out `command`: a program under the guardian, in an environment built from nothing."""

import asyncio
import os
import pwd
import signal
from collections.abc import Callable, Mapping
from typing import Final, assert_never

from horarium.actions.guardian_client import Abandoned, Ending, Exited, Guardian, GuardianAway, Process, Refused
from horarium.actions.pump import Pump, plain
from horarium.core.action import Action, Command
from horarium.core.ids import to_ulid
from horarium.core.outcome import Ended, Failed, Succeeded
from horarium.ports.action import Identity, Sink

STOP_GRACE_SECONDS: Final = 10.0
KILL_SECONDS_MAX: Final = 5.0
"""How long a killed process may take to vanish (a disk that hangs) before its run stops waiting for it."""
ABANDONED: Final = "the command guardian ended unexpectedly"
SHELL: Final = "/bin/sh"
PATH_DEFAULT: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class CommandDoer:
    """Many at once, and no thread: each is two pipes here and one process under the guardian."""

    def __init__(
        self,
        guardian: Guardian,
        *,
        service_environment: Mapping[str, str] = os.environ,
        stop_grace_seconds: float = STOP_GRACE_SECONDS,
    ) -> None:
        self._guardian = guardian
        self._base = base_environment(service_environment)
        self._folder = folder_of(self._base)
        self._grace = stop_grace_seconds

    async def start(self) -> None:
        """Nothing: the guardian was launched before the engine."""

    async def do(self, action: Action, identity: Identity, output: Sink) -> Ended:
        assert isinstance(action, Command)
        try:
            pump = Pump(output)
        except OSError as none_left:
            return not_begun(none_left)
        try:
            try:
                process = await self._guardian.spawn(
                    argv=action.argv if action.argv is not None else (SHELL, "-c", action.shell or ""),
                    environment={**self._base, **action.env, **identity.environment()},
                    folder=action.cwd or self._folder,
                    descriptors=pump.take(),
                    mark=to_ulid(identity.run_id),
                )
            except (GuardianAway, ValueError) as why:
                return not_begun(why)
            process.when_running = pump.listen
            try:
                await pump.run(process.ended)
            except BaseException:
                await stopped(self._guardian, process, pump, self._grace)
                raise
            return judged(process.ended.result(), pump.last_line)
        finally:
            pump.close()

    async def close(self) -> None:
        """Nothing: every `do` has ended, and the guardian is closed by whoever launched it."""


def base_environment(service: Mapping[str, str]) -> dict[str, str]:
    """All that a process inherits: PATH, HOME and LANG of the service, or sensible ones where it has none."""
    return {
        "PATH": service.get("PATH") or PATH_DEFAULT,
        "HOME": service.get("HOME") or home_folder(),
        "LANG": service.get("LANG") or "C.UTF-8",
    }


def folder_of(environment: Mapping[str, str]) -> str:
    """Where a process starts that names no folder: HOME, or / for a service user whose HOME does not exist."""
    return environment["HOME"] if os.path.isdir(environment["HOME"]) else "/"


def home_folder() -> str:
    """From the user database; a container's user may be in none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_dir or "/"
    except KeyError:
        return "/"


async def stopped(guardian: Guardian, process: Process, pump: Pump, grace_seconds: float) -> None:
    """TERM, the grace, KILL; its last words are still read. Cancelling this again means: at once.

    Returns when the process and what it started are gone, or when not even KILL ended them in time.
    """
    guardian.stop(process, grace_seconds)
    process.when_running = None
    pump.listen()
    reading = asyncio.ensure_future(pump.run(process.ended))
    loop = asyncio.get_running_loop()
    until = loop.time() + grace_seconds + KILL_SECONDS_MAX
    while not reading.done() and (left := until - loop.time()) > 0:
        try:
            await asyncio.wait({reading}, timeout=left)
        except asyncio.CancelledError:
            guardian.stop(process, 0)
            until = min(until, loop.time() + KILL_SECONDS_MAX)
    if not reading.done():
        reading.cancel()
        await asyncio.wait({reading})
    if not reading.cancelled():
        reading.exception()  # a sink that failed has said so already, or the run is being cancelled anyway


def judged(ending: Ending, last_line: Callable[[], str | None]) -> Ended:
    """What the end of a command means."""
    match ending:
        case Exited(code=0):
            return Succeeded(exit_status=0)
        case Exited(code=code) if code < 0:
            return Failed(reason="exit_status", detail=f"killed by {signal_name(-code)}")
        case Exited(code=code):
            return Failed(reason="exit_status", exit_status=code, detail=last_line())
        case Refused(text=text):
            return Failed(reason="error", detail=plain(text))
        case Abandoned():
            return Failed(reason="error", detail=ABANDONED)
        case _:
            assert_never(ending)


def not_begun(why: Exception) -> Failed:
    """Nothing was started."""
    return Failed(reason="error", detail=plain(why.strerror if isinstance(why, OSError) and why.strerror else str(why)))


def signal_name(number: int) -> str:
    """SIGKILL for 9; real-time signals have no names."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
