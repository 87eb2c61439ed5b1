"""A tag may end, or be merged into another."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade():
    op.add_column("tags", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("tags", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))


def downgrade():
    op.drop_column("tags", "merged_into_id")
    op.drop_column("tags", "ended_on")
