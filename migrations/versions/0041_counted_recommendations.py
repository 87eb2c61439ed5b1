"""Counters of recommendations, which the database itself keeps; that of tags is one of them.

The view says under which keys each recommendation is counted; triggers count it out by the view
before a row changes, and in again after. So no writer can forget it, and none pays for a query.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

STATES = ("publication", "specificity", "progress", "acceptance", "answered_for", "promised_for")
KEY = ("tag_id", "scope", "scope_id", *STATES)
NAMES = ", ".join(KEY)
TAGS = ("all", "document", "session")
"""The scopes that are counted for each tag as well."""

DAYS = "'due', 'due_month', 'public', 'public_month'"
LED = "CASE WHEN r.lead_status IN ('given', 'taken_on') THEN r.lead_office_id END"

ANSWERED = """
    SELECT CASE min(CASE
            WHEN p.publication = 'restricted' OR part.publication = 'restricted' THEN 3
            WHEN p.publication = 'internal' OR part.publication = 'internal' THEN 2
            WHEN y.published_on IS NULL OR EXISTS (
                SELECT 1 FROM withholdings w
                WHERE w.kind = 'reply' AND w.target_id = y.id AND w.released_at IS NULL) THEN 2
            ELSE 1 END)
        WHEN 1 THEN 'published' WHEN 2 THEN 'internal' WHEN 3 THEN 'restricted' END
    FROM reply_points o
    JOIN replies y ON y.id = o.reply_id
    JOIN assignments a ON a.id = y.assignment_id
    JOIN proposals p ON p.id = a.proposal_id
    LEFT JOIN recommendations part ON part.id = a.recommendation_id
    WHERE o.recommendation_id = recommendations.id AND a.parent_id IS NULL
        AND a.role IN ('lead', 'separate', 'sole') AND y.sent_on IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM replies later WHERE later.assignment_id = y.assignment_id
            AND later.number > y.number AND later.sent_on IS NOT NULL)"""
PROMISED = """
    SELECT CASE min(CASE
            WHEN p.publication = 'restricted' THEN 3
            WHEN p.publication = 'internal' OR y.published_on IS NULL OR EXISTS (
                SELECT 1 FROM withholdings w
                WHERE w.kind = 'reply' AND w.target_id = y.id AND w.released_at IS NULL) THEN 2
            ELSE 1 END)
        WHEN 1 THEN 'published' WHEN 2 THEN 'internal' WHEN 3 THEN 'restricted' END
    FROM commitments c
    JOIN proposals p ON p.id = c.proposal_id
    JOIN reply_points o ON o.id = c.point_id
    JOIN replies y ON y.id = o.reply_id
    WHERE c.recommendation_id = recommendations.id AND c.state IN ('open', 'missed')"""


def upgrade():
    for name in ("answered_for", "promised_for"):
        op.add_column("recommendations", sa.Column(name, sa.String(16), nullable=True))
    answered = "SELECT recommendation_id FROM reply_points"
    promised = "SELECT recommendation_id FROM commitments"
    op.execute(f"UPDATE recommendations SET answered_for = ({ANSWERED}) WHERE id IN ({answered})")
    op.execute(f"UPDATE recommendations SET promised_for = ({PROMISED}) WHERE id IN ({promised})")
    op.create_table(
        "recommendation_counts",
        sa.Column("tag_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("scope_id", sa.BigInteger(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.String(LENGTHS.get(name, 16)), nullable=False) for name in STATES),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_recommendation_counts"),
        sqlite_with_rowid=False,
    )
    own = PARTS[op.get_bind().dialect.name]
    parts = [arm(own, *one) for one in arms(own)]
    for part in parts:
        counted = f"SELECT {NAMES}, count(*) FROM ({part}) AS part GROUP BY {NAMES}"
        op.execute(f"INSERT INTO recommendation_counts ({NAMES}, number) {counted}")
    op.execute(f"CREATE VIEW counted_recommendations AS {' UNION ALL '.join(parts)}")
    for name, table, when, condition, work in TRIGGERS:
        for statement in own["trigger"](name, table, when, condition, work):
            op.execute(statement)
    op.drop_table("tag_counts")


def downgrade():
    for name, table, *_ in TRIGGERS:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    op.execute("DROP VIEW counted_recommendations")
    former = ("tag_id", "scope", "scope_id", "publication", "progress", "specificity")
    op.create_table(
        "tag_counts",
        sa.Column("tag_id", NUMBER, nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("scope_id", sa.BigInteger(), nullable=False),
        sa.Column("publication", sa.String(16), nullable=False),
        sa.Column("progress", sa.String(32), nullable=False),
        sa.Column("specificity", sa.String(16), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_tag_counts_tag_id"),
        sa.PrimaryKeyConstraint(*former, name="pk_tag_counts"),
    )
    names = ", ".join(former)
    op.execute(
        f"INSERT INTO tag_counts ({names}, number) SELECT {names}, sum(number)"
        " FROM recommendation_counts WHERE tag_id > 0 AND (scope = 'all' OR scope_id > 0)"
        f" GROUP BY {names}"
    )
    op.drop_table("recommendation_counts")
    for name in ("promised_for", "answered_for"):
        op.drop_column("recommendations", name)


NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LENGTHS = {"progress": 32, "acceptance": 32}


# -- under which keys each recommendation is counted ---------------------------------------------


def arms(own):
    """Return tag, scope, number of the scope, more tables and a condition of each kind of key."""
    day, month = own["day"], own["month"]
    document, sitting = "coalesce(p.document_id, 0)", "coalesce(p.session_id, 0)"
    tags = "LEFT JOIN recommendation_tags t ON t.recommendation_id = r.id"
    places = (("'all'", "0"), ("'document'", document), ("'session'", sitting))
    return [
        *(("0", scope, number, "", "") for scope, number in places),
        *(("coalesce(t.tag_id, -1)", scope, number, tags, "") for scope, number in places),
        ("0", "p.kind", "0", "", ""),
        ("0", "'office'", f"coalesce({LED}, 0)", "", ""),
        (
            "0",
            "'month'",
            f"coalesce({month('d.latest_on')}, 0)",
            "LEFT JOIN documents d ON d.id = p.document_id",
            "",
        ),
        *(
            ("0", f"'{scope}'", number(column), "", f" AND {column} IS NOT NULL")
            for scope, number, column in (
                ("due", day, "r.next_due_on"),
                ("due_month", month, "r.next_due_on"),
                ("public", day, "r.public_due_on"),
                ("public_month", month, "r.public_due_on"),
            )
        ),
    ]


def arm(own, tag, scope, number, tables, condition):
    """Return the SELECT of the keys of one kind."""
    return (
        f"SELECT r.id AS recommendation_id, r.proposal_id, p.document_id AS of_document,"
        f" {own['number'](tag)} AS tag_id, {own['text'](scope)} AS scope,"
        f" {own['number'](number)} AS scope_id, r.publication,"
        " coalesce(r.specificity, 'concrete') AS specificity, r.progress, r.acceptance,"
        " coalesce(r.answered_for, 'nobody') AS answered_for,"
        " coalesce(r.promised_for, 'nobody') AS promised_for"
        f" FROM recommendations r JOIN proposals p ON p.id = r.proposal_id {tables}"
        f" WHERE r.ended_as IS NULL{condition}"
    )


# -- what the triggers do ------------------------------------------------------------------------

CLASH = (
    f"ON CONFLICT ({NAMES}) DO UPDATE SET number = recommendation_counts.number + excluded.number"
)


def counting(change, condition):
    """Return the statement that counts those keys *change* times for which *condition* holds."""
    return (
        f"INSERT INTO recommendation_counts ({NAMES}, number)"
        f" SELECT {NAMES}, {change} * count(*) FROM counted_recommendations"
        f" WHERE {condition} GROUP BY {NAMES} {CLASH}"
    )


def tagging(change, row, others):
    """Return the statements that count a recommendation *change* times for the tag of *row*.

    The other way round for having none, where there are no *others*.
    """
    own = f"recommendation_id = {row}.recommendation_id"
    places = ", ".join(f"'{scope}'" for scope in TAGS)
    rest = ", ".join(KEY[1:])
    whole = f"FROM counted_recommendations WHERE {own} AND tag_id = 0 AND scope IN ({places})"
    none = f"NOT EXISTS (SELECT 1 FROM recommendation_tags WHERE {own}{others})"
    into = f"INSERT INTO recommendation_counts ({NAMES}, number)"
    return [
        f"{into} SELECT {row}.tag_id, {rest}, {change} {whole} {CLASH}",
        f"{into} SELECT -1, {rest}, -1 * {change} {whole} AND {none} {CLASH}",
    ]


def differ(names):
    """Return the condition that one of the columns *names* changes."""
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in names)


MOVED = (*STATES, "ended_as", "lead_office_id", "lead_status")
DUE = ("next_due_on", "public_due_on")
PLACED = ("document_id", "session_id", "kind")
IS_MOVED, IS_DUE = differ(MOVED), f"({differ(DUE)}) AND NOT ({differ(MOVED)})"
IS_PLACED, IS_DATED = differ(PLACED), differ(["latest_on"])


def both_ways(name, table, columns, condition, keys):
    """Return the triggers that count *keys* out before a row changes and in after it."""
    for when, change, row in (("BEFORE", -1, "OLD"), ("AFTER", 1, "NEW")):
        event = f"{when} UPDATE OF {', '.join(columns)}"
        work = [counting(change, keys.format(row=row))]
        yield f"{name}_{'out' if change < 0 else 'in'}", table, event, condition, work


OWN = "recommendation_id = {row}.id"
TRIGGERS = [
    ("count_new", "recommendations", "AFTER INSERT", "", [counting(1, OWN.format(row="NEW"))]),
    *both_ways("count_moved", "recommendations", MOVED, IS_MOVED, OWN),
    *both_ways("count_due", "recommendations", DUE, IS_DUE, f"{OWN} AND scope IN ({DAYS})"),
    *both_ways("count_placed", "proposals", PLACED, IS_PLACED, "proposal_id = {row}.id"),
    *both_ways(
        "count_dated",
        "documents",
        ("latest_on",),
        IS_DATED,
        "of_document = {row}.id AND scope = 'month'",
    ),
    ("count_tagged", "recommendation_tags", "BEFORE INSERT", "", tagging(1, "NEW", "")),
    (
        "count_untagged",
        "recommendation_tags",
        "BEFORE DELETE",
        "",
        tagging(-1, "OLD", " AND tag_id <> OLD.tag_id"),
    ),
]
"""Name, table, event, condition and statements of each trigger.

