"""Carries out `log`: the message is the output."""

from horarium.core.action import Action, Log
from horarium.core.outcome import Ended, Succeeded
from horarium.ports.action import Identity, Sink


class LogDoer:
    """Needs nothing and cannot fail."""

    async def start(self) -> None: ...

    async def do(self, action: Action, identity: Identity, output: Sink) -> Ended:
        assert isinstance(action, Log)
        await output.write("stdout", f"{action.message}\n".encode("utf-8", "backslashreplace"))
        return Succeeded()

    async def close(self) -> None: ...
