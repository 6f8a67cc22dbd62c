"""Waiting runs lie in lanes: (pool, needs a process, priority). Lanes are few and found by hops through one index."""

from dataclasses import dataclass

from sqlalchemy import Connection

from horarium.core.task import PRIORITY_MAX
from horarium.stores.sql import statements

LANES_MAX = 10_000
"""So many (pool, needs a process, priority) are looked at; runs in further lanes wait until one of these is empty."""


@dataclass(frozen=True, slots=True)
class Lane:
    """`ready_at` of its first run, in milliseconds."""

    pool: str
    needs_process: bool
    priority: int
    ready_at: int


def lanes(conn: Connection) -> list[Lane]:
    """Every lane in which a run waits that nothing stands before."""
    found: list[Lane] = []
    pool, needs_process, priority = "", 0, -PRIORITY_MAX - 1
    for _ in range(LANES_MAX):
        row = statements.row(conn, "next_lane", pool=pool, needs_process=needs_process, priority=priority)
        if row is None:
            break
        pool, needs_process, priority, ready_at = row
        found.append(Lane(pool, needs_process == 1, priority, ready_at))
    return found
