"""When what is found was written; `flask migrate` fills the index of words anew, with more texts."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade():
    op.execute("DELETE FROM searched_texts")
    op.add_column("searched_texts", sa.Column("written_at", sa.DateTime(timezone=True)))
    op.create_index("ix_searched_texts_written", "searched_texts", ["written_at", "id"])


def downgrade():
    op.execute("DELETE FROM searched_texts")
    op.drop_index("ix_searched_texts_written", "searched_texts")
    op.drop_column("searched_texts", "written_at")
