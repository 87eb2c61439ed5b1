"""Indexes by which lists are read in the order of the latest change, and cases by their number."""

from alembic import op

revision = "0022"
down_revision = "0021"

CHANGED = ("proposals", "assignments", "commitments")


def upgrade():
    for table in CHANGED:
        op.create_index(f"ix_{table}_updated", table, ["updated_at", "id"])
    op.create_index("ix_proposals_case_no", "proposals", ["case_no"])


def downgrade():
    op.drop_index("ix_proposals_case_no", table_name="proposals")
    for table in CHANGED:
        op.drop_index(f"ix_{table}_updated", table_name=table)
