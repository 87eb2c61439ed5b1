"""What people wrote enters the hash of an event only through salted seals: it can be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade():
    op.add_column("events", sa.Column("seals", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("salts", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("events", "salts")
    op.drop_column("events", "seals")
