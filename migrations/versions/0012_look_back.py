"""When what was verified is looked back at."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade():
    op.add_column("recommendations", sa.Column("look_back_on", sa.Date(), nullable=True))


def downgrade():
    op.drop_column("recommendations", "look_back_on")
