"""What the intake office decides about a proposal: why it is not filed, merging, key proposals.

The columns name other records without a constraint: SQLite can neither add one to a table that
stands nor drop a column that has one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

COLUMNS = {
    "not_filed_reason": sa.String(length=32),
    "merged_into_id": sa.BigInteger(),
    "is_key": sa.Boolean(),
    "supervisor_id": sa.BigInteger(),
}


def upgrade():
    for name, kind in COLUMNS.items():
        op.add_column("proposals", sa.Column(name, kind, nullable=True))
    op.create_index("ix_proposals_merged_into_id", "proposals", ["merged_into_id"])


def downgrade():
    op.drop_index("ix_proposals_merged_into_id", "proposals")
    for column in reversed(COLUMNS):
        op.drop_column("proposals", column)
