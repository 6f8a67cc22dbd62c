"""The janitor's part: what `keep` no longer wants goes, and kept_from and forgotten move in the transaction that deletes.

Looking is reading and goes round through all tasks, some per call; only what was found is written. A record is kept while it
is within `days` and its task's newest `runs`; skips go by age and with the runs around them. Open runs are never forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from horarium.core.ids import RunId, SkipId, TaskId
from horarium.core.instants import to_ms
from horarium.core.run import OF_OCCURRENCES
from horarium.stores.sql import statements
from horarium.stores.sql.rows import Unreadable, policy_of

LOOK_AT = 2_000
"""Tasks looked at in one call: some 30 ms of reading."""
WORKERS_KEPT = timedelta(days=90)

_DAY_MS = 86_400_000
_NO_RANDOM = bytes(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bite:
    """What may be forgotten of one task. Nothing before `kept_from` is judged any more. `whole`: the tombstone as well."""

    task_id: TaskId
    runs: tuple[tuple[RunId, bool], ...]
    """With whether it was an occurrence's."""
    skips: tuple[tuple[SkipId, int, int], ...]
    """With last_due_at and count as they were read."""
    kept_from: int
    whole: bool

    @property
    def records(self) -> int:
        return len(self.runs) + len(self.skips) + self.whole


def look(conn: Connection, after: bytes, now: datetime, limit: int) -> tuple[list[Bite], bytes]:
    """At most `limit` records that may go, and where the next look begins; b"" is the beginning of a round."""
    bites: list[Bite] = []
    left = limit
    found = statements.rows(conn, "kept_tasks", after=after, limit=LOOK_AT)
    for task_id, policy, deleted_at, seen_through in found:
        if left <= 0:
            return bites, after
        bite = _bite(conn, task_id, policy, deleted_at, seen_through, to_ms(now), left)
        if bite is not None:
            bites.append(bite)
            left -= bite.records
        after = task_id
    return bites, after if len(found) == LOOK_AT else b""


def forget(conn: Connection, bites: Sequence[Bite], now: datetime) -> int:
    """What was found, where it still is as it was found; and whatever else has expired."""
    forgotten = sum(_swallow(conn, bite) for bite in bites)
    statements.change(conn, "forget_workers", before=to_ms(now - WORKERS_KEPT))
    for expired in ("forget_replays", "forget_sessions", "forget_setup_keys"):
        statements.change(conn, expired, now=to_ms(now))
    return forgotten


def _bite(
    conn: Connection,
    task_id: TaskId,
    policy: str,
    deleted_at: int | None,
    seen_through: int | None,
    now: int,
    limit: int,
) -> Bite | None:
    try:
        keep = policy_of(policy).keep
    except Unreadable:
        return None  # nobody knows how long these are to be kept
    oldest = now - keep.days * _DAY_MS
    bound = _id_at(max(oldest, 0))
    beyond = statements.row(conn, "first_beyond", task_id=task_id, keep=keep.runs)
    before = oldest
    if beyond is not None and beyond[0] >= bound:
        bound, before = _after(beyond[0]), _instant_of(beyond[0]) + 1
    runs = statements.rows(conn, "old_runs", task_id=task_id, bound=bound, limit=limit)
    if len(runs) == limit:
        before = min(before, _instant_of(runs[-1][0]) + 1)
    left = limit - len(runs)
    skips = statements.rows(conn, "old_skips", task_id=task_id, before=before, limit=left) if left else []
    if left and len(skips) == left:
        before = min(before, skips[-1][1] + 1)
    whole = (
        deleted_at is not None
        and deleted_at < oldest
        and len(runs) + len(skips) < limit
        and not _kept(conn, task_id, runs, skips)
    )
    if not runs and not skips and not whole:
        return None
    kept = statements.row(conn, "first_kept_skip", task_id=task_id, before=before)
    kept_from = before if kept is None else min(before, kept[0])
    return Bite(
        task_id=task_id,
        runs=tuple((run_id, cause in OF_OCCURRENCES) for run_id, cause in runs),
        skips=tuple(tuple(skip) for skip in skips),
        kept_from=kept_from if seen_through is None else min(kept_from, seen_through),
        whole=whole,
    )


def _swallow(conn: Connection, bite: Bite) -> int:
    gone = statements.each(conn, "forget_run", [(run_id,) for run_id, _ in bite.runs])
    statements.write(
        conn, "forget_attempts", [(run_id,) for (run_id, _), hit in zip(bite.runs, gone, strict=True) if hit]
    )
    skipped = statements.each(conn, "forget_skip", bite.skips)
    forgotten = sum(of_occurrence for (_, of_occurrence), hit in zip(bite.runs, gone, strict=True) if hit)
    for (skip_id, _, count), hit in zip(bite.skips, skipped, strict=True):
        if hit:
            forgotten += count
            statements.change(conn, "close_skip", task_id=bite.task_id, skip_id=skip_id)
    values = {"kept_from": bite.kept_from, "forgotten": forgotten, "task_id": bite.task_id}
    statements.change(conn, "count_forgotten", **values)
    statements.change(conn, "forget_old_overrides", task_id=bite.task_id, kept_from=bite.kept_from)
    if bite.whole and not statements.row(conn, "has_records", task_id=bite.task_id)[0]:
        return sum(gone) + sum(skipped) + _forget_task(conn, bite.task_id)
    statements.change(conn, "forget_revisions", task_id=bite.task_id)
    return sum(gone) + sum(skipped)


def _forget_task(conn: Connection, task_id: TaskId) -> int:
    for name in ("forget_task_tags", "forget_overrides", "forget_cursor", "forget_all_revisions"):
        statements.change(conn, name, task_id=task_id)
    return statements.change(conn, "forget_task", task_id=task_id)


def _kept(conn: Connection, task_id: TaskId, runs: Sequence[object], skips: Sequence[object]) -> bool:
    """Whether anything of the task stays when these are gone."""
    held = statements.row(conn, "count_records", task_id=task_id, limit=len(runs) + len(skips) + 1)
    return int(held[0]) > len(runs) + len(skips)


def _id_at(ms: int) -> bytes:
    return ms.to_bytes(6, "big") + _NO_RANDOM


def _after(run_id: bytes) -> bytes:
    return (int.from_bytes(run_id, "big") + 1).to_bytes(16, "big")


def _instant_of(run_id: bytes) -> int:
    return int.from_bytes(run_id[:6], "big")
