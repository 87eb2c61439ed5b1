"""Indexes of tasks by what they belong to hold only those that belong to something.

With the others in them SQLite takes such an index for useless, and reads every task instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

COLUMNS = ("assignment", "commitment")


def upgrade():
    for name in COLUMNS:
        op.drop_index(f"ix_tasks_{name}", "tasks")
        there = sa.text(f"{name}_id IS NOT NULL")
        op.create_index(
            f"ix_tasks_of_{name}",
            "tasks",
            [f"{name}_id"],
            sqlite_where=there,
            postgresql_where=there,
        )


def downgrade():
    for name in COLUMNS:
        op.drop_index(f"ix_tasks_of_{name}", "tasks")
        op.create_index(f"ix_tasks_{name}", "tasks", [f"{name}_id"])
