"""Python calls: real children under the guardian, used again and again."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from horarium.actions.command import CommandDoer
from horarium.actions.guardian_client import Guardian
from horarium.actions.python_call import CALLS_PER_CHILD_MAX, IDLE_CHILDREN_MAX, PythonDoer
from horarium.core.action import PythonCall
from horarium.core.ids import to_ulid
from horarium.core.outcome import Ended, Failed, Succeeded
from horarium.ports.action import Sink
from tests.integration.processes import (
    PATH,
    MemorySink,
    carriers,
    children,
    identity,
    living,
    open_descriptors,
    python,
    shell,
    until,
)

ROOT = Path(__file__).resolve().parents[2]
SERVICE = {"PATH": PATH, "HOME": "/tmp", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "HORARIUM_ADMIN_TOKEN": "secret"}
HERE = "tests.integration.functions:"


@pytest.fixture
async def guardian() -> AsyncIterator[Guardian]:
    guardian = Guardian.launch()
    yield guardian
    await guardian.close()


@pytest.fixture
async def doer(guardian: Guardian) -> AsyncIterator[PythonDoer]:
    doer = make_doer(guardian)
    yield doer
    await doer.close()


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


def make_doer(guardian: Guardian) -> PythonDoer:
    return PythonDoer(guardian, service_environment=SERVICE, stop_grace_seconds=1.0)


async def call(doer: PythonDoer, sink: Sink, name: str, *args: object, **kwargs: object) -> Ended:
    return await doer.do(python(HERE + name, *args, **kwargs), identity(), sink)


async def begun(doer: PythonDoer, sink: MemorySink, name: str, *args: object) -> asyncio.Task[Ended]:
    task = asyncio.create_task(call(doer, sink, name, *args))
    await until(lambda: "ready" in sink.text() or task.done())
    assert not task.done(), (task.result(), sink.text("stderr"))
    return task


async def test_prints_and_the_returned_value_are_output(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "greet", "ada", loud=True) == Succeeded()
    assert sink.text() == "hello ada\n'ADA'\n"
    assert sink.text("stderr") == "aside\n"


async def test_none_is_no_output(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "nothing") == Succeeded()
    assert sink.chunks == []


async def test_arguments_arrive_as_they_were_written(doer: PythonDoer, sink: MemorySink) -> None:
    big = "ä☃" * 3_000
    assert await call(doer, sink, "echo", 1, None, [True, 1.5], {"a": "☃"}, key={"b": []}) == Succeeded()
    assert sink.text() == "((1, None, [True, 1.5], {'a': '☃'}), {'key': {'b': []}})\n"
    assert await call(doer, sink, "nothing", big) != Succeeded(), "nothing() takes no argument"


async def test_a_coroutine_is_run(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "later", 3) == Succeeded()
    assert sink.text() == "[3]\n"


async def test_an_exception_is_named_and_its_traceback_shown(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "fail", "no\nspace") == Failed(reason="error", detail="ValueError: no space")
    trace = sink.text("stderr")
    assert trace.startswith("Traceback (most recent call last):\n")
    assert "functions.py" in trace
    assert "python_child.py" not in trace


@pytest.mark.parametrize(
    ("function", "detail"),
    [
        ("no_such_module:f", "ModuleNotFoundError: No module named 'no_such_module'"),
        (HERE + "missing", "AttributeError: module 'tests.integration.functions' has no attribute 'missing'"),
        (HERE + "calls", "TypeError: 'int' object is not callable"),
        ("command:f", "ModuleNotFoundError: No module named 'command'"),
    ],
)
async def test_what_cannot_be_called(doer: PythonDoer, sink: MemorySink, function: str, detail: str) -> None:
    ended = await doer.do(PythonCall(kind="python", function=function), identity(), sink)
    assert ended == Failed(reason="error", detail=detail)


async def test_leaving_by_sys_exit(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "leave", 0) == Succeeded()
    assert await call(doer, sink, "leave", 3) == Failed(reason="error", detail="SystemExit: 3")


async def test_a_child_is_used_again_and_only_so_often(doer: PythonDoer, sink: MemorySink) -> None:
    for _ in range(CALLS_PER_CHILD_MAX + 1):
        assert await call(doer, sink, "count") == Succeeded()
    said = [eval(line) for line in sink.text().splitlines()]
    assert [n for _, n in said] == [*range(1, CALLS_PER_CHILD_MAX + 1), 1]
    assert len({pid for pid, _ in said}) == 2


async def test_few_children_wait(doer: PythonDoer, guardian: Guardian) -> None:
    sinks = [MemorySink() for _ in range(IDLE_CHILDREN_MAX + 4)]
    await asyncio.gather(*(call(doer, sink, "greet", "ada") for sink in sinks))
    assert [sink.text() for sink in sinks] == ["hello ada\n'ada'\n"] * len(sinks)
    await until(lambda: len(children(guardian.pid)) == IDLE_CHILDREN_MAX)
    await doer.close()
    assert children(guardian.pid) == set()


async def test_a_call_leaves_no_trace_for_the_next(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "spoil") == Succeeded()
    assert await call(doer, sink, "where") == Succeeded()
    assert await call(doer, sink, "environment") == Succeeded()
    assert sink.text().startswith("'/tmp'\n")
    assert "SPOILT" not in sink.text()


async def test_the_environment(doer: PythonDoer, sink: MemorySink) -> None:
    run = identity()
    assert await doer.do(python(HERE + "environment"), run, sink) == Succeeded()
    *lines, names = sink.text().splitlines()
    expected = {"PATH": PATH, "HOME": "/tmp", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **run.environment()}
    assert dict(line.split("=", 1) for line in lines) == expected
    assert names.strip("'").split() == sorted(expected)
    sink.chunks.clear()
    assert await call(doer, sink, "environment") == Succeeded()
    assert to_ulid(run.run_id) not in sink.text()


async def test_nothing_of_ours_is_loaded_or_on_the_path(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "path") == Succeeded()
    assert "horarium/actions" not in sink.text()
    assert "''" not in sink.text()


async def test_a_huge_value_is_cut(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "huge", 1_000_000) == Succeeded()
    assert sink.text() == "'" + "x" * 65_535 + "\n"


async def test_huge_prints_come_through(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "write", 3_000_000) == Succeeded()
    assert len(sink.bytes()) == 3_000_000


async def test_a_broken_repr(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "broken") == Failed(reason="error", detail="RuntimeError: no repr")


async def test_a_child_that_dies(doer: PythonDoer, sink: MemorySink) -> None:
    for name in ("SIGSEGV", "SIGKILL"):
        ended = await call(doer, sink, "die", name)
        assert ended == Failed(reason="error", detail=f"the Python process was killed by {name}")
    ended = await call(doer, sink, "vanish")
    assert ended == Failed(reason="error", detail="the Python process ended with exit status 4")
    ended = await call(doer, sink, "hang_up")
    assert ended == Failed(reason="error", detail="the Python process closed its connection")
    assert await call(doer, sink, "greet", "ada") == Succeeded()


async def test_an_idle_child_that_died_is_not_used(doer: PythonDoer, sink: MemorySink, guardian: Guardian) -> None:
    assert await call(doer, sink, "count") == Succeeded()
    pid, _ = eval(sink.text())
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not guardian._processes)
    assert await call(doer, sink, "greet", "ada") == Succeeded()


async def test_cancelling_runs_its_finally_and_ends_its_children(
    doer: PythonDoer, sink: MemorySink, tmp_path: Path
) -> None:
    task = await begun(doer, sink, "wait_with_a_child", str(tmp_path / "note"))
    _, pid, child = sink.text().split()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (tmp_path / "note").read_text() == "cleaned"
    assert not living(int(pid))
    assert not living(int(child))


async def test_what_ignores_term_is_killed(doer: PythonDoer, sink: MemorySink) -> None:
    task = await begun(doer, sink, "ignore_term")
    pid = int(sink.text().split()[1])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not living(pid)
    assert await call(doer, sink, "greet", "ada") == Succeeded()


async def test_the_guardian_may_die(doer: PythonDoer, sink: MemorySink, guardian: Guardian) -> None:
    run = identity()
    task = asyncio.create_task(doer.do(python(HERE + "wait_with_a_child", "/dev/null"), run, sink))
    await until(lambda: "ready" in sink.text())
    os.kill(guardian.pid, signal.SIGKILL)
    assert await task == Failed(reason="error", detail="the command guardian ended unexpectedly")
    assert not carriers(run.run_id)
    assert not any(living(int(pid)) for pid in sink.text().split()[1:])
    assert await call(doer, sink, "nothing") == Succeeded()


async def test_no_descriptor_stays_open(doer: PythonDoer, sink: MemorySink, guardian: Guardian) -> None:
    assert await call(doer, sink, "nothing") == Succeeded()
    before = open_descriptors()
    for name, *args in (("nothing",), ("fail", "x"), ("die", "SIGKILL"), ("nothing",)):
        await call(doer, sink, name, *args)
    task = await begun(doer, sink, "ignore_term")
    task.cancel()
    await asyncio.wait({task})
    await call(doer, sink, "nothing")
    assert len(open_descriptors()) == len(before)


@pytest.mark.parametrize("name", ["leave_a_child", "leave_a_fork", "leave_an_orphan"])
async def test_what_a_function_leaves_behind_ends_with_its_child(
    doer: PythonDoer, sink: MemorySink, guardian: Guardian, name: str
) -> None:
    assert await call(doer, sink, "count") == Succeeded()
    first, _ = eval(sink.text())
    sink.chunks.clear()
    assert await call(doer, sink, name) == Succeeded()
    left = int(sink.text())
    sink.chunks.clear()
    assert await call(doer, sink, "count") == Succeeded()
    second, calls = eval(sink.text())
    assert (second != first, calls) == (True, 1), "the child is not used again"
    await until(lambda: not living(left) and not living(first))
    assert children(guardian.pid) == {second}


async def test_a_child_with_nothing_left_is_used_again(doer: PythonDoer, sink: MemorySink) -> None:
    assert await call(doer, sink, "leave_a_corpse") == Succeeded()
    assert await call(doer, sink, "count") == Succeeded()
    first, second = sink.text().splitlines()
    assert (int(first), 1) == eval(second)


async def test_another_runs_leftovers_are_not_taken_for_ones_own(
    doer: PythonDoer, sink: MemorySink, guardian: Guardian
) -> None:
    daemon = await CommandDoer(guardian, service_environment=SERVICE).do(
        shell("(setsid sh -c 'echo $$; exec sleep 600 >/dev/null 2>&1' &) | head -1"), identity(), sink
    )
    assert daemon == Succeeded(exit_status=0)
    await until(lambda: int(sink.text()) in children(guardian.pid))
    sink.chunks.clear()
    for _ in range(2):
        assert await call(doer, sink, "count") == Succeeded()
    first, second = (eval(line) for line in sink.text().splitlines())
    assert (first[0], second[1]) == (second[0], 2)
