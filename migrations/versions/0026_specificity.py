"""Whether an end of a recommendation could ever be proven; figures count those of which it could."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTED = ("tag_id", "scope", "scope_id", "publication", "progress")


def upgrade():
    op.add_column("recommendations", sa.Column("specificity", sa.String(16), nullable=True))
    op.add_column("recommendations", sa.Column("note", sa.Text(), nullable=True))
    op.add_column(
        "recommendations", sa.Column("suggested_joint_ids", sa.String(200), nullable=True)
    )
    rebuild("specificity")
    op.execute(moving(f"{', '.join(COUNTED)}, specificity", f"{', '.join(COUNTED)}, 'concrete'"))
    op.drop_table("former_counts")


def downgrade():
    rebuild()
    names = ", ".join(COUNTED)
    op.execute(moving(names, names))
    op.drop_table("former_counts")
    op.drop_column("recommendations", "suggested_joint_ids")
    op.drop_column("recommendations", "note")
    op.drop_column("recommendations", "specificity")


def rebuild(*more):
    """Make tag_counts anew, counted by *more* as well; what stood there is in former_counts."""
    op.rename_table("tag_counts", "former_counts")
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.execute("ALTER TABLE former_counts RENAME CONSTRAINT pk_tag_counts TO pk_former_counts")
        op.execute(
            "ALTER TABLE former_counts RENAME CONSTRAINT fk_tag_counts_tag_id TO fk_former_counts"
        )
    op.create_table(
        "tag_counts",
        sa.Column("tag_id", KEY, nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("scope_id", sa.BigInteger(), nullable=False),
        sa.Column("publication", sa.String(16), nullable=False),
        sa.Column("progress", sa.String(32), nullable=False),
        *(sa.Column(name, sa.String(16), nullable=False) for name in more),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_tag_counts_tag_id"),
        sa.PrimaryKeyConstraint(*COUNTED, *more, name="pk_tag_counts"),
    )


def moving(names, values):
    """Return the statement that moves the counts over, each sum once."""
    return sa.text(
        f"INSERT INTO tag_counts ({names}, number)"
        f" SELECT {values}, sum(number) FROM former_counts GROUP BY {', '.join(COUNTED)}"
    )
