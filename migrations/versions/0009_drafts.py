"""Texts that are not public, and who signs a draft until when."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("documents", sa.Column("publication", sa.String(length=16), nullable=True))
    op.add_column("proposals", sa.Column("cosign_until", sa.Date(), nullable=True))
    op.create_table(
        "cosignatures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("proposer_id", KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cosignatures"),
        sa.UniqueConstraint("proposer_id", name="uq_cosignatures_proposer_id"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name="fk_cosignatures_proposal_id_proposals"
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["proposers.id"], name="fk_cosignatures_proposer_id_proposers"
        ),
    )
    op.create_index("ix_cosignatures_proposal_id", "cosignatures", ["proposal_id"])


def downgrade():
    op.drop_table("cosignatures")
    op.drop_column("proposals", "cosign_until")
    op.drop_column("documents", "publication")
