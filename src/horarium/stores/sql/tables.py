"""Every table of the store, once for all dialects.

Ids are 16 bytes, instants whole milliseconds since 1970, definitions JSON text, flags 0 and 1. What a row promises is
checked by the database too, so that no mistake above can write books that cannot be read.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from horarium.core.cursor import SkipReason
from horarium.core.run import Cause, Reason, RunState

Id = LargeBinary()
Ms = BigInteger().with_variant(Integer(), "sqlite")  # also for counters that may outgrow 32 bits
Flag = Integer()  # 0 and 1 in every dialect, so that hand-written statements read alike

WAITING_READY = "state = 'waiting' AND is_behind = 0"
OPEN = "state IN ('waiting', 'running')"
RUNNING = "state = 'running'"
FAILED = "state = 'failed'"
ALIVE = "stopped_at IS NULL AND dead_at IS NULL"
HOLDS = "holds = 1"
"""Conditions of partial indexes: a query is served by one only if it says these very words."""

metadata = MetaData()
output_metadata = MetaData()
"""Output lives in a file of its own on SQLite: it may lose its last second with the power, the books may not."""


def _check(condition: str, name: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def _partial(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _one_of(column: str, words: Iterable[StrEnum]) -> str:
    """Not `IN (…)`: SQLite builds a table for a long list each time it checks a row, which doubles the cost of a run."""
    return " OR ".join([f"{column} IS NULL", *(f"{column} = '{word}'" for word in words)])


def _definition() -> tuple[Column[Any], ...]:
    """What a task and each of its revisions say, in the same words. Lists and definitions are JSON text."""
    return (
        Column("name", Text, nullable=False),
        Column("description", Text, nullable=False),
        Column("tags", Text, nullable=False),
        Column("kind", Text, nullable=False),  # of the action
        Column("schedule", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("policy", Text, nullable=False),
        Column("pool", Text, nullable=False),
        Column("priority", Integer, nullable=False),
        Column("paused_at", Ms),
        Column("paused_until", Ms),
        Column("pause_reason", Text),
        Column("deleted_at", Ms),
    )


tasks = Table(
    "tasks",
    metadata,
    Column("id", Id, primary_key=True, nullable=False),
    Column("revision", Integer, nullable=False),
    *_definition(),
    Column("created_at", Ms, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_at", Ms, nullable=False),
    Column("broken", Text),  # JSON list [field, reason] while the definition cannot be read
    Column("sentence", Text),  # the schedule in words, made when it is saved; null in rows from before there were any
    _check("revision >= 1", "tasks_revision"),
    _check("length(id) = 16", "tasks_id"),
    _check("(paused_at IS NULL) = (pause_reason IS NULL)", "tasks_pause"),
    _check("paused_at IS NOT NULL OR paused_until IS NULL", "tasks_pause_end"),
    sqlite_strict=True,
)
Index("tasks_name", tasks.c.name, unique=True, **_partial("deleted_at IS NULL"))
Index("tasks_broken", tasks.c.id, **_partial("broken IS NOT NULL"))
Index("tasks_deleted", tasks.c.id, **_partial("deleted_at IS NOT NULL"))

task_tags = Table(
    "task_tags",
    metadata,
    Column("tag", Text, primary_key=True, nullable=False),
    Column("task_id", Id, ForeignKey("tasks.id"), primary_key=True, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index("task_tags_task", task_tags.c.task_id)

revisions = Table(
    "revisions",
    metadata,
    Column("task_id", Id, ForeignKey("tasks.id"), primary_key=True, nullable=False),
    Column("revision", Integer, primary_key=True, nullable=False),
    Column("valid_from", Ms, nullable=False),
    Column("what", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    *_definition(),
    _check("revision >= 1", "revisions_revision"),
    sqlite_strict=True,
)

cursors = Table(
    "cursors",
    metadata,
    Column("task_id", Id, ForeignKey("tasks.id"), primary_key=True, nullable=False),
    Column("version", Ms, nullable=False),
    Column("task_revision", Integer, nullable=False),
    Column("seen_through", Ms, nullable=False),
    Column("next_due_at", Ms),
    Column("decided", Ms, nullable=False),
    Column("since_edit", Ms, nullable=False),
    Column("kept_from", Ms, nullable=False),
    Column("forgotten", Ms, nullable=False),
    Column("holder", Id),
    Column("behind", Integer, nullable=False),
    Column("open_skip", Id),
    Column("last_run_id", Id),  # the run that ended last, and how
    Column("last_state", Text),
    Column("tzdata", Text, nullable=False),
    Column("overrides", Integer, nullable=False),  # how many a plan must read, nearly always none
    _check("decided >= 0", "cursors_decided"),
    _check("since_edit BETWEEN 0 AND decided", "cursors_since_edit"),
    _check("forgotten BETWEEN 0 AND decided", "cursors_forgotten"),
    _check("behind >= 0", "cursors_behind"),
    _check("overrides >= 0", "cursors_overrides"),
    _check("behind = 0 OR holder IS NOT NULL", "cursors_behind_whom"),
    _check("next_due_at > seen_through", "cursors_next_due_at"),
    _check(_one_of("last_state", [state for state in RunState if not state.open]), "cursors_last_state"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index("cursors_due", cursors.c.next_due_at, cursors.c.task_id, **_partial("next_due_at IS NOT NULL"))
Index("cursors_failing", cursors.c.task_id, **_partial("last_state = 'failed'"))

runs = Table(
    "runs",
    metadata,
    Column("id", Id, primary_key=True, nullable=False),
    Column("task_id", Id, ForeignKey("tasks.id"), nullable=False),
    Column("task_revision", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("due_at", Ms, nullable=False),
    Column("ready_at", Ms, nullable=False),
    Column("expected_at", Ms),
    Column("pool", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("needs_process", Flag, nullable=False),
    Column("tzdata", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_behind", Flag, nullable=False),
    Column("reason", Text),
    Column("attempt", Integer, nullable=False),
    Column("spent", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("worker_id", Id),
    Column("cancel_reason", Text),
    Column("first_started_at", Ms),
    Column("started_at", Ms),
    Column("ended_at", Ms),
    Column("exit_status", Integer),
    Column("http_status", Integer),
    Column("detail", Text),
    Column("retry_of", Id),
    Column("created_by", Text),
    _check("length(id) = 16", "runs_id"),
    _check(_one_of("state", RunState), "runs_state"),
    _check(_one_of("cause", Cause), "runs_cause"),
    _check(_one_of("reason", Reason), "runs_reason"),
    _check(_one_of("cancel_reason", Reason), "runs_cancel_reason"),
    _check("attempt >= 0 AND spent BETWEEN 0 AND attempt AND lost >= 0 AND fence >= attempt", "runs_counters"),
    _check("(ended_at IS NULL) = (state IN ('waiting', 'running'))", "runs_ended"),
    _check("state <> 'running' OR (worker_id IS NOT NULL AND started_at IS NOT NULL AND attempt >= 1)", "runs_running"),
    _check("is_behind = 0 OR (is_behind = 1 AND state = 'waiting')", "runs_behind"),
    _check("needs_process IN (0, 1)", "runs_needs_process"),
    sqlite_strict=True,
)
# One lane is (pool, needs_process, priority): within it runs are claimed in the order of this index, and what is not ready
# yet lies behind what is.
Index(
    "runs_waiting",
    *(runs.c.pool, runs.c.needs_process, runs.c.priority, runs.c.ready_at, runs.c.id),
    **_partial(WAITING_READY),
)
Index("runs_of_task", runs.c.task_id, runs.c.id, runs.c.state, runs.c.due_at, runs.c.started_at, runs.c.ended_at)
Index("runs_open", runs.c.task_id, runs.c.id, **_partial(OPEN))
Index("runs_again", runs.c.task_id, runs.c.task_revision, **_partial("cause = 'retry'"))
Index("runs_of_worker", runs.c.worker_id, **_partial(RUNNING))
Index("runs_failed", runs.c.id, **_partial(FAILED))

attempts = Table(
    "attempts",
    metadata,
    Column("run_id", Id, primary_key=True, nullable=False),
    Column("attempt", Integer, primary_key=True, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("worker_id", Id),
    Column("started_at", Ms),
    Column("ended_at", Ms),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("exit_status", Integer),
    Column("http_status", Integer),
    Column("detail", Text),
    Column("late_report", Text),
    _check("attempt >= 1 AND fence >= attempt", "attempts_counters"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

skips = Table(
    "skips",
    metadata,
    Column("id", Id, primary_key=True, nullable=False),
    Column("task_id", Id, ForeignKey("tasks.id"), nullable=False),
    Column("first_due_at", Ms, nullable=False),
    Column("last_due_at", Ms, nullable=False),
    Column("count", Ms, nullable=False),
    Column("reason", Text, nullable=False),
    Column("task_revision", Integer, nullable=False),
    Column("tzdata", Text, nullable=False),
    Column("decided_at", Ms, nullable=False),
    _check("count >= 1", "skips_count"),
    _check("last_due_at >= first_due_at AND (count > 1 OR last_due_at = first_due_at)", "skips_stretch"),
    _check(_one_of("reason", SkipReason), "skips_reason"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index("skips_of_task", skips.c.task_id, skips.c.last_due_at)
Index("skips_newest", skips.c.last_due_at, skips.c.task_id)

overrides = Table(
    "overrides",
    metadata,
    Column("task_id", Id, ForeignKey("tasks.id"), primary_key=True, nullable=False),
    Column("due_at", Ms, primary_key=True, nullable=False),
    Column("moved_to", Ms),  # null: skipped
    Column("decided_at", Ms),
    Column("created_by", Text, nullable=False),
    Column("created_at", Ms, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index("overrides_moved", overrides.c.moved_to, **_partial("decided_at IS NULL"))

calendars = Table(
    "calendars",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("version", Integer, primary_key=True, nullable=False),
    Column("days", Text, nullable=False),  # JSON list of "YYYY-MM-DD" and "first/last"
    Column("description", Text, nullable=False),
    Column("changed_at", Ms, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("deleted", Flag, nullable=False),
    Column("holds", Flag, nullable=False),  # the newest one, unless it is a deletion
    _check("version >= 1", "calendars_version"),
    _check("deleted IN (0, 1) AND holds IN (0, 1) AND deleted + holds < 2", "calendars_flags"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index("calendars_holding", calendars.c.name, unique=True, **_partial(HOLDS))

schedule_lists = Table(
    "schedule_lists",
    metadata,
    Column("task_id", Id, ForeignKey("tasks.id"), primary_key=True, nullable=False),
    Column("list", Text, primary_key=True, nullable=False),  # "calendar:NAME" or "holidays"
    Column("version", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Which shared lists of days the living tasks use, each in the version that is written in the task's schedule."""
