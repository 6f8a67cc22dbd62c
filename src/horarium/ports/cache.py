"""The seam of answers worth keeping for a moment: bounded, short-lived, never a truth."""

from typing import Protocol


class Cache(Protocol):
    async def get(self, key: str) -> bytes | None: ...

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep `value` for at most `seconds`; anything may be dropped earlier."""
        ...

    async def forget(self, *keys: str) -> None: ...
