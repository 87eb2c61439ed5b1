"""Bulk loading of synthetic rows: no durability and no indexes while it lasts, both after it."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

import psycopg
import sqlalchemy as sa

from app.core.database import Database
from app.register.counting.queries.counter_drift import KEY
from benchmarks.data import COLUMNS, Generator, Rows
from benchmarks.known import NUMBERED, read_known

CACHE_KIB = 400_000


def fill(database: Database, size: int) -> None:
    """Add *size* synthetic recommendations to a migrated and seeded database."""
    with database.reading() as session:
        generator = Generator(read_known(session), size)
    url = database.engine.url
    database.engine.dispose()
    load = fill_sqlite if url.get_backend_name() == "sqlite" else fill_postgresql
    load(url, generator)


def fill_sqlite(url: sa.URL, generator: Generator) -> None:
    """Load into a SQLite file that nobody else has open."""
    with closing(sqlite3.connect(url.database, isolation_level=None)) as connection:
        for pragma in ("synchronous=OFF", "journal_mode=OFF", f"cache_size=-{CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        made = "SELECT name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL"
        indexes = dict(connection.execute(made, ("index",)).fetchall())
        triggers = dict(connection.execute(made, ("trigger",)).fetchall())
        for statement in before(indexes, triggers):
            connection.execute(statement)
        for rows in generator.batches():
            connection.execute("BEGIN")
            for table, values in in_order(rows):
                marks = ", ".join("?" * len(COLUMNS[table]))
                connection.executemany(f"{insertion(table)} VALUES ({marks})", values)
            connection.execute("COMMIT")
        connection.execute(head_update(generator))
        again = (*indexes.values(), *counted_anew(), *triggers.values())
        for statement in (*again, "ANALYZE", "PRAGMA journal_mode=WAL"):
            connection.execute(statement)


def fill_postgresql(url: sa.URL, generator: Generator) -> None:
    """Load into a PostgreSQL database, as its owner."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, options="-c timezone=UTC") as connection:
        for setting in ("session_replication_role=replica", "maintenance_work_mem='256MB'"):
            connection.execute(f"SET {setting}")
        listed = "SELECT indexname, indexdef FROM pg_indexes WHERE starts_with(indexname, 'ix_')"
        indexes = dict(connection.execute(listed).fetchall())
        for statement in before(indexes):
            connection.execute(statement)
        for rows in generator.batches():
            with connection.transaction():
                for table, values in in_order(rows):
                    copy(connection, table, values)
        rest = (*counted_anew(), head_update(generator), *sequences(generator))
        for statement in (*indexes.values(), *rest):
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def copy(connection: psycopg.Connection, table: str, values: list[tuple[Any, ...]]) -> None:
    """Send rows to a table of PostgreSQL."""
    columns = ", ".join(COLUMNS[table])
    with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as sink:
        for row in values:
            sink.write_row(row)


def before(indexes: Iterable[str], triggers: Iterable[str] = ()) -> Iterator[str]:
    """Yield what makes room: indexes, and triggers that would count each row by itself."""
    for name in indexes:
        yield f"DROP INDEX {name}"
    for name in triggers:
        yield f"DROP TRIGGER {name}"


def counted_anew() -> Iterator[str]:
    """Yield what counts all recommendations, as the triggers would have."""
    key = ", ".join(column.name for column in KEY)
    yield "DELETE FROM recommendation_counts"
    yield (
        f"INSERT INTO recommendation_counts ({key}, number)"
        f" SELECT {key}, count(*) FROM counted_recommendations GROUP BY {key}"
    )


def in_order(rows: Rows) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Yield the tables that have rows, parents before children."""
    return ((table, rows[table]) for table in COLUMNS if rows[table])


def insertion(table: str) -> str:
    """Return the beginning of an INSERT."""
    return f"INSERT INTO {table} ({', '.join(COLUMNS[table])})"


def head_update(generator: Generator) -> str:
    """Return the UPDATE that makes the head agree with the last event."""
    chain = generator.chain
    moment = "event_at = (SELECT at FROM events ORDER BY sequence DESC LIMIT 1)"
    return f"UPDATE heads SET sequence = {chain.sequence}, hash = '{chain.hash}', {moment}"


def sequences(generator: Generator) -> Iterator[str]:
    """Yield what makes PostgreSQL's own numbers go on after ours."""
    for table in NUMBERED:
        last = generator.next_id[table] - 1
        yield f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"
