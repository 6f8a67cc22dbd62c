"""One instant."""

from dataclasses import dataclass
from datetime import datetime
from math import gcd
from typing import Final, Literal

from horarium.core.instants import to_ms
from horarium.core.schedule.bounds import Bounded, check_bounds, check_left_over
from horarium.core.shape import Instant

DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Once(Bounded):
    """Due at `at`. `if_past` is asked when the task is created: "run" lets an instant that has passed run at once."""

    kind: Literal["once"]
    at: Instant
    if_past: Literal["run"] | None = None

    def __post_init__(self) -> None:
        check_bounds(self)
        check_left_over(self)

    def grain_ms(self) -> int:
        return gcd(to_ms(self.at), DAY_MS)

    def _next(self, after: datetime) -> datetime | None:
        return self.at if self.at > after else None

    def _last(self, through: datetime) -> datetime | None:
        return self.at if self.at <= through else None

    def _count(self, after: datetime, through: datetime) -> int:
        return int(after < self.at <= through)
