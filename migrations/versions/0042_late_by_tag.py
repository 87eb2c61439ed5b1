"""How many recommendations of a tag are next due on which day: counters, as of the whole register.

The view gets four more kinds of keys; the triggers that read it need no change, but for the two
that count for one tag alone: those copy what is counted for whatever tag, of the scopes they name.
"""

from alembic import op

revision = "0042"
down_revision = "0041"

STATES = ("publication", "specificity", "progress", "acceptance", "answered_for", "promised_for")
KEY = ("tag_id", "scope", "scope_id", *STATES)
NAMES = ", ".join(KEY)
PLACES = ("all", "document", "session")
DAYS = ("due", "due_month", "public", "public_month")
"""The scopes that are counted for each tag as well from now on."""

LED = "CASE WHEN r.lead_status IN ('given', 'taken_on') THEN r.lead_office_id END"


def upgrade():
    own = PARTS[op.get_bind().dialect.name]
    added = [arm(own, *one) for one in days(own, TAGGED, TAGS)]
    for part in added:
        counted = f"SELECT {NAMES}, count(*) FROM ({part}) AS part GROUP BY {NAMES}"
        op.execute(f"INSERT INTO recommendation_counts ({NAMES}, number) {counted}")
    make_view([*former_arms(own), *added])
    make_triggers((*PLACES, *DAYS))


def downgrade():
    names = ", ".join(f"'{name}'" for name in DAYS)
    op.execute(f"DELETE FROM recommendation_counts WHERE tag_id <> 0 AND scope IN ({names})")
    make_view(former_arms(PARTS[op.get_bind().dialect.name]))
    make_triggers(PLACES)


# -- the view ------------------------------------------------------------------------------------

TAGGED = "coalesce(t.tag_id, -1)"
TAGS = "LEFT JOIN recommendation_tags t ON t.recommendation_id = r.id"


def former_arms(own):
    """Return the SELECT of each kind of key that the view had before."""
    document, sitting = "coalesce(p.document_id, 0)", "coalesce(p.session_id, 0)"
    places = (("'all'", "0"), ("'document'", document), ("'session'", sitting))
    dated = "LEFT JOIN documents d ON d.id = p.document_id"
    month = f"coalesce({own['month']('d.latest_on')}, 0)"
    return [
        arm(own, *one)
        for one in (
            *(("0", scope, number, "", "") for scope, number in places),
            *((TAGGED, scope, number, TAGS, "") for scope, number in places),
            ("0", "p.kind", "0", "", ""),
            ("0", "'office'", f"coalesce({LED}, 0)", "", ""),
            ("0", "'month'", month, dated, ""),
            *days(own, "0", ""),
        )
    ]


def days(own, tag, tables):
    """Return what a kind of key is made of for each of DAYS."""
    day, month = own["day"], own["month"]
    return [
        (tag, f"'{scope}'", number(column), tables, f" AND {column} IS NOT NULL")
        for scope, number, column in (
            ("due", day, "r.next_due_on"),
            ("due_month", month, "r.next_due_on"),
            ("public", day, "r.public_due_on"),
            ("public_month", month, "r.public_due_on"),
        )
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


def make_view(arms):
    """Let the view have *arms* in the place of those it has."""
    op.execute("DROP VIEW counted_recommendations")
    op.execute(f"CREATE VIEW counted_recommendations AS {' UNION ALL '.join(arms)}")


# -- the triggers of tags ------------------------------------------------------------------------

CLASH = (
    f"ON CONFLICT ({NAMES}) DO UPDATE SET number = recommendation_counts.number + excluded.number"
)


def make_triggers(scopes):
    """Let the triggers of tags count by *scopes*."""
    others = " AND tag_id <> OLD.tag_id"
    for name, event, work in (
        ("count_tagged", "BEFORE INSERT", tagging(1, "NEW", "", scopes)),
        ("count_untagged", "BEFORE DELETE", tagging(-1, "OLD", others, scopes)),
    ):
        for statement in PARTS[op.get_bind().dialect.name]["trigger"](name, event, "; ".join(work)):
            op.execute(statement)


def tagging(change, row, others, scopes):
    """Return the statements that count a recommendation *change* times for the tag of *row*.

    The other way round for having none, where there are no *others*.
    """
    own = f"recommendation_id = {row}.recommendation_id"
    named = ", ".join(f"'{scope}'" for scope in scopes)
    rest = ", ".join(KEY[1:])
    whole = f"FROM counted_recommendations WHERE {own} AND tag_id = 0 AND scope IN ({named})"
    none = f"NOT EXISTS (SELECT 1 FROM recommendation_tags WHERE {own}{others})"
    into = f"INSERT INTO recommendation_counts ({NAMES}, number)"
    return [
        f"{into} SELECT {row}.tag_id, {rest}, {change} {whole} {CLASH}",
        f"{into} SELECT -1, {rest}, -1 * {change} {whole} AND {none} {CLASH}",
    ]


def of_sqlite(name, event, work):
    """Yield the statements that make a trigger in the place of the one of its name."""
    yield f"DROP TRIGGER {name}"
    yield f"CREATE TRIGGER {name} {event} ON recommendation_tags BEGIN {work}; END"


def of_postgresql(name, event, work):
    """Yield the statement that makes the function of a trigger in the place of the one it has."""
    back = "OLD" if event.endswith("DELETE") else "NEW"
    body = f"BEGIN {work}; RETURN {back}; END"
    yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"


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
