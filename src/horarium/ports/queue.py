"""The dispatch queue's seam."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from horarium.core.ids import RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`runs` that were rung for, maybe none: the store is asked either way. `tag` is the broker's, for `ack`."""

    runs: tuple[RunId, ...] = ()
    tag: object = None


class DispatchQueue(Protocol):
    """A bell: it may lose, double, delay or reorder what it carries, and nothing but time is lost."""

    async def ring(self, pool: str, runs: Sequence[RunId]) -> None:
        """Tell the workers of `pool` that these runs are ready."""
        ...

    async def wait(self, pools: Sequence[str], limit: int, seconds: float) -> Delivery | None:
        """The next bell for one of `pools` (none: any pool), at most `limit` ids; None when `seconds` have passed."""
        ...

    async def ack(self, delivery: Delivery) -> None:
        """The runs are claimed; from here the worker's beat guards them."""
        ...

    async def close(self) -> None: ...
