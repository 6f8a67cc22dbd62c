"""Who may do what: roles, and the hashed secrets that carry them. The secret itself is never kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Role(IntEnum):
    """Each role may all that the former may. Running a task never implies editing it."""

    VIEWER = 1
    OPERATOR = 2
    EDITOR = 3
    ADMIN = 4

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A bearer token for automation. `secret_hash` is SHA-256 of the secret; people tell tokens apart by `prefix`."""

    id: bytes
    name: str
    prefix: str
    secret_hash: bytes
    role: Role
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person's signed-in browser."""

    id: bytes
    secret_hash: bytes
    role: Role
    name: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: the name goes into created_by and into the history."""

    name: str
    role: Role
