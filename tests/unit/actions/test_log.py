"""The harmless first task."""

from datetime import UTC, datetime

from horarium.actions.log import LogDoer
from horarium.core.action import Log
from horarium.core.ids import RunId
from horarium.core.outcome import Succeeded
from horarium.ports.action import Identity, Stream


class MemorySink:
    def __init__(self) -> None:
        self.written: list[tuple[Stream, bytes]] = []

    async def write(self, stream: Stream, data: bytes) -> None:
        self.written.append((stream, data))


async def test_the_message_is_the_output() -> None:
    sink = MemorySink()
    run = Identity(
        run_id=RunId(bytes(16)), attempt=1, fence=1, due_at=datetime(2027, 1, 1, tzinfo=UTC), task_name="hello"
    )
    doer = LogDoer()
    await doer.start()
    assert await doer.do(Log(kind="log", message="grüß\nGott"), run, sink) == Succeeded()
    await doer.close()
    assert sink.written == [("stdout", "grüß\nGott\n".encode())]
