"""Empty databases of each kind, brought to any revision, and a register of the release before."""

import gzip
import json
import warnings
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from app.core.config import ROOT, Settings
from app.core.engines import make_engine, make_file
from tests.database.templates import run_on_server

CONFIG = Config(toml_file=ROOT / "pyproject.toml")


DATA = Path(__file__).parents[1] / "data"


@contextmanager
def empty_database(kind, request, tmp_path, worker_id):
    """Give the engine of a database without tables."""
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server = request.config.templates.get("postgresql") or pytest.skip("no PostgreSQL")
        name = f"register_empty_{worker_id}"
        run_on_server(server, f"DROP DATABASE IF EXISTS {name}")
        run_on_server(server, f"CREATE DATABASE {name}")
        url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    engine = make_engine(Settings(database_url=url))
    make_file(engine.url)
    yield engine
    engine.dispose()


def migrated(engine, direction, revision):
    """Bring the database of *engine* to *revision*, up or down."""
    with engine.connect() as connection:
        CONFIG.attributes["connection"] = connection
        direction(CONFIG, revision)
        connection.commit()


def read_register(revision):
    """Return the tables of the register that stood at *revision*: see tests/data/README.md."""
    packed = (DATA / f"register-{revision}.json.gz").read_bytes()
    content = json.loads(gzip.decompress(packed))
    assert content["revision"] == revision
    return content["tables"]


def load_register(engine, revision):
    """Migrate the empty database of *engine* to *revision*, and put the register of then into it.

    Its tables are those that the migrations made; they know nothing of the models.
    """
    migrated(engine, command.upgrade, revision)
    with engine.connect() as connection:
        meta = tables_of(connection)
        connection.execute(sa.delete(meta.tables["heads"]))  # the row that a migration puts there
        for name, content in read_register(revision).items():
            table = meta.tables[name]
            columns = [table.columns[column] for column in content["columns"]]
            connection.execute(sa.insert(table), [row_of(columns, row) for row in content["rows"]])
            go_on_after(connection, table)
        connection.commit()


def tables_of(connection):
    """Return the tables that stand in a database; their indexes do not matter."""
    meta = sa.MetaData()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based index")
        meta.reflect(connection)
    return meta


def row_of(columns, values):
    """Return a row with *values*, as JSON has them, for *columns*."""
    return {
        column.key: value if value is None else python_value(column, value)
        for column, value in zip(columns, values, strict=True)
    }


def python_value(column, value):
    """Return what stands for *value*, as JSON has it, in *column*."""
    if isinstance(column.type, sa.DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, sa.Date) else value


def go_on_after(connection, table):
    """Let the numbers of *table* go on after the highest; SQLite sees that by itself."""
    if connection.dialect.name == "postgresql" and "id" in table.columns:
        name = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, "id")))
        if name is not None:
            highest = sa.func.coalesce(sa.func.max(table.columns["id"]), 0)
            following = sa.select(highest + 1).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(name, following, sa.false())))


def tables(engine):
    """Return every table with its columns, and every index with its conditions."""
    found = sa.inspect(engine)
    names = set(found.get_table_names()) - {"alembic_version"}
    columns = {(name, column["name"]) for name in names for column in found.get_columns(name)}
    return columns | indexes(engine)


def indexes(engine):
    """Return what makes each index, but those of keys."""
    statement = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'ix_%%'",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return {tuple(row) for row in connection.exec_driver_sql(statement)}
