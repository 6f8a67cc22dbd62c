"""The guardian outlives its worker just long enough to end everything the worker ran."""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from horarium.actions.guardian_client import Exited, Guardian, GuardianAway, Refused
from tests.integration.processes import PATH, carriers, children, living, open_descriptors, until, until_now

SECONDS_MAX = 12.0
HANDED_ON = "(setsid sh -c 'trap \"\" TERM; while :; do sleep 600; done' &) & "


class Worker(NamedTuple):
    process: "subprocess.Popen[str]"
    run_id: str
    guardian: int


@contextmanager
def doomed(lock: Path, line: str) -> Iterator[Worker]:
    """A worker in the middle of that line, killed in the end at the latest."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.doomed_worker", str(lock), line],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    with worker:
        try:
            assert worker.stdout is not None
            run_id, guardian = worker.stdout.readline().split()
            yield Worker(worker, run_id, int(guardian))
        finally:
            worker.kill()


def free(lock: Path) -> bool:
    """Whether the lock can be had."""
    with lock.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@pytest.mark.parametrize(
    ("line", "processes"),
    [
        ("sleep 600 & setsid sleep 601 & wait", 3),
        ("trap '' TERM; sleep 600; sleep 601; sleep 602", 2),
        (HANDED_ON + "sleep 600", 4),
    ],
    ids=["grandchild and setsid", "ignores TERM", "orphan that ignores TERM"],
)
def test_a_killed_worker_leaves_nothing_behind(tmp_path: Path, line: str, processes: int) -> None:
    lock = tmp_path / "commands.lock"
    with doomed(lock, line) as worker:
        until_now(lambda: len(carriers(worker.run_id)) >= processes)
        before = time.monotonic()
        worker.process.kill()
        worker.process.wait()
        while (left := carriers(worker.run_id)) or not free(lock):
            # Free only after the last of them is gone: looked at in this order.
            assert not (free(lock) and carriers(worker.run_id)), "the lock was free before the commands were dead"
            assert time.monotonic() - before < SECONDS_MAX, f"{left} still there"
            time.sleep(0.01)
        until_now(lambda: not living(worker.guardian))
        assert carriers(worker.run_id) == set()


def test_the_lock_is_held_as_long_as_one_of_both_holds_it(tmp_path: Path) -> None:
    lock = tmp_path / "commands.lock"
    with doomed(lock, "trap '' TERM; sleep 600; sleep 600") as worker:
        until_now(lambda: len(carriers(worker.run_id)) == 2)
        assert not free(lock)
        shell = min(carriers(worker.run_id))
        held = {os.readlink(link) for pid in carriers(worker.run_id) for link in Path(f"/proc/{pid}/fd").iterdir()}
        assert str(lock) not in held, "commands inherit the lock"
        os.kill(worker.guardian, signal.SIGSTOP)
        worker.process.kill()
        worker.process.wait()
        assert not free(lock)
        assert living(shell)
        os.kill(worker.guardian, signal.SIGCONT)
        until_now(lambda: free(lock), SECONDS_MAX)
        assert not living(shell)


def test_a_fork_bomb_ends_with_its_worker(tmp_path: Path) -> None:
    lock = tmp_path / "commands.lock"
    # A small one: each process begins the next and ends, so that whoever kills one by one always comes too late.
    bomb = "trap '' TERM; grow() { sleep 0.05; grow & }; for i in 1 2 3 4 5 6 7 8; do grow & done; sleep 600"
    with doomed(lock, bomb) as worker:
        until_now(lambda: len(carriers(worker.run_id)) >= 8)
        worker.process.kill()
        worker.process.wait()
        until_now(lambda: free(lock), SECONDS_MAX)
        assert carriers(worker.run_id) == set()


def test_ctrl_c_and_term_do_not_reach_the_commands(tmp_path: Path) -> None:
    with doomed(tmp_path / "lock", "trap 'echo' INT; sleep 600 & wait") as worker:
        until_now(lambda: len(carriers(worker.run_id)) >= 2)
        assert os.getsid(worker.guardian) == worker.guardian
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            os.kill(worker.guardian, number)
        # It still does its work afterwards.
        worker.process.kill()
        worker.process.wait()
        until_now(lambda: not carriers(worker.run_id), SECONDS_MAX)


async def spawn(guardian: Guardian, *argv: str, mark: str = "test") -> object:
    null = [os.open(os.devnull, os.O_WRONLY) for _ in range(2)]
    process = await guardian.spawn(
        argv=argv, environment={"PATH": PATH, "HORARIUM_RUN_ID": mark}, folder="/", descriptors=null, mark=mark
    )
    return await process.ended


async def test_what_it_reports() -> None:
    guardian = Guardian.launch()
    assert await spawn(guardian, "true") == Exited(0)
    assert await spawn(guardian, "sh", "-c", "exit 7") == Exited(7)
    assert await spawn(guardian, "sh", "-c", "kill -9 $$") == Exited(-9)
    assert await spawn(guardian, "foo") == Refused("No such file or directory: 'foo'")
    await guardian.close()


def of_process(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


async def test_it_is_small_and_says_nothing_about_us() -> None:
    guardian = Guardian.launch()
    await spawn(guardian, "true")
    kibibytes = int(of_process(guardian.pid, "status").partition(b"VmRSS:")[2].split()[0])
    names = {item.partition(b"=")[0] for item in of_process(guardian.pid, "environ").split(b"\0") if item}
    await guardian.close()
    assert kibibytes < 20_000
    assert names <= {b"LD_LIBRARY_PATH"}


async def test_it_reaps_orphans() -> None:
    guardian = Guardian.launch()
    await spawn(guardian, "sh", "-c", "for i in 1 2 3 4 5; do (setsid true &) ; done")
    await until(lambda: not Path(f"/proc/{guardian.pid}/task/{guardian.pid}/children").read_text())
    assert children(guardian.pid) == set()
    await guardian.close()


async def test_many_requests_at_once_wait_for_room_in_the_socket() -> None:
    guardian = Guardian.launch()
    before = open_descriptors()
    big = "x" * 100_000
    ended = await asyncio.gather(*(spawn(guardian, "true", big, big) for _ in range(60)))
    assert ended == [Exited(0)] * 60
    # The link is watched by the loop from the first spawn on: plain asyncio needs nothing for that.
    assert open_descriptors() == before
    await guardian.close()


async def test_closing_twice_or_before_use_or_after_its_death() -> None:
    unused = Guardian.launch()
    await unused.close()
    await unused.close()
    with pytest.raises(GuardianAway, match="closing"):
        await spawn(unused, "true")
    killed = Guardian.launch()
    os.kill(killed.pid, signal.SIGKILL)
    await killed.close()


async def test_one_that_died_before_its_first_use_is_replaced() -> None:
    guardian = Guardian.launch()
    first = guardian.pid
    os.kill(first, signal.SIGKILL)
    await until(lambda: not living(first))
    outcomes = [await spawn(guardian, "true") for _ in range(2)]
    assert outcomes[-1] == Exited(0)
    assert guardian.pid != first
    await guardian.close()
