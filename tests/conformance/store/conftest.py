"""Every make of the store. PostgreSQL joins here."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from horarium.ports.store import Store
from horarium.stores.folder import DataFolder
from horarium.stores.open import open_file, open_memory
from tests.conformance.store.stores import ADA, BOB, a_worker, balanced
from tests.making import TZDATA


@pytest.fixture(params=["file", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Empty but for two workers, Ada and Bob; its books are checked when the test is over."""
    folder = DataFolder.open(tmp_path / "data") if request.param == "file" else None
    store = open_memory(TZDATA) if folder is None else open_file(folder, TZDATA)
    await store.begin_worker(a_worker(ADA))
    await store.begin_worker(a_worker(BOB, name="bob"))
    yield store
    await balanced(store)
    await store.close()
    if folder is not None:
        folder.close()
