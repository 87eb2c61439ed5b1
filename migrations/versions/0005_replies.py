"""Replies with their points, countersignatures, contacts and evaluations."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def points_at(table, column, other):
    """Return the foreign key of *column* of *table*."""
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def upgrade():
    op.create_table(
        "replies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("handling_round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("document_no", sa.String(length=80), nullable=True),
        sa.Column("signed_by", sa.String(length=100), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_replies"),
        sa.UniqueConstraint("assignment_id", "number", name="uq_replies_assignment_id_number"),
        points_at("replies", "assignment_id", "assignments"),
    )
    create_points()
    op.create_table(
        "countersignatures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("reply_id", KEY, nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_countersignatures"),
        sa.UniqueConstraint(
            "assignment_id", "reply_id", name="uq_countersignatures_assignment_id_reply_id"
        ),
        points_at("countersignatures", "assignment_id", "assignments"),
        points_at("countersignatures", "reply_id", "replies"),
    )
    op.create_index("ix_countersignatures_reply_id", "countersignatures", ["reply_id"])
    create_contacts()


def create_points():
    op.create_table(
        "reply_points",
        sa.Column("id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("reply_id", KEY, nullable=False),
        sa.Column("recommendation_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("acceptance", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=8), nullable=True),
        sa.Column("checked_outcome", sa.String(length=32), nullable=True),
        sa.Column("checked_label", sa.String(length=8), nullable=True),
        sa.Column("check_reason", sa.Text(), nullable=True),
        sa.Column("promise", sa.Text(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("promise_strength", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reply_points"),
        sa.UniqueConstraint(
            "reply_id", "recommendation_id", name="uq_reply_points_reply_id_recommendation_id"
        ),
        points_at("reply_points", "assignment_id", "assignments"),
        points_at("reply_points", "reply_id", "replies"),
        points_at("reply_points", "recommendation_id", "recommendations"),
    )
    for column in ("assignment_id", "recommendation_id"):
        op.create_index(f"ix_reply_points_{column}", "reply_points", [column])


def create_contacts():
    op.create_table(
        "contacts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("proposer_id", KEY, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        points_at("contacts", "assignment_id", "assignments"),
        points_at("contacts", "proposer_id", "proposers"),
    )
    op.create_index("ix_contacts_assignment_id", "contacts", ["assignment_id"])
    op.create_table(
        "evaluations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("reply_id", KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("proposer_id", KEY, nullable=False),
        sa.Column("attitude", sa.String(length=32), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_evaluations"),
        sa.UniqueConstraint("reply_id", "proposer_id", name="uq_evaluations_reply_id_proposer_id"),
        points_at("evaluations", "assignment_id", "assignments"),
        points_at("evaluations", "reply_id", "replies"),
        points_at("evaluations", "proposer_id", "proposers"),
    )
    op.create_index("ix_evaluations_assignment_id", "evaluations", ["assignment_id"])


def downgrade():
    for table in ("evaluations", "contacts", "countersignatures", "reply_points", "replies"):
        op.drop_table(table)
