"""The days on which a proposal was submitted and filed, as the papers say."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade():
    op.add_column("proposals", sa.Column("submitted_on", sa.Date(), nullable=True))
    op.add_column("proposals", sa.Column("filed_on", sa.Date(), nullable=True))


def downgrade():
    op.drop_column("proposals", "filed_on")
    op.drop_column("proposals", "submitted_on")
