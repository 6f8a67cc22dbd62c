"""Named calendars in their versions, and which tasks use which shared list of days."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("changed_at", MS, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("holds", sa.Integer(), nullable=False),
        sa.CheckConstraint("version >= 1", name="calendars_version"),
        sa.CheckConstraint("deleted IN (0, 1) AND holds IN (0, 1) AND deleted + holds < 2", name="calendars_flags"),
        sa.PrimaryKeyConstraint("name", "version"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "calendars_holding",
        "calendars",
        ["name"],
        unique=True,
        sqlite_where=sa.text("holds = 1"),
        postgresql_where=sa.text("holds = 1"),
    )
    op.create_table(
        "schedule_lists",
        sa.Column("task_id", sa.LargeBinary(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("task_id", "list"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("schedule_lists_version", "schedule_lists", ["list", "version", "task_id"], unique=False)
