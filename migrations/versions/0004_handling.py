"""Handling: assignments, what is waited for on which desk, extensions; a proposal's profile."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.add_column("proposals", sa.Column("profile", sa.String(length=80), nullable=True))
    create_assignments()
    create_tasks()
    op.create_table(
        "task_counts",
        sa.Column("desk", sa.String(length=16), nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("grain", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("publication", sa.String(length=16), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "desk",
            "office_id",
            "grain",
            "due_on",
            "kind",
            "role",
            "publication",
            name="pk_task_counts",
        ),
    )
    op.create_table(
        "extensions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_extensions"),
        points_at("extensions", "assignment_id", "assignments"),
    )
    op.create_index("ix_extensions_assignment_id", "extensions", ["assignment_id"])


def points_at(table, column, other):
    """Return the foreign key of *column* of *table*."""
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def create_assignments():
    op.create_table(
        "assignments",
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", KEY, nullable=True),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("office_id", KEY, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("in_recess", sa.Boolean(), nullable=False),
        sa.Column("dispatched_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("objection", sa.Text(), nullable=True),
        sa.Column("suggested_office_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
        sa.UniqueConstraint("reference", name="uq_assignments_reference"),
        sa.UniqueConstraint("proposal_id", "number", name="uq_assignments_proposal_id_number"),
        points_at("assignments", "proposal_id", "proposals"),
        points_at("assignments", "recommendation_id", "recommendations"),
        points_at("assignments", "parent_id", "assignments"),
        points_at("assignments", "office_id", "organizations"),
        points_at("assignments", "suggested_office_id", "organizations"),
    )
    op.create_index("ix_assignments_office", "assignments", ["office_id", "proposal_id"])
    op.create_index("ix_assignments_recommendation_id", "assignments", ["recommendation_id"])
    op.create_index("ix_assignments_parent_id", "assignments", ["parent_id"])


def create_tasks():
    op.create_table(
        "tasks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=16), nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("recommendation_id", KEY, nullable=True),
        sa.Column("assignment_id", KEY, nullable=True),
        sa.Column("publication", sa.String(length=16), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("limit_rule", sa.Text(), nullable=True),
        sa.Column("pauses", sa.Text(), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("original_due_on", sa.Date(), nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        points_at("tasks", "proposal_id", "proposals"),
        points_at("tasks", "recommendation_id", "recommendations"),
        points_at("tasks", "assignment_id", "assignments"),
    )
    due = sa.text("coalesce(due_on, '9999-12-31')")
    for name, columns in (
        ("ix_tasks_desk", ["desk", "office_id", due, "id"]),
        ("ix_tasks_kind", ["desk", "office_id", "kind", due, "id"]),
    ):
        is_open = sa.text("ended_on IS NULL")
        op.create_index(name, "tasks", columns, sqlite_where=is_open, postgresql_where=is_open)
    for column in ("assignment", "recommendation", "proposal"):
        op.create_index(f"ix_tasks_{column}", "tasks", [f"{column}_id"])


def downgrade():
    for table in ("extensions", "task_counts", "tasks", "assignments"):
        op.drop_table(table)
    op.drop_column("proposals", "profile")
