"""Checkpoints have numbers, so that one taken away is missed; those of before keep their text."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade():
    op.add_column("checkpoints", sa.Column("number", sa.BigInteger(), nullable=True))
    op.add_column("checkpoints", sa.Column("resumes_after", sa.BigInteger(), nullable=True))
    op.create_index("ix_checkpoints_number", "checkpoints", ["number"], unique=True)


def downgrade():
    op.drop_index("ix_checkpoints_number", "checkpoints")
    op.drop_column("checkpoints", "resumes_after")
    op.drop_column("checkpoints", "number")
