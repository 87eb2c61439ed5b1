"""How many transactions have written, by which a list tells that nothing changed."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade():
    op.add_column("heads", sa.Column("writes", sa.BigInteger, nullable=False, server_default="0"))


def downgrade():
    op.drop_column("heads", "writes")
