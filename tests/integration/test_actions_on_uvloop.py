"""The product runs on uvloop and these tests on asyncio's own loop: so the stories of actions are told once more, on uvloop."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from types import ModuleType
from typing import Any, TypeAlias

import pytest
import uvloop

from horarium.actions.guardian_client import Guardian
from tests.integration import test_command, test_python_call
from tests.integration.processes import MemorySink

Story: TypeAlias = Callable[..., Coroutine[Any, Any, None]]


def stories(module: ModuleType) -> list[Any]:
    return [
        pytest.param(module, story, id=f"{module.__name__.rpartition('.')[2]}-{name}")
        for name, story in vars(module).items()
        if name.startswith("test_") and set(inspect.signature(story).parameters) <= {"doer", "sink", "guardian"}
    ]


@pytest.mark.parametrize(("module", "story"), [*stories(test_command), *stories(test_python_call)])
def test_on_uvloop(module: ModuleType, story: Story) -> None:
    async def told() -> None:
        guardian = Guardian.launch()
        doer = module.make_doer(guardian)
        known = {"doer": doer, "sink": MemorySink(), "guardian": guardian}
        try:
            await story(**{name: known[name] for name in inspect.signature(story).parameters})
        finally:
            await doer.close()
            await guardian.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(told())
