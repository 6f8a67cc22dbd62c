"""Commands per second through the whole Doer, against a bare loop of posix_spawn and waitpid over the same program.

Budget: at least 0.6 of the bare loop. Rounds of both alternate, and the medians are compared.
`--in-flight` is how many commands the Doer runs at once; the bare loop runs one after another, and for comparison as many
at once as suits it best. Clock time means something on a quiet machine only; processor time per command, which is given
too (engine, guardian and the programs themselves), does so on a busy one.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import time
from datetime import UTC, datetime

import uvloop

from horarium.actions.command import CommandDoer
from horarium.actions.guardian_client import Guardian
from horarium.core.action import Command
from horarium.core.ids import RunId
from horarium.core.outcome import Succeeded
from horarium.ports.action import Identity, Stream

BUDGET = 0.6
PROGRAM = "/bin/true"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/", "LANG": "C.UTF-8"}


class Nowhere:
    async def write(self, stream: Stream, data: bytes) -> None:
        """Kept by nobody."""


def bare(count: int, in_flight: int) -> float:
    """Commands per second."""
    begin = time.perf_counter()
    started = ended = 0
    while ended < count:
        while started < count and started - ended < in_flight:
            os.posix_spawn(PROGRAM, [PROGRAM], ENVIRONMENT, setsid=True, setsigmask=())
            started += 1
        os.waitpid(-1, 0)
        ended += 1
    return count / (time.perf_counter() - begin)


async def through_the_doer(doer: CommandDoer, count: int, in_flight: int) -> float:
    """Commands per second."""
    action = Command(kind="command", argv=(PROGRAM,))
    run = Identity(
        run_id=RunId(bytes(16)), attempt=1, fence=1, due_at=datetime(2027, 1, 1, tzinfo=UTC), task_name="true"
    )
    left = count

    async def slot() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            assert await doer.do(action, run, Nowhere()) == Succeeded(exit_status=0)

    begin = time.perf_counter()
    await asyncio.gather(*(slot() for _ in range(in_flight)))
    return count / (time.perf_counter() - begin)


def own_seconds() -> float:
    """Processor time of this process and of the children it has reaped."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def seconds_of(pid: int) -> float:
    """The same of another process."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(") ")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


async def measured(guardian: Guardian, count: int, rounds: int, in_flight: int) -> dict[str, float]:
    doer = CommandDoer(guardian)
    figures: dict[str, list[float]] = {
        name: [] for name in ("one_by_one", "at_once", "doer", "one_by_one_us", "doer_us")
    }

    def all_seconds() -> float:
        return own_seconds() + seconds_of(guardian.pid)

    def took(name: str, before: float) -> None:
        figures[name].append((all_seconds() - before) / count * 1e6)

    await through_the_doer(doer, count // 10, in_flight)
    for _ in range(rounds):
        before = all_seconds()
        figures["one_by_one"].append(bare(count, 1))
        took("one_by_one_us", before)
        before = all_seconds()
        figures["doer"].append(await through_the_doer(doer, count, in_flight))
        took("doer_us", before)
        figures["at_once"].append(max(bare(count, n) for n in (2, 4)))
    await guardian.close()
    return {name: statistics.median(values) for name, values in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--in-flight", type=int, default=64)
    options = parser.parse_args()
    guardian = Guardian.launch()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(measured(guardian, options.count, options.rounds, options.in_flight))
    ratio = figures["doer"] / figures["one_by_one"]
    print(
        json.dumps(
            {
                "bench": "spawn",
                "commands_per_second": round(figures["doer"]),
                "bare_per_second": round(figures["one_by_one"]),
                "bare_at_once_per_second": round(figures["at_once"]),
                "cpu_us_per_command": round(figures["doer_us"]),
                "bare_cpu_us_per_command": round(figures["one_by_one_us"]),
                "ratio": round(ratio, 2),
                "ratio_to_bare_at_once": round(figures["doer"] / figures["at_once"], 2),
                "cpu_ratio": round(figures["one_by_one_us"] / figures["doer_us"], 2),
                "budget": BUDGET,
                "within": ratio >= BUDGET,
            }
        )
    )


if __name__ == "__main__":
    main()
