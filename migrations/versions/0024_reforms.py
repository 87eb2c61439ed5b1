"""What reforms leave: the end of an organization with its successor, and names of former days.

What another office sent or signed before its work passed to a successor keeps that office.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("organizations", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("organizations", sa.Column("successor_id", sa.BigInteger(), nullable=True))
    for table in ("countersignatures", "replies"):
        op.add_column(table, sa.Column("office_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "organization_names",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organization_id", NUMBER, nullable=False),
        sa.Column("name_zh", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organization_names"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name="fk_organization_names_organization_id",
        ),
    )
    op.create_index(
        "ix_organization_names_organization_id", "organization_names", ["organization_id"]
    )


def downgrade():
    op.drop_table("organization_names")
    for table in ("replies", "countersignatures"):
        op.drop_column(table, "office_id")
    op.drop_column("organizations", "successor_id")
    op.drop_column("organizations", "ended_on")
