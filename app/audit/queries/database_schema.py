"""What the database is made of: tables, columns, indexes, keys, checks, triggers, views, rules."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.canonical_json import canonical_json

Objects = dict[str, list[Any]]
"""The name of each object → what it is, in JSON values."""

OWN = ("sqlite_stat1", "sqlite_stat2", "sqlite_stat3", "sqlite_stat4", "sqlite_sequence")
"""Tables that SQLite keeps for itself, as after ANALYZE."""


def objects(session: Session) -> Objects:
    """Return everything that the schema of the register's database is made of."""
    read = in_sqlite if session.get_bind().dialect.name == "sqlite" else in_postgresql
    with session.no_autoflush:
        return dict(read(session))


def fingerprint(found: Objects) -> str:
    """Return the SHA-256 of a schema, in hex."""
    return hashlib.sha256(canonical_json(found).encode()).hexdigest()


def marks(found: Objects) -> dict[str, str]:
    """Return a short digest of each object, by which verify names those that differ."""
    return {
        name: hashlib.sha256(canonical_json(values).encode()).hexdigest()[:8]
        for name, values in sorted(found.items())
    }


def differences(known: Mapping[str, str], now: Objects) -> Iterator[str]:
    """Yield a sentence for each object that is not as its mark in *known* says."""
    there = marks(now)
    for name in sorted({*known, *there}):
        if name not in there:
            yield f"the schema: {name} is missing"
        elif name not in known:
            yield f"the schema: {name} was added"
        elif known[name] != there[name]:
            yield f"the schema: {name} is another one now"


# -- SQLite --------------------------------------------------------------------------------------


def in_sqlite(session: Session) -> Iterator[tuple[str, list[Any]]]:
    """Yield each object with the statement that made it; SQLite keeps that text as it is."""
    rows = sa.text("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    for kind, name, table, made in session.execute(rows):
        if (kind == "index" and made is None) or (kind == "table" and name in OWN):
            continue  # an index of a key follows from the table
        of = "" if table == name else f" of {table}"
        yield f"{kind} {name}{of}", [made]
        if kind == "table":
            yield from columns_in_sqlite(session, name)


def columns_in_sqlite(session: Session, table: str) -> Iterator[tuple[str, list[Any]]]:
    """Yield each column of *table*, so that the one that differs is named."""
    rows = sa.text('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(:name)')
    for name, *values in session.execute(rows, {"name": table}):
        yield f"column {table}.{name}", list(values)


# -- PostgreSQL ----------------------------------------------------------------------------------

HERE = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
NAMES = (
    "ARRAY(SELECT a.attname::text FROM unnest({keys}) WITH ORDINALITY AS u(n, place)"
    " JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = u.n ORDER BY place)"
)
NO_EXTENSION = (
    "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = '{catalog}'::regclass"
    " AND d.objid = {oid} AND d.deptype = 'e')"
)

PARTS = {
    "HERE": HERE,
    "OWN_KEYS": NAMES.format(keys="k.conkey", table="k.conrelid"),
    "FAR_KEYS": NAMES.format(keys="k.confkey", table="k.confrelid"),
    "OF_NONE": NO_EXTENSION.format(catalog="pg_class", oid="c.oid"),
    "OF_FUNCTION": NO_EXTENSION.format(catalog="pg_proc", oid="p.oid"),
}
"""What stands in braces in the statements below."""

POSTGRESQL = {
    "table": """
        SELECT c.relname::text, c.relkind::text, c.relpersistence::text, c.relrowsecurity,
            c.relforcerowsecurity, (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = c.oid),
            (SELECT count(*) FROM pg_inherits i WHERE i.inhrelid = c.oid)
        FROM pg_class c
        WHERE c.relnamespace = {HERE} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {OF_NONE}""",
    "column": """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            a.attidentity::text, a.attgenerated::text, pg_get_expr(f.adbin, f.adrelid),
            a.attcollation <> t.typcollation
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
        WHERE c.relnamespace = {HERE} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            AND a.attnum > 0 AND NOT a.attisdropped AND {OF_NONE}""",
    "index": """
        SELECT c.relname || ' of ' || t.relname, m.amname::text, x.indisunique, x.indisprimary,
            x.indisvalid, x.indisready, x.indimmediate, x.indoption::text,
            coalesce((to_jsonb(x) ->> 'indnullsnotdistinct')::boolean, false),
            ARRAY(SELECT pg_get_indexdef(x.indexrelid, k, true)
                FROM generate_series(1, x.indnatts) AS k),
            ARRAY(SELECT o.opcname::text FROM unnest(x.indclass) WITH ORDINALITY AS u(n, place)
                JOIN pg_opclass o ON o.oid = u.n ORDER BY place),
            pg_get_expr(x.indpred, x.indrelid)
        FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
            JOIN pg_class t ON t.oid = x.indrelid JOIN pg_am m ON m.oid = c.relam
        WHERE t.relnamespace = {HERE} AND {OF_NONE}""",
    "constraint": """
        SELECT k.conname || ' of ' || t.relname, k.contype::text, k.condeferrable, k.condeferred,
            k.convalidated, coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true), {OWN_KEYS},
            f.relname::text, {FAR_KEYS}, k.confupdtype::text, k.confdeltype::text,
            k.confmatchtype::text,
            CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END,
            ARRAY(SELECT DISTINCT g.tgenabled::text FROM pg_trigger g
                WHERE g.tgconstraint = k.oid AND g.tgenabled <> 'O')
        FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
            LEFT JOIN pg_class f ON f.oid = k.confrelid
        WHERE t.relnamespace = {HERE} AND k.contype <> 'n'""",
    "trigger": """
        SELECT g.tgname || ' of ' || c.relname, g.tgenabled::text, pg_get_triggerdef(g.oid)
        FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
        WHERE c.relnamespace = {HERE} AND NOT g.tgisinternal AND {OF_NONE}""",
    "rule": """
        SELECT r.rulename || ' of ' || c.relname, r.ev_enabled::text, pg_get_ruledef(r.oid)
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE c.relnamespace = {HERE} AND {OF_NONE}""",
    "policy": """
        SELECT p.polname || ' of ' || c.relname, p.polcmd::text, p.polpermissive
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = {HERE}""",
    "function": """
        SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
            p.prokind::text, p.prosrc
        FROM pg_proc p
        WHERE p.pronamespace = {HERE} AND {OF_FUNCTION}""",
    "sequence": """
        SELECT c.relname::text, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
            s.seqmin, s.seqmax, s.seqcycle
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
        WHERE c.relnamespace = {HERE} AND {OF_NONE}""",
}
"""The kinds of objects, with what is read of each: attributes of the catalog, and texts only where
there are none. Whose they are, how they are stored and who may use them is left out."""


def in_postgresql(session: Session) -> Iterator[tuple[str, list[Any]]]:
    """Yield each object of the schema that the register works in, without those of extensions."""
    for kind, statement in POSTGRESQL.items():
        rows = session.connection().exec_driver_sql(statement.format(**PARTS))
        for name, *values in rows:
            yield f"{kind} {name}", list(values)
