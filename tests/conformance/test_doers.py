"""What everything that carries out an action promises: it reports and never raises, and cancelled it stops what it began."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from horarium.actions.address_guard import Guard
from horarium.actions.command import CommandDoer
from horarium.actions.guardian_client import Guardian
from horarium.actions.http import HttpDoer
from horarium.actions.log import LogDoer
from horarium.actions.python_call import PythonDoer
from horarium.core.action import Action, Http, Log
from horarium.core.outcome import Failed, Succeeded
from horarium.ports.action import Doer, Immediate
from tests.integration.processes import PATH, MemorySink, argv, identity, python, shell
from tests.sink import sink as web_sink

AT_ONCE = 20
KINDS = ("log", "http", "command", "python")
STOPS_WITHIN_SECONDS = 30


@dataclass
class Case:
    """One doer and an action of each sort; None where its kind has no such action."""

    doer: Doer
    good: Action
    said: str
    bad: Action | None
    endless: Action | None


@pytest.fixture(params=KINDS)
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    service = {"PATH": PATH, "HOME": "/", "PYTHONPATH": str(Path(__file__).parents[2])}
    async with AsyncExitStack() as stack:
        if request.param in ("command", "python"):
            guardian = Guardian.launch()
            stack.push_async_callback(guardian.close)
        match request.param:
            case "log":
                found = Case(LogDoer(), Log(kind="log", message="hello"), "hello\n", None, None)
            case "http":
                web = await stack.enter_async_context(web_sink())
                found = Case(
                    HttpDoer(Guard()),
                    Http(kind="http", url=web.url("/ok")),
                    "ok",
                    Http(kind="http", url=web.url("/status/500")),
                    Http(kind="http", url=web.url("/silent")),
                )
            case "command":
                command = CommandDoer(guardian, service_environment=service, stop_grace_seconds=1.0)
                found = Case(command, argv("echo", "hello"), "hello\n", shell("exit 3"), argv("sleep", "600"))
            case _:
                call = PythonDoer(guardian, service_environment=service, stop_grace_seconds=1.0)
                here = "tests.integration.functions:"
                found = Case(
                    call,
                    python(here + "greet", "ada"),
                    "ada",
                    python(here + "fail", "no"),
                    python("time:sleep", 600),
                )
        await found.doer.start()
        stack.push_async_callback(found.doer.close)
        yield found


async def test_what_works_is_a_success_and_its_words_are_output(case: Case) -> None:
    output = MemorySink()
    assert isinstance(await case.doer.do(case.good, identity(), output), Succeeded)
    assert case.said in output.text()


async def test_what_fails_is_reported_and_not_raised(case: Case) -> None:
    if case.bad is None:
        return
    failed = await case.doer.do(case.bad, identity(), MemorySink())
    assert isinstance(failed, Failed)


async def test_what_needs_no_waiting_says_the_same_at_once(case: Case) -> None:
    if not isinstance(case.doer, Immediate):
        return
    output = MemorySink()
    ended = await case.doer.do(case.good, identity(), output)
    assert case.doer.at_once(case.good, identity()) == (output.bytes(), ended)


async def test_many_at_once_do_not_mix_their_output(case: Case) -> None:
    outputs = [MemorySink() for _ in range(AT_ONCE)]
    ended = await asyncio.gather(*(case.doer.do(case.good, identity(), output) for output in outputs))
    assert all(isinstance(one, Succeeded) for one in ended)
    assert len({output.bytes() for output in outputs}) == 1


async def test_cancelled_it_stops_and_lets_the_cancellation_through(case: Case) -> None:
    if case.endless is None:
        return
    doing = asyncio.create_task(case.doer.do(case.endless, identity(), MemorySink()))
    await asyncio.sleep(0.3)
    assert not doing.done()
    doing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(doing, STOPS_WITHIN_SECONDS)
    assert isinstance(await case.doer.do(case.good, identity(), MemorySink()), Succeeded), "and it goes on working"
