"""Workers' lives: begun, beating, ended or declared dead. All by compare-and-set; whoever is dead stays dead."""

from collections.abc import Sequence
from datetime import datetime
from json import dumps

from sqlalchemy import Connection

from horarium.core.ids import WorkerId
from horarium.core.instants import to_ms
from horarium.core.run import Reason
from horarium.core.worker import Worker
from horarium.ports.store import Held
from horarium.stores.sql import statements
from horarium.stores.sql.rows import ms, worker_of


def begin_worker(conn: Connection, worker: Worker) -> None:
    row = (
        worker.id,
        worker.name,
        dumps(worker.pools),
        worker.slots,
        worker.process_slots,
        worker.version,
        to_ms(worker.started_at),
        worker.beat,
        ms(worker.stopped_at),
        None,
    )
    statements.write(conn, "begin_worker", [row])


def beat(conn: Connection, worker_id: WorkerId) -> list[Held] | None:
    """None for a worker that is not alive."""
    if not statements.change(conn, "beat", id=worker_id):
        return None
    held = statements.rows(conn, "held", worker_id=worker_id)
    return [Held(run_id=run, fence=fence, cancel_reason=Reason(why) if why else None) for run, fence, why in held]


def end_worker(conn: Connection, worker_id: WorkerId, now: datetime) -> None:
    statements.change(conn, "end_worker", id=worker_id, now=to_ms(now))


def workers(conn: Connection) -> list[Worker]:
    return [worker_of(row) for row in statements.rows(conn, "workers_alive")]


def declare_dead(conn: Connection, silent: Sequence[tuple[WorkerId, int]], now: datetime) -> list[WorkerId]:
    hits = statements.each(conn, "declare_dead", [(to_ms(now), worker_id, beat) for worker_id, beat in silent])
    return [worker_id for (worker_id, _), hit in zip(silent, hits, strict=True) if hit]


def take_over(conn: Connection, worker_id: WorkerId, now: datetime) -> int:
    return statements.change(conn, "take_over", id=worker_id, now=to_ms(now))
