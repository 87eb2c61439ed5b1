"""A recommendation may be taken back, or joined to another, while its proposal goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade():
    op.add_column("recommendations", sa.Column("ended_alone", sa.Boolean(), nullable=True))


def downgrade():
    op.drop_column("recommendations", "ended_alone")
