"""The papers that procedure follows: calendars, rule profiles, label schemes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "calendar_editions",
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=200), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        *tracked("calendar_editions"),
        sa.UniqueConstraint("year", "edition", name="uq_calendar_editions_year_edition"),
    )
    op.create_table(
        "rule_profiles",
        *named(),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("sessions", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("extension", sa.String(length=16), nullable=False),
        sa.Column("assessment", sa.String(length=32), nullable=True),
        sa.Column("label_scheme", sa.String(length=64), nullable=True),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("note_zh", sa.String(length=300), nullable=True),
        sa.Column("note_en", sa.String(length=300), nullable=True),
        *tracked("rule_profiles"),
        sa.UniqueConstraint("slug", "edition", name="uq_rule_profiles_slug_edition"),
    )
    op.create_table(
        "label_schemes",
        *named(),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        *tracked("label_schemes"),
        sa.UniqueConstraint("slug", "edition", name="uq_label_schemes_slug_edition"),
    )


def named():
    """Return the columns by which an edition is known, and where it comes from."""
    return (
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
    )


def tracked(table):
    """Return the columns and keys of every record."""
    return (
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("reference", name=f"uq_{table}_reference"),
    )


def downgrade():
    for table in ("label_schemes", "rule_profiles", "calendar_editions"):
        op.drop_table(table)
