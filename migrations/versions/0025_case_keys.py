"""Case numbers are compared whatever the width, the case and the blanks they were typed with."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

MANY = 1000


def upgrade():
    op.add_column("proposals", sa.Column("case_key", sa.String(720), nullable=True))
    proposals = sa.table("proposals", sa.column("id"), sa.column("case_no"), sa.column("case_key"))
    known = sa.select(proposals.c.id, proposals.c.case_no).where(proposals.c.case_no.is_not(None))
    connection = op.get_bind()
    rows = [{"number": row.id, "key": key_of(row.case_no)} for row in connection.execute(known)]
    fill = (
        sa.update(proposals)
        .where(proposals.c.id == sa.bindparam("number"))
        .values(case_key=sa.bindparam("key"))
    )
    for start in range(0, len(rows), MANY):
        connection.execute(fill, rows[start : start + MANY])
    op.drop_index("ix_proposals_case_no", table_name="proposals")
    op.create_index("ix_proposals_case_key", "proposals", ["case_key"])


def key_of(case_no):
    return "".join(unicodedata.normalize("NFKC", case_no).casefold().split())


def downgrade():
    op.drop_index("ix_proposals_case_key", table_name="proposals")
    op.create_index("ix_proposals_case_no", "proposals", ["case_no"])
    op.drop_column("proposals", "case_key")
