"""What tells persons of one name apart, persons that were entered twice, and names of offices.

Delegation, sector and member number are an index of what is sealed: empty until someone enters it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

PERSONS = {
    "delegation": sa.String(100),
    "sector": sa.String(100),
    "member_key": sa.String(720),
    "terms": sa.Text(),
    "merged_into_id": sa.BigInteger(),
}
ORGANIZATIONS = {
    "is_vertical": sa.Boolean(),
    "name_status": sa.String(16),
    "name_source": sa.Text(),
}


def upgrade():
    for table, columns in (("persons", PERSONS), ("organizations", ORGANIZATIONS)):
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index("ix_persons_member", "persons", ["body_id", "member_key"], unique=True)
    op.create_index("ix_persons_merged_into_id", "persons", ["merged_into_id"])


def downgrade():
    op.drop_index("ix_persons_merged_into_id", table_name="persons")
    op.drop_index("ix_persons_member", table_name="persons")
    for table, columns in (("organizations", ORGANIZATIONS), ("persons", PERSONS)):
        for name in reversed(columns):
            op.drop_column(table, name)
