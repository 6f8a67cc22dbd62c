"""Commands: real programs, started by the guardian, read by the pump."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from horarium.actions.command import CommandDoer
from horarium.actions.guardian_client import Guardian
from horarium.core.ids import to_ulid
from horarium.core.outcome import Ended, Failed, Succeeded
from tests.integration.processes import (
    PATH,
    MemorySink,
    argv,
    carriers,
    identity,
    living,
    open_descriptors,
    shell,
    until,
)

SERVICE = {"PATH": PATH, "HOME": "/tmp", "LANG": "C.UTF-8", "HORARIUM_ADMIN_TOKEN": "secret", "DATABASE_URL": "secret"}


@pytest.fixture
async def guardian() -> AsyncIterator[Guardian]:
    guardian = Guardian.launch()
    yield guardian
    await guardian.close()


@pytest.fixture
def doer(guardian: Guardian) -> CommandDoer:
    return make_doer(guardian)


def make_doer(guardian: Guardian) -> CommandDoer:
    return CommandDoer(guardian, service_environment=SERVICE, stop_grace_seconds=1.0)


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


async def started(doer: CommandDoer, command: str, sink: MemorySink, *, says: str = "ready") -> asyncio.Task[Ended]:
    """A shell line under way: it has said the word."""
    task = asyncio.create_task(doer.do(shell(command), identity(), sink))
    await until(lambda: says in sink.text() or task.done())
    assert not task.done(), task.result()
    return task


async def test_success(doer: CommandDoer, sink: MemorySink) -> None:
    assert await doer.do(argv("echo", "hello"), identity(), sink) == Succeeded(exit_status=0)
    assert sink.chunks == [("stdout", b"hello\n")]


async def test_a_failure_shows_its_exit_status_and_last_line(doer: CommandDoer, sink: MemorySink) -> None:
    failed = await doer.do(
        shell("echo out; printf 'first\\n\\033[31mno \\tspace\\033[0m left\\n\\n' >&2; exit 3"), identity(), sink
    )
    assert failed == Failed(reason="exit_status", exit_status=3, detail="no space left")


async def test_a_failure_without_output_has_no_detail(doer: CommandDoer, sink: MemorySink) -> None:
    assert await doer.do(argv("false"), identity(), sink) == Failed(reason="exit_status", exit_status=1)


async def test_a_long_last_line_is_cut(doer: CommandDoer, sink: MemorySink) -> None:
    failed = await doer.do(shell("head -c 1000 /dev/zero | tr '\\0' x; exit 1"), identity(), sink)
    assert isinstance(failed, Failed)
    assert failed.detail == "x" * 299 + "…"


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM", "SIGPIPE"])
async def test_death_by_signal_is_named(doer: CommandDoer, sink: MemorySink, name: str) -> None:
    failed = await doer.do(shell(f"kill -{name[3:]} $$"), identity(), sink)
    assert failed == Failed(reason="exit_status", detail=f"killed by {name}")


async def test_a_missing_program(doer: CommandDoer, sink: MemorySink) -> None:
    failed = await doer.do(argv("foo"), identity(), sink)
    assert failed == Failed(reason="error", detail="No such file or directory: 'foo'")


async def test_a_file_that_is_no_program(doer: CommandDoer, sink: MemorySink) -> None:
    failed = await doer.do(argv("/etc/passwd"), identity(), sink)
    assert failed == Failed(reason="error", detail="Permission denied: '/etc/passwd'")


async def test_a_missing_folder(doer: CommandDoer, sink: MemorySink) -> None:
    failed = await doer.do(argv("true", cwd="/no/such"), identity(), sink)
    assert failed == Failed(reason="error", detail="No such file or directory: '/no/such'")


async def test_the_folder_is_home_or_what_was_asked_for(doer: CommandDoer, sink: MemorySink, tmp_path: Path) -> None:
    await doer.do(argv("pwd"), identity(), sink)
    await doer.do(argv("pwd", cwd=str(tmp_path)), identity(), sink)
    assert sink.text() == f"/tmp\n{tmp_path}\n"


async def test_a_relative_program_is_looked_up_in_its_folder(
    doer: CommandDoer, sink: MemorySink, tmp_path: Path
) -> None:
    program = tmp_path / "tool"
    program.write_text("#!/bin/sh\necho tool\n")
    program.chmod(0o755)
    assert await doer.do(argv("./tool", cwd=str(tmp_path)), identity(), sink) == Succeeded(exit_status=0)
    assert await doer.do(argv("tool", env={"PATH": str(tmp_path)}), identity(), sink) == Succeeded(exit_status=0)
    assert sink.text() == "tool\n" * 2


async def test_the_environment_is_exactly_what_is_promised(doer: CommandDoer, sink: MemorySink) -> None:
    run = identity("näme")
    await doer.do(argv("env", env={"LEVEL": "fü=ll", "LANG": "de_DE"}), run, sink)
    assert dict(line.split("=", 1) for line in sink.text().splitlines()) == {
        "PATH": PATH,
        "HOME": "/tmp",
        "LANG": "de_DE",
        "LEVEL": "fü=ll",
        "HORARIUM_RUN_ID": to_ulid(run.run_id),
        "HORARIUM_ATTEMPT": "2",
        "HORARIUM_FENCE": "7",
        "HORARIUM_DUE_AT": "2027-03-14T02:30:00.000Z",
        "HORARIUM_TASK": "näme",
    }


async def test_its_parent_tells_it_nothing(doer: CommandDoer, sink: MemorySink) -> None:
    await doer.do(shell("tr '\\0' '\\n' < /proc/$PPID/environ | grep -v LC_CTYPE; true"), identity(), sink)
    assert sink.text() == ""


async def test_it_has_three_descriptors(doer: CommandDoer, sink: MemorySink) -> None:
    assert await doer.do(shell("ls /proc/$$/fd; readlink /proc/$$/fd/0"), identity(), sink) == Succeeded(exit_status=0)
    assert sink.text() == "0\n1\n2\n/dev/null\n"


async def test_all_its_signals_are_at_their_default(doer: CommandDoer, sink: MemorySink) -> None:
    await doer.do(argv("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"), identity(), sink)
    _, blocked, _, ignored = sink.text().split()
    assert int(blocked, 16) == 0
    # 32 and 33 belong to the C library, which lets nobody set them; they come from whoever started us.
    assert int(ignored, 16) & ~(3 << 31) == 0


async def test_it_has_a_session_of_its_own_and_no_terminal(doer: CommandDoer, sink: MemorySink) -> None:
    assert await doer.do(shell("echo $$; cut -d' ' -f5,6,7 /proc/$$/stat"), identity(), sink) == Succeeded(
        exit_status=0
    )
    pid, group, session, terminal = sink.text().split()
    assert (group, session, terminal) == (pid, pid, "0")


async def test_bytes_come_through_unchanged(doer: CommandDoer, sink: MemorySink) -> None:
    every = bytes(range(256)) * 10
    text = "".join(f"\\{byte:03o}" for byte in every)
    await doer.do(argv("printf", text + "%s", "häß ☃ 🎈"), identity(), sink)
    assert sink.bytes() == every + "häß ☃ 🎈".encode()


async def test_big_arguments_and_environment(doer: CommandDoer, sink: MemorySink) -> None:
    big = "x" * 20_000
    command = argv("sh", "-c", 'printf %s "$1$2$BIG" | wc -c', "sh", big, big, env={"BIG": big})
    assert await doer.do(command, identity(), sink) == Succeeded(exit_status=0)
    assert sink.text().strip() == str(3 * 20_000)


async def test_too_big_arguments_are_refused_in_words(doer: CommandDoer, sink: MemorySink) -> None:
    long_path = CommandDoer(doer._guardian, service_environment={"PATH": "/bin:" + "x" * 200_000})
    failed = await long_path.do(argv("/bin/true"), identity(), sink)
    assert failed == Failed(reason="error", detail="Argument list too long: '/bin/true'")


async def test_nul_never_reaches_the_protocol(doer: CommandDoer, sink: MemorySink) -> None:
    failed = await doer.do(argv("true"), identity("a\0b"), sink)
    assert failed == Failed(reason="error", detail="NUL cannot be passed to a program")
    lone = await doer.do(argv("echo", "\ud800"), identity(), sink)
    assert isinstance(lone, Failed)
    assert lone.reason == "error"


async def test_a_slow_sink_holds_the_command_back_and_loses_nothing(doer: CommandDoer, sink: MemorySink) -> None:
    sink.gate.clear()
    size = 5_000_000
    command = shell(f"echo >&2; head -c {size} /dev/zero; cat /proc/self/stat >/dev/null; echo end >&2")
    task = asyncio.create_task(doer.do(command, identity(), sink))
    for _ in range(100):
        await asyncio.sleep(0)
    done, _ = await asyncio.wait({task}, timeout=0.3)
    assert not done
    sink.gate.set()
    assert await task == Succeeded(exit_status=0)
    assert len(sink.bytes()) == size
    assert max(len(data) for _, data in sink.chunks) <= 65_536


async def test_output_comes_while_it_runs(doer: CommandDoer, sink: MemorySink) -> None:
    task = await started(doer, "echo ready; sleep 60", sink)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cancelling_lets_it_clean_up(doer: CommandDoer, sink: MemorySink) -> None:
    task = await started(doer, "trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.01; done", sink)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sink.text() == "ready\ncleaned\n"


async def test_what_ignores_term_is_killed_after_the_grace(doer: CommandDoer, sink: MemorySink) -> None:
    task = await started(doer, "trap '' TERM; echo $$; echo ready; while :; do sleep 0.05; done", sink)
    pid = int(sink.text().split()[0])
    loop = asyncio.get_running_loop()
    before = loop.time()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert loop.time() - before >= 1.0, "the grace was cut short"
    assert not living(pid)


async def test_a_second_cancel_does_not_wait_for_the_grace(guardian: Guardian, sink: MemorySink) -> None:
    doer = CommandDoer(guardian, service_environment=SERVICE, stop_grace_seconds=600.0)
    task = await started(doer, "trap 'echo heard' TERM; echo ready; while :; do sleep 0.05; done", sink)
    task.cancel()
    await until(lambda: "heard" in sink.text())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_stopped_process_is_ended_too(doer: CommandDoer, sink: MemorySink) -> None:
    task = await started(doer, "echo ready; kill -STOP $$; sleep 60", sink)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cancelling_ends_grandchildren_and_those_in_other_sessions(doer: CommandDoer, sink: MemorySink) -> None:
    run = identity()
    stubborn = "(trap '' TERM; setsid sh -c 'sleep 602; true') &"
    line = f"sleep 600 & setsid sleep 601 & {stubborn} env -i setsid sleep 603 & echo ready; wait"
    task = asyncio.create_task(doer.do(shell(line), run, sink))
    await until(lambda: "ready" in sink.text() and len(carriers(run.run_id)) >= 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert carriers(run.run_id) == set()


async def test_what_a_finished_command_leaves_in_its_group_is_ended(doer: CommandDoer, sink: MemorySink) -> None:
    run = identity()
    assert await doer.do(shell("sleep 600 & echo done"), run, sink) == Succeeded(exit_status=0)
    await until(lambda: not carriers(run.run_id))
    assert sink.text() == "done\n"


async def test_a_daemon_of_its_own_session_outlives_its_run_but_not_the_service(
    sink: MemorySink, tmp_path: Path
) -> None:
    guardian = Guardian.launch()
    doer = CommandDoer(guardian, service_environment=SERVICE)
    run = identity()
    line = "setsid sh -c 'echo daemon; touch there; exec sleep 600' & while ! [ -e there ]; do :; done; echo done"
    ended = await doer.do(shell(line, cwd=str(tmp_path)), run, sink)
    # It keeps the pipes open, and is not waited for.
    left = carriers(run.run_id)
    await guardian.close()
    assert ended == Succeeded(exit_status=0)
    assert sink.text() == "daemon\ndone\n"
    assert len(left) == 1
    assert carriers(run.run_id) == set()


async def test_two_hundred_at_once(doer: CommandDoer) -> None:
    before = open_descriptors()
    sinks = [MemorySink() for _ in range(200)]
    ended = await asyncio.gather(*(doer.do(shell(f"echo {n}; exit {n}"), identity(), s) for n, s in enumerate(sinks)))
    assert [outcome.exit_status for outcome in ended] == list(range(200))
    assert [sink.text() for sink in sinks] == [f"{n}\n" for n in range(200)]
    assert open_descriptors() == before


async def test_two_hundred_cancelled_at_once(doer: CommandDoer) -> None:
    before = open_descriptors()
    runs = [identity() for _ in range(200)]
    sinks = [MemorySink() for _ in runs]
    tasks = [
        asyncio.create_task(doer.do(shell("echo ready; sleep 600"), r, s)) for r, s in zip(runs, sinks, strict=True)
    ]
    await until(lambda: all(sink.chunks for sink in sinks))
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)
    assert not any(carriers(run.run_id) for run in runs[::20])
    assert open_descriptors() == before


async def test_no_descriptor_stays_open(doer: CommandDoer, guardian: Guardian, sink: MemorySink) -> None:
    await doer.do(argv("true"), identity(), sink)

    def theirs() -> int:
        return len(list(Path(f"/proc/{guardian.pid}/fd").iterdir()))

    before, held = open_descriptors(), theirs()
    for command in (argv("true"), argv("foo"), argv("true", cwd="/no"), shell("exit 1"), argv("echo", "\ud800")):
        await doer.do(command, identity(), sink)
    task = await started(doer, "echo ready; sleep 600", sink)
    task.cancel()
    await asyncio.wait({task})
    assert open_descriptors() == before
    assert theirs() == held


async def test_a_sink_that_fails_ends_the_command(doer: CommandDoer) -> None:
    class Broken:
        async def write(self, stream: str, data: bytes) -> None:
            raise RuntimeError("no sink")

    run = identity()
    with pytest.raises(RuntimeError, match="no sink"):
        await doer.do(shell("echo; sleep 600"), run, Broken())
    assert carriers(run.run_id) == set()


async def test_the_guardian_may_die(doer: CommandDoer, guardian: Guardian, sink: MemorySink) -> None:
    run = identity()
    line = "sleep 600 & setsid sleep 601 & echo ready; exec env -i sleep 602"
    task = asyncio.create_task(doer.do(shell(line), run, sink))
    await until(lambda: "ready" in sink.text() and len(carriers(run.run_id)) == 2)
    os.kill(guardian.pid, signal.SIGKILL)
    assert await task == Failed(reason="error", detail="the command guardian ended unexpectedly")
    assert carriers(run.run_id) == set()
    assert await doer.do(argv("true"), identity(), sink) == Succeeded(exit_status=0)


async def test_a_guardian_that_never_stays_up_is_not_started_for_ever(
    doer: CommandDoer, guardian: Guardian, sink: MemorySink
) -> None:
    details = []
    for _ in range(6):
        task = asyncio.create_task(doer.do(shell("sleep 600"), identity(), sink))
        await asyncio.wait({task}, timeout=0.2)
        if not task.done():
            os.kill(guardian.pid, signal.SIGKILL)
        ended = await task
        assert isinstance(ended, Failed)
        details.append(ended.detail)
    assert details[0] == "the command guardian ended unexpectedly"
    assert details[-1] == "the command guardian does not stay up"
