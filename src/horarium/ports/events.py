"""The seam of committed changes: publish never blocks and never fails; listeners may miss."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from horarium.core.events import Event


class Events(Protocol):
    def publish(self, events: Sequence[Event]) -> None: ...

    def listen(self) -> AsyncIterator[Event]:
        """Events from now on; a listener that does not keep up loses the oldest."""
        ...
