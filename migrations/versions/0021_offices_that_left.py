"""An office that left a recommendation no longer has it by an assignment: the row says none."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade():
    op.execute(
        "UPDATE recommendation_offices SET assignment_id = NULL WHERE withdrawn_at IS NOT NULL"
    )


def downgrade():
    """What such a row said was read by nobody."""
