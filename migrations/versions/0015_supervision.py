"""Why an office is late, and who pressed it for an answer; notices by the task they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    create_notes("delay_explanations", sa.Column("done_by", sa.Date(), nullable=False))
    create_notes(
        "presses",
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("task_id", KEY, nullable=False),
        sa.Column("explanation_id", KEY, nullable=True),
        points_at("presses", "task_id", "tasks"),
        points_at("presses", "explanation_id", "delay_explanations"),
    )
    op.create_index("ix_notices_task", "notices", ["task_id"])


def create_notes(table, *more):
    """Create a *table* of what was said about an assignment on a day, with *more* columns."""
    op.create_table(
        table,
        sa.Column("id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("assignment_id", "number", name=f"uq_{table}_assignment_id_number"),
        points_at(table, "assignment_id", "assignments"),
    )


def points_at(table, column, other):
    """Return the foreign key of *column* of *table*."""
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def downgrade():
    op.drop_index("ix_notices_task", "notices")
    op.drop_table("presses")
    op.drop_table("delay_explanations")
