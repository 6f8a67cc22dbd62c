"""Tasks carry their schedule in words."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Empty for the tasks there are: it is made when one is shown, and kept when it is saved again."""
    op.add_column("tasks", sa.Column("sentence", sa.Text(), nullable=True))
