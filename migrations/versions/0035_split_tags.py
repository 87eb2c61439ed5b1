"""A tag may be split into others."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade():
    op.add_column("tags", sa.Column("split_into_ids", sa.String(200), nullable=True))


def downgrade():
    op.drop_column("tags", "split_into_ids")
