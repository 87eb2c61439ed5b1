"""Who is signed in to the pages, and what they are still writing."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "sign_ins",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("principal_id", NUMBER, nullable=False),
        sa.Column("secret_id", NUMBER, nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name="fk_sign_ins_principal_id_principals"
        ),
        sa.ForeignKeyConstraint(
            ["secret_id"], ["key_secrets.id"], name="fk_sign_ins_secret_id_key_secrets"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
        sa.UniqueConstraint("token_sha256", name="uq_sign_ins_token_sha256"),
    )
    op.create_index("ix_sign_ins_principal", "sign_ins", ["principal_id", "began_at"])
    op.create_table(
        "unsent_forms",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("principal_id", NUMBER, nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name="fk_unsent_forms_principal_id_principals"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unsent_forms"),
        sa.UniqueConstraint("principal_id", "address", name="uq_unsent_forms_principal_id_address"),
    )
    op.create_index("ix_unsent_forms_saved_at", "unsent_forms", ["saved_at"])


def downgrade():
    op.drop_table("unsent_forms")
    op.drop_table("sign_ins")
