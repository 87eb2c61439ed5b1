"""A request for an import keeps what was staged for it, until it is decided on."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade():
    op.add_column("approvals", sa.Column("staged", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("approvals", "staged")
