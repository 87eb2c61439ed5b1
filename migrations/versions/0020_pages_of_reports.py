"""An index by which a page of the reports of a recommendation is found, however many there are."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade():
    op.create_index(
        "ix_progress_reports_order", "progress_reports", ["recommendation_id", "sequence", "id"]
    )
    op.drop_index("ix_progress_reports_recommendation_id", table_name="progress_reports")


def downgrade():
    op.create_index(
        "ix_progress_reports_recommendation_id", "progress_reports", ["recommendation_id"]
    )
    op.drop_index("ix_progress_reports_order", table_name="progress_reports")
