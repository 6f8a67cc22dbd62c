"""One house per test."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.api.house import House, build_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    built = build_house()
    yield built
    await built.store.close()
