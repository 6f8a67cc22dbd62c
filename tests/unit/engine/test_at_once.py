"""Actions that need no waiting: carried out where they are claimed, each with its end whatever its code does."""

from horarium.core.action import Action, Log
from horarium.core.outcome import Ended, Failed, Succeeded
from horarium.core.policy import Policy
from horarium.engine.executor import Attempting
from horarium.engine.output_pump import OutputWriter
from horarium.ports.action import Identity
from horarium.ports.store import Claim
from tests.making import at, run_id, running
from tests.unit.engine.jumping import clock, jumping
from tests.unit.engine.test_output_pump import Shelf

CLAIM = Claim(run=running(), task_name="hello", action=Log(kind="log", message="hello"), policy=Policy())


class Said:
    """Says what it knows of its run."""

    def at_once(self, action: Action, identity: Identity) -> tuple[bytes, Ended]:
        return f"{identity.task_name} {identity.attempt}".encode(), Succeeded(detail="done")


class Raising:
    def at_once(self, action: Action, identity: Identity) -> tuple[bytes, Ended]:
        raise ValueError("a bug in it")


@jumping
async def test_its_words_are_output_and_its_end_is_reported() -> None:
    shelf = Shelf()
    writer = OutputWriter(store=shelf, clock=clock())
    attempting = Attempting(CLAIM, {}, writer)
    assert attempting.at_once(Said(), at(0)) == Succeeded(detail="done")
    await writer.flush()
    assert attempting.written is not None
    assert not attempting.written.lost
    ((_, kept),) = shelf.chunks.items()
    assert [chunk.data for chunk in kept.values()] == [b"hello 1"]
    assert list(shelf.chunks) == [(run_id(1), CLAIM.run.attempt)]


@jumping
async def test_one_that_raises_fails_and_writes_nothing() -> None:
    shelf = Shelf()
    writer = OutputWriter(store=shelf, clock=clock())
    attempting = Attempting(CLAIM, {}, writer)
    assert attempting.at_once(Raising(), at(0)) == Failed(reason="error", detail="ValueError: a bug in it")
    await writer.flush()
    assert (attempting.written, shelf.chunks) == (None, {})
