"""What runs write, as it begins. A frozen copy of the tables of that day: change it never, add the next number instead."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "output",
        sa.Column("run_id", sa.LargeBinary(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("offset", MS, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("at", MS, nullable=False),
        sa.Column("first_line", MS, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("stream = 'stdout' OR stream = 'stderr'", name="output_stream"),
        sa.CheckConstraint("length(data) BETWEEN 1 AND 65536", name="output_data"),
        sa.PrimaryKeyConstraint("run_id", "attempt", "offset"),
        sqlite_strict=True,
    )
    op.create_table(
        "output_ends",
        sa.Column("run_id", sa.LargeBinary(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("size", MS, nullable=False),
        sa.Column("dropped_from", MS, nullable=True),
        sa.Column("dropped_to", MS, nullable=True),
        sa.CheckConstraint("(dropped_from IS NULL) = (dropped_to IS NULL)", name="output_ends_dropped"),
        sa.CheckConstraint("dropped_to > dropped_from", name="output_ends_stretch"),
        sa.CheckConstraint("size >= 0", name="output_ends_size"),
        sa.PrimaryKeyConstraint("run_id", "attempt"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
