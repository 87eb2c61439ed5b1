"""Who has a recommendation and when it is next due, as columns of the records themselves.

The offices beside a lead have their part from an assignment, or from whoever named them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

NEXT = ("recommendations", "assignments", "proposals", "commitments")
"""Tables that say when they are next due."""


def upgrade():
    for table in NEXT:
        op.add_column(table, sa.Column("next_due_on", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("next_clock", sa.String(16), nullable=True))
    for table in NEXT[:3]:
        op.add_column(table, sa.Column("public_due_on", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("public_clock", sa.String(16), nullable=True))
    op.add_column("recommendations", sa.Column("ended_as", sa.String(32), nullable=True))
    op.add_column("tasks", sa.Column("awaits_receipt", sa.Boolean(), nullable=True))
    op.add_column("notices", sa.Column("ended_on", sa.Date(), nullable=True))
    ended = sa.Column("is_ended", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("recommendation_tags", ended)
    rename_offices("joint_offices", "recommendation_offices")
    role = sa.Column("role", sa.String(16), nullable=False, server_default="joint")
    op.add_column("recommendation_offices", role)
    op.add_column(
        "recommendation_offices", sa.Column("assignment_id", sa.BigInteger(), nullable=True)
    )
    op.drop_index("ix_recommendations_due", "recommendations")
    for table in NEXT:
        op.create_index(f"ix_{table}_next", table, [due("next"), "id"])
    for table in NEXT[:3]:
        op.create_index(f"ix_{table}_public", table, [due("public"), "id"])
    op.create_index("ix_assignments_cases", "assignments", ["office_id", "id"])


def downgrade():
    op.drop_index("ix_assignments_cases", "assignments")
    for table in NEXT[:3]:
        op.drop_index(f"ix_{table}_public", table)
    for table in NEXT:
        op.drop_index(f"ix_{table}_next", table)
    op.create_index(
        "ix_recommendations_due",
        "recommendations",
        [sa.text("coalesce(due_on, '9999-12-31')"), "id"],
    )
    op.drop_column("recommendation_offices", "assignment_id")
    op.drop_column("recommendation_offices", "role")
    rename_offices("recommendation_offices", "joint_offices")
    op.drop_column("recommendation_tags", "is_ended")
    op.drop_column("notices", "ended_on")
    op.drop_column("tasks", "awaits_receipt")
    op.drop_column("recommendations", "ended_as")
    for table in NEXT[:3]:
        op.drop_column(table, "public_clock")
        op.drop_column(table, "public_due_on")
    for table in NEXT:
        op.drop_column(table, "next_clock")
        op.drop_column(table, "next_due_on")


def due(name):
    """Return the expression of an index by day, in which what has none comes last."""
    return sa.text(f"coalesce({name}_due_on, '9999-12-31')")


def rename_offices(old, new):
    """Call the table of offices beside a lead *new*, and what belongs to it as well."""
    op.drop_index(f"ix_{old}_office_id", old)
    op.rename_table(old, new)
    op.create_index(f"ix_{new}_office_id", new, ["office_id"])
    if op.get_bind().dialect.name != "postgresql":
        return  # SQLite keeps the names of constraints in the text of the table
    for kind, columns in (
        ("pk", ""),
        ("fk", "_recommendation_id"),
        ("fk", "_office_id"),
    ):
        op.execute(
            f"ALTER TABLE {new} RENAME CONSTRAINT {kind}_{old}{columns} TO {kind}_{new}{columns}"
        )
