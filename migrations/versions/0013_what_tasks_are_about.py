"""Which version of a reply, or which milestone, a task is about; proposals by who watches."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade():
    op.add_column("tasks", sa.Column("reply_id", sa.BigInteger(), nullable=True))
    op.add_column("tasks", sa.Column("milestone_id", sa.BigInteger(), nullable=True))
    there = sa.text("supervisor_id IS NOT NULL")
    op.create_index(
        "ix_proposals_supervisor",
        "proposals",
        ["supervisor_id", "id"],
        sqlite_where=there,
        postgresql_where=there,
    )


def downgrade():
    op.drop_index("ix_proposals_supervisor", "proposals")
    op.drop_column("tasks", "milestone_id")
    op.drop_column("tasks", "reply_id")
