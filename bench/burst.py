"""Burst: 10,000 `log` tasks due at one instant, through the whole engine, SQLite FULL, every outcome durable.

Budget: at least 20,000 runs/s, and at least 0.4 of a bare loop that writes the same rows. The loop is `bench/store.py`'s.
"""

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from bench._house import add_once, bare_rows_per_second, engine_on
from horarium.stores.folder import DataFolder
from horarium.stores.open import open_file

TASKS = 10_000
ROUNDS = 3
RUNS_PER_SECOND = 20_000
SHARE = 0.4
LOOK_SECONDS = 0.005
LOOKS_MAX = 12_000


async def burst(path: Path) -> float:
    """Runs per second from the common instant to the last durable outcome."""
    folder = DataFolder.open(path)
    store = open_file(folder, "2026a")
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=4)
    try:
        await add_once(store, TASKS, due_at)
        async with engine_on(store) as engine:
            engine.schedule_changed()
            await asyncio.sleep((due_at - datetime.now(UTC)).total_seconds())
            for _ in range(LOOKS_MAX):
                await asyncio.sleep(LOOK_SECONDS)
                if engine.vitals.pulse().ended.get("succeeded", 0) >= TASKS:
                    break
            taken = time.time() - due_at.timestamp()
        return TASKS / taken
    finally:
        await store.close()
        folder.close()


def main() -> int:
    rates, bare = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as place:
            rates.append(uvloop.run(burst(Path(place) / "data")))
        with tempfile.TemporaryDirectory() as place:
            bare.append(bare_rows_per_second(Path(place), TASKS))
    rate, limit = sorted(rates)[ROUNDS // 2], sorted(bare)[ROUNDS // 2]
    print(f"burst of {TASKS:,}: {rate:,.0f} runs/s (budget {RUNS_PER_SECOND:,})")
    print(f"bare loop: {limit:,.0f} runs/s; ratio {rate / limit:.2f} (budget {SHARE})")
    return 0 if rate >= RUNS_PER_SECOND and rate / limit >= SHARE else 1


if __name__ == "__main__":
    sys.exit(main())