Index("schedule_lists_version", schedule_lists.c.list, schedule_lists.c.version, schedule_lists.c.task_id)

workers = Table(
    "workers",
    metadata,
    Column("id", Id, primary_key=True, nullable=False),
    Column("name", Text, nullable=False),
    Column("pools", Text, nullable=False),  # JSON list, empty: every pool
    Column("slots", Integer, nullable=False),
    Column("process_slots", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", Ms, nullable=False),
    Column("beat", Ms, nullable=False),
    Column("stopped_at", Ms),
    Column("dead_at", Ms),
    _check("slots >= 0 AND process_slots >= 0 AND beat >= 0", "workers_counters"),
    sqlite_strict=True,
)
Index("workers_alive", workers.c.id, **_partial(ALIVE))

tokens = Table(
    "tokens",
    metadata,
    Column("id", Id, primary_key=True, nullable=False),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("secret_hash", Id, nullable=False, unique=True),
    Column("role", Integer, nullable=False),
    Column("created_at", Ms, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", Ms),
    Column("last_used_at", Ms),
    _check("role BETWEEN 1 AND 4", "tokens_role"),
    sqlite_strict=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True, nullable=False),
    Column("secret_hash", Id, nullable=False, unique=True),
    Column("role", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Ms, nullable=False),
    Column("expires_at", Ms, nullable=False),
    _check("role BETWEEN 1 AND 4", "sessions_role"),
    sqlite_strict=True,
)
Index("sessions_expiry", sessions.c.expires_at)

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", Text, primary_key=True, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("task_ids", LargeBinary, nullable=False),  # 16 bytes each, in order
    Column("expires_at", Ms, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index("idempotency_keys_expiry", idempotency_keys.c.expires_at)

setup_keys = Table(
    "setup_keys",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True, nullable=False),
    Column("expires_at", Ms, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

output = Table(
    "output",
    output_metadata,
    Column("run_id", Id, primary_key=True, nullable=False),
    Column("attempt", Integer, primary_key=True, nullable=False),
    Column("offset", Ms, primary_key=True, nullable=False),
    Column("stream", Text, nullable=False),
    Column("at", Ms, nullable=False),
    Column("first_line", Ms, nullable=False),
    Column("data", LargeBinary, nullable=False),
    _check("stream = 'stdout' OR stream = 'stderr'", "output_stream"),
    _check("length(data) BETWEEN 1 AND 65536", "output_data"),
    sqlite_strict=True,
)

output_ends = Table(
    "output_ends",
    output_metadata,
    Column("run_id", Id, primary_key=True, nullable=False),
    Column("attempt", Integer, primary_key=True, nullable=False),
    Column("size", Ms, nullable=False),  # bytes written so far, kept or not
    Column("dropped_from", Ms),
    Column("dropped_to", Ms),
    _check("size >= 0", "output_ends_size"),
    _check("(dropped_from IS NULL) = (dropped_to IS NULL)", "output_ends_dropped"),
    _check("dropped_to > dropped_from", "output_ends_stretch"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
