"""What is withheld from the public, what mends what, and by which event a file was named.

A rating may be mended by a further one, so that a proposer may have several of one reply.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MENDED = ("progress_reports", "contacts", "evaluations")


def upgrade():
    op.create_table(
        "withholdings",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("recommendation_id", NUMBER, nullable=True),
        sa.Column("office_id", NUMBER, nullable=True),
        sa.Column("told_in", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_withholdings"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name="fk_withholdings_proposal_id"
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name="fk_withholdings_recommendation_id",
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organizations.id"], name="fk_withholdings_office_id"
        ),
    )
    op.create_index("ix_withholdings_target", "withholdings", ["kind", "target_id"])
    op.create_index("ix_withholdings_told", "withholdings", ["told_in"])
    op.create_index("ix_withholdings_proposal", "withholdings", ["proposal_id", "id"])
    op.create_index("ix_withholdings_updated", "withholdings", ["updated_at", "id"])
    op.add_column("attachments", sa.Column("told_in", sa.BigInteger(), nullable=True))
    for table in MENDED:
        op.add_column(table, sa.Column("corrects_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_progress_reports_corrects", "progress_reports", ["corrects_id"])
    with op.batch_alter_table("evaluations", copy_from=evaluations(rated_once())) as batch:
        batch.drop_constraint("uq_evaluations_reply_id_proposer_id", type_="unique")
    op.create_index("ix_evaluations_version", "evaluations", VERSIONS, unique=True)


VERSIONS = ["reply_id", "proposer_id", sa.text("coalesce(corrects_id, 0)")]


def rated_once():
    return sa.UniqueConstraint(
        "reply_id", "proposer_id", name="uq_evaluations_reply_id_proposer_id"
    )


def evaluations(*constraints):
    """Return the table as it stands, for SQLite, which writes it anew without its constraint."""
    return sa.Table(
        "evaluations",
        sa.MetaData(),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("assignment_id", NUMBER, nullable=False),
        sa.Column("reply_id", NUMBER, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("proposer_id", NUMBER, nullable=False),
        sa.Column("attitude", sa.String(32), nullable=False),
        sa.Column("result", sa.String(32), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_evaluations"),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=f"fk_evaluations_{column}_{other}"
            )
            for column, other in REFERENCES
        ),
        sa.Index("ix_evaluations_assignment_id", "assignment_id"),
        *constraints,
    )


REFERENCES = (
    ("assignment_id", "assignments"),
    ("reply_id", "replies"),
    ("proposer_id", "proposers"),
)


def downgrade():
    op.drop_index("ix_evaluations_version", table_name="evaluations")
    with op.batch_alter_table("evaluations", copy_from=evaluations()) as batch:
        batch.create_unique_constraint(
            "uq_evaluations_reply_id_proposer_id", ["reply_id", "proposer_id"]
        )
    op.drop_index("ix_progress_reports_corrects", table_name="progress_reports")
    for table in MENDED:
        op.drop_column(table, "corrects_id")
    op.drop_column("attachments", "told_in")
    op.drop_table("withholdings")
