"""Servers that http actions call. They are not horarium."""

from collections.abc import AsyncIterator

import pytest

from tests.sink import Sink, sink


@pytest.fixture
async def server() -> AsyncIterator[Sink]:
    async with sink() as here:
        yield here


@pytest.fixture
async def elsewhere() -> AsyncIterator[Sink]:
    """Another origin: the same address, another port."""
    async with sink() as here:
        yield here
