"""A worker: one life of one process that runs attempts. A new id at each start, a name that stays."""

from dataclasses import dataclass
from datetime import datetime

from horarium.core.ids import WorkerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """`pools` empty means every pool. `beat` grows with each heartbeat; it is compared, never read as a time."""

    id: WorkerId
    name: str
    pools: tuple[str, ...]
    slots: int
    process_slots: int
    version: str
    started_at: datetime
    beat: int = 0
    stopped_at: datetime | None = None
