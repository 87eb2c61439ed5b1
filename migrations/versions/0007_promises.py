"""Promises with milestones and remarks; reminders and the inbox they lie in."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TASKS = {"commitment_id": sa.BigInteger(), "fired_until": sa.Date(), "fires_on": sa.Date()}


def points_at(table, column, other):
    """Return the foreign key of *column* of *table*."""
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade():
    for name, kind in TASKS.items():
        op.add_column("tasks", sa.Column(name, kind, nullable=True))
    op.create_index("ix_tasks_commitment", "tasks", ["commitment_id"])
    fires = sa.text("fires_on IS NOT NULL")
    op.create_index(
        "ix_tasks_fires", "tasks", ["fires_on", "id"], sqlite_where=fires, postgresql_where=fires
    )
    create_notices()
    create_commitments()
    create_remarks()


def create_notices():
    op.create_table(
        "notices",
        sa.Column("id", KEY, nullable=False),
        sa.Column("task_id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=True),
        sa.Column("commitment_id", sa.BigInteger(), nullable=True),
        sa.Column("desk", sa.String(length=16), nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=False),
        sa.Column("point", sa.String(length=32), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("fired_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        points_at("notices", "task_id", "tasks"),
        points_at("notices", "assignment_id", "assignments"),
    )
    op.create_index("ix_notices_desk", "notices", ["desk", "office_id", "id"])
    for column in ("assignment", "commitment"):
        op.create_index(f"ix_notices_{column}", "notices", [f"{column}_id"])


def create_commitments():
    op.create_table(
        "commitments",
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("recommendation_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("point_id", KEY, nullable=False),
        sa.Column("office_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("strength", sa.String(length=16), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("first_promised_on", sa.Date(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("missed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_commitments"),
        sa.UniqueConstraint("reference", name="uq_commitments_reference"),
        sa.UniqueConstraint(
            "recommendation_id", "number", name="uq_commitments_recommendation_id_number"
        ),
        points_at("commitments", "recommendation_id", "recommendations"),
        points_at("commitments", "proposal_id", "proposals"),
        points_at("commitments", "point_id", "reply_points"),
        points_at("commitments", "office_id", "organizations"),
    )
    op.create_index("ix_commitments_office", "commitments", ["office_id", "state", "id"])
    op.create_index("ix_commitments_state", "commitments", ["state", "id"])
    for column in ("proposal_id", "point_id"):
        op.create_index(f"ix_commitments_{column}", "commitments", [column])


def create_remarks():
    op.create_table(
        "milestones",
        sa.Column("id", KEY, nullable=False),
        sa.Column("commitment_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_milestones"),
        sa.UniqueConstraint("commitment_id", "number", name="uq_milestones_commitment_id_number"),
        points_at("milestones", "commitment_id", "commitments"),
    )
    op.create_table(
        "remarks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("commitment_id", KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("proposer_id", KEY, nullable=True),
        sa.Column("value", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
        points_at("remarks", "commitment_id", "commitments"),
        points_at("remarks", "proposer_id", "proposers"),
    )
    op.create_index("ix_remarks_commitment_id", "remarks", ["commitment_id"])


def downgrade():
    for table in ("remarks", "milestones", "commitments", "notices"):
        op.drop_table(table)
    op.drop_index("ix_tasks_fires", "tasks")
    op.drop_index("ix_tasks_commitment", "tasks")
    for name in reversed(TASKS):
        op.drop_column("tasks", name)