Those of tags run before each row: where one statement writes several, PostgreSQL shows them only
then as they come, and not all at once.
"""


def of_sqlite(name, table, event, condition, work):
    """Yield the statement that makes a trigger."""
    when = f" WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}" if condition else ""
    yield f"CREATE TRIGGER {name} {event} ON {table}{when} BEGIN {'; '.join(work)}; END"


def of_postgresql(name, table, event, condition, work):
    """Yield the statements that make a function, and a trigger that calls it."""
    back = "OLD" if event.endswith("DELETE") else "NEW"
    body = f"BEGIN {'; '.join(work)}; RETURN {back}; END"
    yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
    when = f" WHEN ({condition})" if condition else ""
    yield f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {name}()"


PARTS = {
    "sqlite": {
        "day": lambda column: f"CAST(strftime('%Y%m%d', {column}) AS INTEGER)",
        "month": lambda column: f"CAST(strftime('%Y%m', {column}) AS INTEGER)",
        "number": lambda value: value,
        "text": lambda value: value,
        "trigger": of_sqlite,
    },
    "postgresql": {
        "day": lambda column: f"to_char({column}, 'YYYYMMDD')::bigint",
        "month": lambda column: f"to_char({column}, 'YYYYMM')::bigint",
        "number": lambda value: f"({value})::bigint",
        "text": lambda value: f"({value})::varchar",
        "trigger": of_postgresql,
    },
}
