"""Migrations: one head, both directions, and the same schema as the models, on both databases."""

import ast
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.config import ROOT, Settings
from app.database import Base, make_engine
from tests.conftest import KINDS, run_on_server

CONFIG = Config(toml_file=ROOT / "pyproject.toml")
VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


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
    yield engine
    engine.dispose()


@pytest.fixture(params=KINDS)
def engine(request, tmp_path, worker_id):
    with empty_database(request.param, request, tmp_path, worker_id) as engine:
        yield engine


def migrated(engine, direction, revision):
    with engine.connect() as connection:
        CONFIG.attributes["connection"] = connection
        direction(CONFIG, revision)
        connection.commit()


def tables(engine):
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


@pytest.mark.filterwarnings("ignore:.*expression-based index")
@pytest.mark.filterwarnings("ignore:.*Skipped unsupported reflection of expression-based index")
def test_the_migrations_make_the_schema_of_the_models(engine):
    migrated(engine, command.upgrade, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
    differences = [d for d in found if "ix_recommendations_due" not in str(d)]
    assert not differences
    statement = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
        "postgresql": "SELECT indexname FROM pg_indexes",
    }[engine.dialect.name]
    with engine.connect() as connection:
        names = {row[0] for row in connection.exec_driver_sql(statement)}
    assert "ix_recommendations_due" in names


def test_every_migration_goes_back_and_forth(engine):
    for script in reversed(list(ScriptDirectory.from_config(CONFIG).walk_revisions())):
        before = tables(engine)
        migrated(engine, command.upgrade, script.revision)
        assert tables(engine) != before
        migrated(engine, command.downgrade, script.down_revision or "base")
        assert tables(engine) == before
        migrated(engine, command.upgrade, script.revision)


def test_there_is_one_head_and_revisions_are_numbered():
    script = ScriptDirectory.from_config(CONFIG)
    assert len(script.get_heads()) == 1
    numbers = [path.name[:4] for path in VERSIONS]
    assert numbers == [f"{n:04d}" for n in range(1, len(VERSIONS) + 1)]
    assert script.get_current_head() == numbers[-1]


def test_no_migration_imports_the_application():
    for path in VERSIONS:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "app"]


def test_the_length_of_each_text_field_is_that_of_its_column():
    """What the API lets in fits the column, so that no database refuses it later."""
    from app.schemas import recommendations, records, tags

    for table, schema in (
        ("recommendations", recommendations.RecommendationPatchSchema),
        ("proposals", records.ProposalPatchSchema),
        ("tags", tags.TagInputSchema),
        ("tags", tags.TagPatchSchema),
    ):
        for name, field in schema().fields.items():
            column = Base.metadata.tables[table].columns.get(name)
            length = getattr(getattr(column, "type", None), "length", None)
            if length is not None and hasattr(field, "longest"):
                assert field.longest == length, (table, name)
