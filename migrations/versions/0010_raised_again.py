"""Which proposal raised again what a promise is about."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade():
    op.add_column("notices", sa.Column("about_id", sa.BigInteger(), nullable=True))


def downgrade():
    op.drop_column("notices", "about_id")
