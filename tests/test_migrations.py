"""Migrations: one head, both directions, and the same schema as the models, on both databases."""

import ast
import re
from datetime import datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.accounts.queries.principals import holder
from app.accounts.rules.keys import secret_hash
from app.accounts.services.keys import KeyInput, create_key, issue_secret
from app.audit.rules.chain import BEFORE_SEALS, FIRST_HASH, event_hash
from app.core.base import Base
from app.core.clock import utcnow
from app.core.config import ROOT, Settings
from app.core.database import Database
from app.models import AccessKey, Principal
from app.register.people.schemas import persons as people
from tests.database.empty import (
    CONFIG,
    empty_database,
    indexes,
    load_register,
    migrated,
    tables,
)
from tests.database.templates import KINDS
from tests.support.factories import OPERATOR

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


@pytest.fixture(params=KINDS)
def engine(request, tmp_path, worker_id):
    with empty_database(request.param, request, tmp_path, worker_id) as engine:
        yield engine


@pytest.mark.filterwarnings("ignore:.*expression-based index")
@pytest.mark.filterwarnings("ignore:.*Skipped unsupported reflection of expression-based index")
def test_the_migrations_make_the_schema_of_the_models(engine):
    migrated(engine, command.upgrade, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
    # what it cannot read of an index is compared in the next test
    # the table of FTS5 and those that SQLite keeps below it are in no model
    unread = "ix_([a-z]+_(next|public)|tasks_)|ix_searched_texts_grams|searched_grams"
    differences = [d for d in found if not re.search(unread, str(d))]
    assert not differences


def test_the_indexes_are_those_of_the_models(engine):
    migrated(engine, command.upgrade, "head")
    made = indexes(engine)
    assert {"ix_recommendations_next", "ix_tasks_desk"} <= {name for name, _ in made}
    migrated(engine, command.downgrade, "base")
    assert indexes(engine) == set()
    Base.metadata.create_all(engine)
    assert indexes(engine) == made


ROWS_ONLY = {"0021", "0042"}
"""Revisions that change what stands in tables, or by which view it is counted, and no table."""


def test_every_migration_goes_back_and_forth(engine):
    for script in reversed(list(ScriptDirectory.from_config(CONFIG).walk_revisions())):
        before = tables(engine)
        migrated(engine, command.upgrade, script.revision)
        assert (tables(engine) != before) == (script.revision not in ROWS_ONLY)
        migrated(engine, command.downgrade, script.down_revision or "base")
        assert tables(engine) == before
        migrated(engine, command.upgrade, script.revision)


def test_an_office_that_left_has_nothing_by_an_assignment_any_more(engine):
    migrated(engine, command.upgrade, "0020")
    rows = """INSERT INTO recommendation_offices
        (recommendation_id, office_id, withdrawn_at, role, assignment_id) VALUES
        (1, 1, NULL, 'joint', 7), (1, 2, '2026-03-02 00:00:00+00:00', 'joint', 8)"""
    loose = {
        "sqlite": "PRAGMA foreign_keys = OFF",
        "postgresql": "SET session_replication_role = replica",
    }
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.rollback()  # the references hold outside of transactions alone
        driver.execute(loose[engine.dialect.name])
        driver.execute(rows)
        driver.commit()
    migrated(engine, command.upgrade, "head")
    with engine.connect() as connection:
        kept = "SELECT office_id, assignment_id FROM recommendation_offices ORDER BY office_id"
        assert [tuple(row) for row in connection.exec_driver_sql(kept)] == [(1, 7), (2, None)]


def test_the_counters_of_tags_come_back_as_they_went(engine):
    """What the database counts anew says of each tag what services had counted before."""
    counted = """SELECT tag_id, scope, scope_id, publication, progress, specificity, number
        FROM tag_counts WHERE number <> 0"""

    def counts():
        with engine.connect() as connection:
            return {tuple(row) for row in connection.exec_driver_sql(counted)}

    load_register(engine, "0013")
    migrated(engine, command.upgrade, "0040")
    before = counts()
    migrated(engine, command.upgrade, "0041")
    with engine.connect() as connection:
        whole = """SELECT sum(number) FROM recommendation_counts
            WHERE tag_id = 0 AND scope = 'all'"""
        standing = "SELECT count(*) FROM recommendations WHERE ended_as IS NULL"
        numbers = [connection.exec_driver_sql(text).scalar() for text in (whole, standing)]
    assert numbers[0] == numbers[1] > 0
    migrated(engine, command.downgrade, "0040")
    assert counts() == before != set()


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
    from app.handling.proposals.schemas import drafts, proposals
    from app.register.files import schemas as files
    from app.register.recommendations.schemas import recommendations
    from app.register.tags.schemas import tags

    for table, schema in (
        ("recommendations", recommendations.RecommendationEditInputSchema),
        ("recommendations", drafts.DraftRecommendationInputSchema),
        ("proposals", proposals.ProposalEditInputSchema),
        ("proposals", drafts.DraftInputSchema),
        ("documents", drafts.DraftInputSchema),
        ("persons", people.PersonInputSchema),
        ("files", files.UploadSchema),
        ("tags", tags.TagInputSchema),
        ("tags", tags.TagEditInputSchema),
    ):
        for name, field in schema().fields.items():
            column = Base.metadata.tables[table].columns.get(name)
            length = getattr(getattr(column, "type", None), "length", None)
            if length is not None and hasattr(field, "longest"):
                assert field.longest == length, (table, name)


OLD_KEY = "prk_" + "a" * 43


def old_register(connection):
    """Put an account with a key and its event, as the first revision had them, into 0001."""
    at = "2026-01-01T00:00:00+00:00"
    event = dict.fromkeys(BEFORE_SEALS) | {
        "sequence": 1, "at": at, "operation": "principal.created", "record_type": "principal",
        "record_id": 1, "record_reference": OLD_KEY[:12], "record_version": 1,
        "changes": '{"name":[null,"旧账户"]}', "actor_kind": "operator", "actor_name": "root",
        "outcome": "done", "previous_hash": FIRST_HASH,
    }  # fmt: skip
    rows = {
        "principals": {"id": 1, "version": 1, "created_at": at, "updated_at": at,
                       "kind": "integrator", "name": "旧账户"},
        "principal_roles": {"principal_id": 1, "role": "registrar"},
        "api_keys": {"id": 1, "principal_id": 1, "prefix": OLD_KEY[:12], "created_at": at,
                     "secret_sha256": secret_hash(OLD_KEY)},
        "events": event | {"hash": event_hash(event)},
    }  # fmt: skip
    meta = sa.MetaData()
    meta.reflect(connection)
    for name, row in rows.items():
        table = meta.tables[name]
        moments = {n: datetime.fromisoformat(at) for n in row if n in ("at", "created_at",
                                                                       "updated_at")}  # fmt: skip
        connection.execute(sa.insert(table).values(row | moments))
    head = sa.update(meta.tables["heads"]).values(sequence=1, hash=event_hash(event))
    connection.execute(head)
    connection.commit()


@pytest.mark.filterwarnings("ignore:.*expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_an_account_of_the_first_revision_goes_on(engine):
    migrated(engine, command.upgrade, "0001")
    with engine.connect() as connection:
        old_register(connection)
    migrated(engine, command.upgrade, "head")
    database = Database(Settings(database_url=engine.url.render_as_string(False)))
    found = database.read(lambda s: holder(s, secret_hash(OLD_KEY), utcnow()))
    assert (found.name, found.roles, found.scopes) == ("旧账户", "registrar", ["read", "write"])

    def rotate(session):
        account = session.get_one(Principal, 1)
        key = session.get_one(AccessKey, 1)
        create_key(
            session, OPERATOR, account, KeyInput(scopes=["read"])
        )  # numbers go on after the old
        return issue_secret(session, OPERATOR, key)

    secret = database.write(rotate)
    assert database.read(lambda s: holder(s, secret_hash(secret), utcnow()))
    database.engine.dispose()
    migrated(engine, command.downgrade, "0001")
    with engine.connect() as connection:
        statement = sa.text("SELECT secret_sha256 FROM api_keys WHERE id = 1")
        assert connection.execute(statement).scalar() == secret_hash(secret)
