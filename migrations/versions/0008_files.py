"""Files that prove something, what they are attached to, and what a reply brings with it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def points_at(table, column, other):
    """Return the foreign key of *column* of *table*."""
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade():
    op.add_column("replies", sa.Column("attachments", sa.Text(), nullable=True))
    op.create_table(
        "files",
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("publication", sa.String(length=16), nullable=False),
        sa.Column("office_id", KEY, nullable=True),
        sa.Column("supersedes_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
        sa.UniqueConstraint("reference", name="uq_files_reference"),
        sa.UniqueConstraint("proposal_id", "number", name="uq_files_proposal_id_number"),
        sa.UniqueConstraint("supersedes_id", name="uq_files_supersedes_id"),
        points_at("files", "proposal_id", "proposals"),
        points_at("files", "office_id", "organizations"),
        points_at("files", "supersedes_id", "files"),
    )
    op.create_index("ix_files_sha256", "files", ["sha256"])
    op.create_table(
        "attachments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("recommendation_id", KEY, nullable=True),
        sa.Column("reply_id", KEY, nullable=True),
        sa.Column("commitment_id", KEY, nullable=True),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        points_at("attachments", "file_id", "files"),
        points_at("attachments", "recommendation_id", "recommendations"),
        points_at("attachments", "reply_id", "replies"),
        points_at("attachments", "commitment_id", "commitments"),
    )
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"])


def downgrade():
    op.drop_table("attachments")
    op.drop_table("files")
    op.drop_column("replies", "attachments")
