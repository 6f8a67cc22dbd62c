"""Steady: 100 runs a second on a folder with many tasks stored; start, idleness and memory of the real service.

Budgets, for 1,000,000 tasks stored (`--tasks 1000000`): lateness p50 ≤ 2 ms, p99 ≤ 15 ms; RSS ≤ 200 MB; idle CPU ≤ 1 %; ready
≤ 2 s after start. The limit measured in the same run is how late a bare asyncio timer rings on this machine.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench._house import add_once
from horarium.stores.folder import DataFolder
from horarium.stores.open import open_file
from tests.server import Server

PER_SECOND = 100
PERIOD_SECONDS = 10
IDLE_SECONDS = 5
TIMERS = 200
FAR = datetime(2100, 1, 1, tzinfo=UTC)


async def fill(path: Path, count: int) -> None:
    folder = DataFolder.open(path)
    store = open_file(folder, "2026a")
    await add_once(store, count, FAR)
    await store.close()
    folder.close()


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


async def timer_lateness_ms() -> list[float]:
    late = []
    for _ in range(TIMERS):
        due = time.monotonic() + 0.01
        await asyncio.sleep(0.01)
        late.append((time.monotonic() - due) * 1000)
    return sorted(late)


def quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=30)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        server = Server(Path(place))
        asyncio.run(fill(server.data_dir, told.tasks))
        with server:
            pass  # the first start adopts the folder; what is measured is a start like any other
        begun = time.monotonic()
        with server:
            ready = time.monotonic() - begun
            assert server.process is not None
            pid = server.process.pid
            time.sleep(IDLE_SECONDS)  # the start's own work ends
            before = cpu_seconds(pid)
            time.sleep(IDLE_SECONDS)
            idle = (cpu_seconds(pid) - before) / IDLE_SECONDS * 100
            drafts = [
                {
                    "name": f"steady {n}",
                    "schedule": {"kind": "every", "seconds": PERIOD_SECONDS},
                    "action": {"kind": "log", "message": "hello"},
                }
                for n in range(PER_SECOND * PERIOD_SECONDS)
            ]
            for start in range(0, len(drafts), PER_SECOND):
                at = time.monotonic() + 1
                server.ask("POST", "/tasks/batch", {"tasks": drafts[start : start + PER_SECOND]})
                time.sleep(max(0.0, at - time.monotonic()))
            since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            begun_cpu = cpu_seconds(pid)
            time.sleep(told.seconds)
            busy = (cpu_seconds(pid) - begun_cpu) / told.seconds * 100
            late = sorted(
                float(run["lateness_ms"]) for run in server.all(f"/runs?from={since}") if run["lateness_ms"] is not None
            )
            memory = resident_mb(pid)
    timers = asyncio.run(timer_lateness_ms())
    p50, p99 = statistics.median(late), quantile(late, 0.99)
    print(f"{told.tasks:,} tasks stored: ready in {ready:.2f} s (budget 2), idle CPU {idle:.1f} % (budget 1)")
    print(f"{len(late) / told.seconds:.0f} runs/s: lateness p50 {p50:.1f} ms (budget 2), p99 {p99:.1f} ms (budget 15)")
    print(f"CPU {busy:.0f} %, RSS {memory:.0f} MB (budget 200)")
    print(f"a bare timer here: p50 {statistics.median(timers):.2f} ms late, p99 {quantile(timers, 0.99):.2f} ms")
    return 0 if p50 <= 2 and p99 <= 15 and memory <= 200 and ready <= 2 and idle <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
