"""Codes in two halves for new keys, names of accounts that are asked for, counts of attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("approvals", sa.Column("personal", sa.Text(), nullable=True))
    op.add_column("access_keys", sa.Column("exchange_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "exchanges",
        sa.Column("id", KEY, nullable=False),
        sa.Column("approval_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_sha256", sa.String(64), nullable=False),
        sa.Column("approved_sha256", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_exchanges"),
        sa.UniqueConstraint("asked_sha256", name="uq_exchanges_asked_sha256"),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name="fk_exchanges_approval_id_approvals"
        ),
    )
    op.create_index("ix_exchanges_approval_id", "exchanges", ["approval_id"])
    op.create_table(
        "attempt_counts",
        sa.Column("principal_id", KEY, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("principal_id", "kind", name="pk_attempt_counts"),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name="fk_attempt_counts_principal_id_principals"
        ),
    )


def downgrade():
    op.drop_table("attempt_counts")
    op.drop_index("ix_exchanges_approval_id", "exchanges")
    op.drop_table("exchanges")
    op.drop_column("access_keys", "exchange_id")
    op.drop_column("approvals", "personal")
