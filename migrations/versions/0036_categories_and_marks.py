"""Categories of proposals, their schemes as papers, and marks such as an excellent proposal's."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STANDING = sa.text("ended_on IS NULL")


def upgrade():
    op.create_table(
        "category_schemes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("bodies", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("sessions", sa.Text(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_category_schemes"),
        sa.UniqueConstraint("reference", name="uq_category_schemes_reference"),
        sa.UniqueConstraint("slug", "edition", name="uq_category_schemes_slug_edition"),
    )
    op.create_table(
        "proposal_marks",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("giver_id", NUMBER, nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("ended_in", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_marks"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name="fk_proposal_marks_proposal_id_proposals"
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["organizations.id"], name="fk_proposal_marks_giver_id_organizations"
        ),
    )
    op.create_index("ix_proposal_marks_proposal_id", "proposal_marks", ["proposal_id"])
    op.create_index("ix_proposal_marks_kind", "proposal_marks", ["kind", "proposal_id"])
    op.create_index(
        "ix_proposal_marks_standing",
        "proposal_marks",
        ["proposal_id", "kind"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.add_column("proposals", sa.Column("categories", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("proposals", "categories")
    op.drop_table("proposal_marks")
    op.drop_table("category_schemes")
