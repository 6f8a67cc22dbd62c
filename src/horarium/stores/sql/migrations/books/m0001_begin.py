# ruff: noqa: E501 - as the tool wrote it
"""The books as they begin. A frozen copy of the tables of that day: change it never, add the next number instead."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("run_id", sa.LargeBinary(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.LargeBinary(), nullable=True),
        sa.Column("started_at", MS, nullable=True),
        sa.Column("ended_at", MS, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("exit_status", sa.Integer(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("late_report", sa.Text(), nullable=True),
        sa.CheckConstraint("attempt >= 1 AND fence >= attempt", name="attempts_counters"),
        sa.PrimaryKeyConstraint("run_id", "attempt"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("task_ids", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", MS, nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("idempotency_keys_expiry", "idempotency_keys", ["expires_at"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", MS, nullable=False),
        sa.Column("expires_at", MS, nullable=False),
        sa.CheckConstraint("role BETWEEN 1 AND 4", name="sessions_role"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
        sqlite_strict=True,
    )
    op.create_index("sessions_expiry", "sessions", ["expires_at"], unique=False)
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setup_keys",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", MS, nullable=False),
        sa.PrimaryKeyConstraint("key_hash"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("paused_at", MS, nullable=True),
        sa.Column("paused_until", MS, nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("deleted_at", MS, nullable=True),
        sa.Column("created_at", MS, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", MS, nullable=False),
        sa.Column("broken", sa.Text(), nullable=True),
        sa.CheckConstraint("(paused_at IS NULL) = (pause_reason IS NULL)", name="tasks_pause"),
        sa.CheckConstraint("length(id) = 16", name="tasks_id"),
        sa.CheckConstraint("paused_at IS NOT NULL OR paused_until IS NULL", name="tasks_pause_end"),
        sa.CheckConstraint("revision >= 1", name="tasks_revision"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(
        "tasks_broken",
        "tasks",
        ["id"],
        unique=False,
        sqlite_where=sa.text("broken IS NOT NULL"),
        postgresql_where=sa.text("broken IS NOT NULL"),
    )
    op.create_index(
        "tasks_deleted",
        "tasks",
        ["id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "tasks_name",
        "tasks",
        ["name"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.Column("created_at", MS, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", MS, nullable=True),
        sa.Column("last_used_at", MS, nullable=True),
        sa.CheckConstraint("role BETWEEN 1 AND 4", name="tokens_role"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
        sqlite_strict=True,
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pools", sa.Text(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("process_slots", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", MS, nullable=False),
        sa.Column("beat", MS, nullable=False),
        sa.Column("stopped_at", MS, nullable=True),
        sa.Column("dead_at", MS, nullable=True),
        sa.CheckConstraint("slots >= 0 AND process_slots >= 0 AND beat >= 0", name="workers_counters"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(
        "workers_alive",
        "workers",
        ["id"],
        unique=False,
        sqlite_where=sa.text("stopped_at IS NULL AND dead_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL AND dead_at IS NULL"),
    )
    op.create_table(
        "cursors",
        sa.Column("task_id", sa.LargeBinary(), nullable=False),
        sa.Column("version", MS, nullable=False),
        sa.Column("task_revision", sa.Integer(), nullable=False),
        sa.Column("seen_through", MS, nullable=False),
        sa.Column("next_due_at", MS, nullable=True),
        sa.Column("decided", MS, nullable=False),
        sa.Column("since_edit", MS, nullable=False),
        sa.Column("kept_from", MS, nullable=False),
        sa.Column("forgotten", MS, nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=True),
        sa.Column("behind", sa.Integer(), nullable=False),
        sa.Column("open_skip", sa.LargeBinary(), nullable=True),
        sa.Column("last_run_id", sa.LargeBinary(), nullable=True),
        sa.Column("last_state", sa.Text(), nullable=True),
        sa.Column("tzdata", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "last_state IS NULL OR last_state = 'succeeded' OR last_state = 'failed' OR last_state = 'cancelled'",
            name="cursors_last_state",
        ),
        sa.CheckConstraint("behind = 0 OR holder IS NOT NULL", name="cursors_behind_whom"),
        sa.CheckConstraint("behind >= 0", name="cursors_behind"),
        sa.CheckConstraint("decided >= 0", name="cursors_decided"),
        sa.CheckConstraint("forgotten BETWEEN 0 AND decided", name="cursors_forgotten"),
        sa.CheckConstraint("next_due_at > seen_through", name="cursors_next_due_at"),
        sa.CheckConstraint("since_edit BETWEEN 0 AND decided", name="cursors_since_edit"),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("task_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "cursors_due",
        "cursors",
        ["next_due_at", "task_id"],
        unique=False,
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(
        "cursors_failing",
        "cursors",
        ["task_id"],
        unique=False,
        sqlite_where=sa.text("last_state = 'failed'"),
        postgresql_where=sa.text("last_state = 'failed'"),
    )
    op.create_table(
        "overrides",
        sa.Column("task_id", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", MS, nullable=False),
        sa.Column("moved_to", MS, nullable=True),
        sa.Column("decided_at", MS, nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", MS, nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("task_id", "due_at"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "overrides_moved",
        "overrides",
        ["moved_to"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "revisions",
        sa.Column("task_id", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("valid_from", MS, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("paused_at", MS, nullable=True),
        sa.Column("paused_until", MS, nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("deleted_at", MS, nullable=True),
        sa.CheckConstraint("revision >= 1", name="revisions_revision"),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("task_id", "revision"),
        sqlite_strict=True,
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("task_id", sa.LargeBinary(), nullable=False),
        sa.Column("task_revision", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("due_at", MS, nullable=False),
        sa.Column("ready_at", MS, nullable=False),
        sa.Column("expected_at", MS, nullable=True),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("needs_process", sa.Integer(), nullable=False),
        sa.Column("tzdata", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_behind", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.LargeBinary(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("first_started_at", MS, nullable=True),
        sa.Column("started_at", MS, nullable=True),
        sa.Column("ended_at", MS, nullable=True),
        sa.Column("exit_status", sa.Integer(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("retry_of", sa.LargeBinary(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (state IN ('waiting', 'running'))", name="runs_ended"),
        sa.CheckConstraint(
            "cancel_reason IS NULL OR cancel_reason = 'exit_status' OR cancel_reason = 'http_status' OR cancel_reason = 'timeout' OR cancel_reason = 'error' OR cancel_reason = 'lost' OR cancel_reason = 'replaced' OR cancel_reason = 'edited' OR cancel_reason = 'deleted' OR cancel_reason = 'cancelled_by_user' OR cancel_reason = 'shutdown'",
            name="runs_cancel_reason",
        ),
        sa.CheckConstraint(
            "cause IS NULL OR cause = 'schedule' OR cause = 'catch_up' OR cause = 'manual' OR cause = 'backfill' OR cause = 'retry' OR cause = 'test'",
            name="runs_cause",
        ),
        sa.CheckConstraint("is_behind = 0 OR (is_behind = 1 AND state = 'waiting')", name="runs_behind"),
        sa.CheckConstraint(
            "reason IS NULL OR reason = 'exit_status' OR reason = 'http_status' OR reason = 'timeout' OR reason = 'error' OR reason = 'lost' OR reason = 'replaced' OR reason = 'edited' OR reason = 'deleted' OR reason = 'cancelled_by_user' OR reason = 'shutdown'",
            name="runs_reason",
        ),
        sa.CheckConstraint(
            "state <> 'running' OR (worker_id IS NOT NULL AND started_at IS NOT NULL AND attempt >= 1)",
            name="runs_running",
        ),
        sa.CheckConstraint(
            "state IS NULL OR state = 'waiting' OR state = 'running' OR state = 'succeeded' OR state = 'failed' OR state = 'cancelled'",
            name="runs_state",
        ),
        sa.CheckConstraint(
            "attempt >= 0 AND spent BETWEEN 0 AND attempt AND lost >= 0 AND fence >= attempt", name="runs_counters"
        ),
        sa.CheckConstraint("length(id) = 16", name="runs_id"),
        sa.CheckConstraint("needs_process IN (0, 1)", name="runs_needs_process"),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(
        "runs_again",
        "runs",
        ["task_id", "task_revision"],
        unique=False,
        sqlite_where=sa.text("cause = 'retry'"),
        postgresql_where=sa.text("cause = 'retry'"),
    )
    op.create_index(
        "runs_failed",
        "runs",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "runs_of_task", "runs", ["task_id", "id", "state", "due_at", "started_at", "ended_at"], unique=False
    )
    op.create_index(
        "runs_of_worker",
        "runs",
        ["worker_id"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(
        "runs_open",
        "runs",
        ["task_id", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_index(
        "runs_waiting",
        "runs",
        ["pool", "needs_process", "priority", "ready_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting' AND is_behind = 0"),
        postgresql_where=sa.text("state = 'waiting' AND is_behind = 0"),
    )
    op.create_table(
        "skips",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("task_id", sa.LargeBinary(), nullable=False),
        sa.Column("first_due_at", MS, nullable=False),
        sa.Column("last_due_at", MS, nullable=False),
        sa.Column("count", MS, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("task_revision", sa.Integer(), nullable=False),
        sa.Column("tzdata", sa.Text(), nullable=False),
        sa.Column("decided_at", MS, nullable=False),
        sa.CheckConstraint(
            "reason IS NULL OR reason = 'overlap' OR reason = 'paused' OR reason = 'missed' OR reason = 'too_old' OR reason = 'coalesced' OR reason = 'limit' OR reason = 'skipped_by_user'",
            name="skips_reason",
        ),
        sa.CheckConstraint("count >= 1", name="skips_count"),
        sa.CheckConstraint(
            "last_due_at >= first_due_at AND (count > 1 OR last_due_at = first_due_at)", name="skips_stretch"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("skips_newest", "skips", ["last_due_at", "task_id"], unique=False)
    op.create_index("skips_of_task", "skips", ["task_id", "last_due_at"], unique=False)
    op.create_table(
        "task_tags",
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("task_id", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("tag", "task_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("task_tags_task", "task_tags", ["task_id"], unique=False)
