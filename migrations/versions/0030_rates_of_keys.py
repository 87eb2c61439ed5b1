"""A key for mass entry may send more requests than the usual number."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade():
    op.add_column("access_keys", sa.Column("rate_multiple", sa.Integer))


def downgrade():
    op.drop_column("access_keys", "rate_multiple")
