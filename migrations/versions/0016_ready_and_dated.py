"""The moment of the last event beside its hash, and a row that proves that writing works."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    moment = sa.Column("event_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("heads", moment)
    last = "SELECT at FROM events ORDER BY sequence DESC LIMIT 1"
    op.execute(f"UPDATE heads SET event_at = ({last})")
    op.create_table(
        "readiness",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_readiness"),
    )
    op.execute("INSERT INTO readiness (id, number) VALUES (1, 0)")


def downgrade():
    op.drop_table("readiness")
    op.drop_column("heads", "event_at")
