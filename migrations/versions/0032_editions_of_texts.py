"""A text that was entered by hand may have a further edition; the former one stays."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade():
    op.add_column("documents", sa.Column("replaces_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_documents_replaces_id", "documents", ["replaces_id"])


def downgrade():
    op.drop_index("ix_documents_replaces_id", table_name="documents")
    op.drop_column("documents", "replaces_id")
