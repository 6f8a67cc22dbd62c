"""Pages that many ask for while nothing changes: kept as bytes, for at most a second, and only until the next commit.

The stamp counts what the store has committed. It is taken before a page is read, so a page is never kept under a stamp that
is newer than what it shows. Where no such count is to be had (a store that several processes share), nothing is kept.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from horarium.ports.cache import Cache

KEPT_SECONDS: Final = 1.0
"""Some of a page depends on the time alone: which tasks are late, which pauses are over."""


class KeptPages:
    """`stamp` grows with every commit, before whoever asked for the commit is answered."""

    def __init__(self, *, cache: Cache, stamp: Callable[[], int]) -> None:
        self._cache = cache
        self._stamp = stamp
        self._making: dict[str, asyncio.Task[bytes]] = {}

    async def page(self, key: str, make: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """The kept page, or one that `make` makes; whoever asks for it meanwhile waits for the same one."""
        stamped = f"page {self._stamp()} {key}"
        kept = await self._cache.get(stamped)
        if kept is not None:
            return kept
        if stamped not in self._making:
            self._making[stamped] = asyncio.create_task(self._made(stamped, make))
        return await asyncio.shield(self._making[stamped])

    async def _made(self, stamped: str, make: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        try:
            page = await make()
            await self._cache.put(stamped, page, KEPT_SECONDS)
        finally:
            del self._making[stamped]
        return page


async def page_bytes(pages: KeptPages | None, key: str, make: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
    return await make() if pages is None else await pages.page(key, make)
