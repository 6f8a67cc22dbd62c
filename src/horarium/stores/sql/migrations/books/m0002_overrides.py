"""Cursors count the overrides that a plan must read: skipped and moved occurrences can be asked for from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Made anew: SQLite adds no constraint to a table that is there."""
    op.rename_table("cursors", "cursors_before")
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
        sa.Column("overrides", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "last_state IS NULL OR last_state = 'succeeded' OR last_state = 'failed' OR last_state = 'cancelled'",
            name="cursors_last_state",
        ),
        sa.CheckConstraint("behind = 0 OR holder IS NOT NULL", name="cursors_behind_whom"),
        sa.CheckConstraint("behind >= 0", name="cursors_behind"),
        sa.CheckConstraint("decided >= 0", name="cursors_decided"),
        sa.CheckConstraint("forgotten BETWEEN 0 AND decided", name="cursors_forgotten"),
        sa.CheckConstraint("next_due_at > seen_through", name="cursors_next_due_at"),
        sa.CheckConstraint("overrides >= 0", name="cursors_overrides"),
        sa.CheckConstraint("since_edit BETWEEN 0 AND decided", name="cursors_since_edit"),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("task_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO cursors SELECT *, 0 FROM cursors_before")
    op.drop_table("cursors_before")
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
