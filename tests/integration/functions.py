"""What the tests of Python calls call: in a child process, by name."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

calls = 0


def greet(name: str, *, loud: bool = False) -> str:
    print("hello", name)
    print("aside", file=sys.stderr)
    return name.upper() if loud else name


def nothing() -> None:
    """Returns None: no output."""


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    return [value]


def fail(text: str) -> NoReturn:
    raise ValueError(text)


def leave(status: Any) -> NoReturn:
    sys.exit(status)


def count() -> tuple[int, int]:
    global calls
    calls += 1
    return os.getpid(), calls


def die(name: str) -> None:
    os.kill(os.getpid(), signal.Signals[name])


def vanish() -> None:
    os._exit(4)


def hang_up() -> None:
    os.close(3)
    time.sleep(600)


def environment() -> str:
    subprocess.run(["env"], check=True)
    return " ".join(sorted(os.environ))


def spoil() -> None:
    os.environ["SPOILT"] = "yes"
    os.chdir("/")
    sys.stdout.close()


def where() -> str:
    return os.getcwd()


def huge(size: int) -> str:
    return "x" * size


def write(size: int) -> None:
    sys.stdout.write("y" * size)


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError("no repr")


def broken() -> Broken:
    return Broken()


def wait_with_a_child(cleaned: str) -> None:
    child = subprocess.Popen(["setsid", "sleep", "600"])
    print("ready", os.getpid(), child.pid, flush=True)
    try:
        time.sleep(600)
    finally:
        Path(cleaned).write_text("cleaned")


def ignore_term() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("ready", os.getpid(), flush=True)
    time.sleep(600)


def modules() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] in ("horarium", "asyncio", "pydantic")]


def path() -> list[str]:
    return sys.path


def echo(*args: Any, **kwargs: Any) -> Any:
    return args, kwargs


def leave_a_child() -> int:
    """Returns while its child sleeps."""
    return subprocess.Popen(["sleep", "600"]).pid


def leave_a_fork() -> int:
    """Forks without another program, so that everything open here stays open there."""
    pid = os.fork()
    if pid == 0:
        time.sleep(600)
        os._exit(0)
    return pid


def leave_an_orphan() -> int:
    """A daemon: forked twice, in a session of its own."""
    reader, writer = os.pipe()
    if (between := os.fork()) == 0:
        os.setsid()
        pid = os.fork()
        if pid == 0:
            time.sleep(600)
            os._exit(0)
        os.write(writer, str(pid).encode())
        os._exit(0)
    os.waitpid(between, 0)
    pid = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)
    return pid


def leave_a_corpse() -> int:
    """Its child has ended and nobody has asked how."""
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    return os.getpid()
