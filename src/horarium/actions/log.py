"""Carries out `log`: the message is the output."""

from horarium.core.action import Action, Log
from horarium.core.outcome import Ended, Succeeded
from horarium.ports.action import Identity, Sink

_SUCCEEDED = Succeeded()


class LogDoer:
    """Needs nothing and cannot fail."""

    async def start(self) -> None: ...

    async def do(self, action: Action, identity: Identity, output: Sink) -> Ended:
        text, ended = self.at_once(action, identity)
        await output.write("stdout", text)
        return ended

    def at_once(self, action: Action, identity: Identity) -> tuple[bytes, Ended]:
        assert isinstance(action, Log)
        return f"{action.message}\n".encode("utf-8", "backslashreplace"), _SUCCEEDED

    async def close(self) -> None: ...
