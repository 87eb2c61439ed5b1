"""How records stood through time; `flask migrate` fills the periods once the table is there."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STOOD = ("record_type", "axis", "state", "from_at", "until_at", "record_id", "office_id")
OWN = ("record_type", "record_id", "axis")
OPEN = sa.text("until_at IS NULL")


def upgrade():
    op.create_table(
        "state_periods",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("record_type", sa.String(16), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("axis", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_state_periods"),
    )
    op.create_index("ix_state_periods_stood", "state_periods", list(STOOD))
    op.create_index(
        "ix_state_periods_record",
        "state_periods",
        [*OWN, "from_at", "until_at", "state", "office_id"],
    )
    op.create_index(
        "ix_state_periods_open",
        "state_periods",
        list(OWN),
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade():
    op.drop_table("state_periods")
