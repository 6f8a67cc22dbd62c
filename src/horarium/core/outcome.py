"""How one attempt ended, as the part that carried it out reports it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

DETAIL_MAX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """The action did what it should."""

    exit_status: int | None = None
    http_status: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The action ended by itself and is not a success. Death by signal leaves `exit_status` None, `detail` names it.

    `retry_after_seconds` is what an HTTP server asked for (RFC 9110 Retry-After), at most a day.
    """

    reason: Literal["exit_status", "http_status", "error"]
    exit_status: int | None = None
    http_status: int | None = None
    detail: str | None = None
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The policy's time was over; the action was stopped."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The run's cancel_reason reached the action and stopped it."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker that carried it out is dead; what the action did is unknown."""


@dataclass(frozen=True, slots=True)
class HandedBack:
    """Claimed, but the action never began."""


@dataclass(frozen=True, slots=True)
class ShutDown:
    """The action had begun and was stopped because its worker is shutting down."""


Ended: TypeAlias = Succeeded | Failed
"""What an action reports by itself."""

Outcome: TypeAlias = Succeeded | Failed | TimedOut | Cancelled | Lost | HandedBack | ShutDown
