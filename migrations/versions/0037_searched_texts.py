"""The index of words, by which records are found; `flask migrate` fills it once it is there."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FTS = """CREATE VIRTUAL TABLE searched_grams USING fts5(
    grams, content='searched_texts', content_rowid='id', detail='none', tokenize='ascii'
)"""
GONE = (
    "INSERT INTO searched_grams(searched_grams, rowid, grams) VALUES ('delete', old.id, old.grams)"
)
COME = "INSERT INTO searched_grams(rowid, grams) VALUES (new.id, new.grams)"
TRIGGERS = {"insert": (COME,), "delete": (GONE,), "update": (GONE, COME)}


def upgrade():
    op.create_table(
        "searched_texts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("grams", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_searched_texts"),
        sa.UniqueConstraint("kind", "record_id", name="uq_searched_texts_kind_record_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(FTS)
        for event, statements in TRIGGERS.items():
            done = "; ".join(statements)
            op.execute(
                f"CREATE TRIGGER searched_texts_{event} AFTER {event.upper()} ON searched_texts"
                f" BEGIN {done}; END"
            )
    else:
        op.create_index(
            "ix_searched_texts_grams",
            "searched_texts",
            [sa.text("array_to_tsvector(string_to_array(grams, ' '))")],
            postgresql_using="gin",
        )


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE searched_grams")
    op.drop_table("searched_texts")
