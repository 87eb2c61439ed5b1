"""What no record holds and an event covers: the schema, seed records, report ids, a version."""

# ruff: noqa: F811 (fixtures are named as parameters)

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries import covered, database_schema
from app.audit.services.covering import cover
from app.handling.assignments.services.agreement import UPGRADE
from app.models import Event, ProgressReport
from app.register.tags.services.tags import edit_tag, read_vocabulary
from tests.support.commands import refused
from tests.support.factories import Role, make_actor, recommendation
from tests.support.registers import apps, operate, settings  # noqa: F401


def told(session):
    """Return what verify says of all this."""
    session.flush()
    return covered.everything(session)


def test_a_seeded_register_is_as_its_events_say(session):
    assert told(session) == []


def test_the_version_of_the_vocabulary_is_that_of_the_last_edit(session):
    tag = read_vocabulary(session)["metaverse"]
    edit_tag(session, make_actor(session, Role.REGISTRAR), tag, {"definition": "别的"})
    assert session.info["head"].vocabulary_version == session.info["head"].sequence
    assert told(session) == []


@pytest.mark.parametrize("change", [
    "UPDATE seed_records SET version = version + 1 WHERE kind = 'tag'",
    "UPDATE seed_records SET digest = 'x' WHERE kind = 'session'",
    "DELETE FROM seed_records WHERE kind = 'person'",
    "INSERT INTO seed_records (kind, reference, digest, version) VALUES ('tag', 'x', 'x', 1)",
])  # fmt: skip
def test_a_seed_record_that_was_changed_is_found(session, change):
    session.execute(sa.text(change))
    assert told(session) == ["the seed records are not those that the last load left"]


def test_the_version_of_the_vocabulary_follows_from_events(session):
    session.info["head"].vocabulary_version += 1
    [problem] = told(session)
    assert "the version of the vocabulary is" in problem


def test_the_id_of_a_report_is_the_number_of_its_event(session):
    sequence = session.scalar(sa.select(sa.func.max(Event.sequence)))
    wanted = recommendation(session)
    row = {"recommendation_id": wanted.id, "sequence": sequence, "evidence": [],
           "reported_by": "", "reported_at": wanted.created_at}  # fmt: skip
    session.add(ProgressReport(id=sequence, **row))
    assert told(session) == []
    session.execute(sa.update(ProgressReport).values(id=sequence + 1))
    assert told(session) == ["a report has another id than the number of its event"]


def test_ids_of_reports_of_before_are_covered_once(session):
    sequence = session.scalar(sa.select(sa.func.max(Event.sequence)))
    wanted = recommendation(session)
    session.add(ProgressReport(
        id=3, recommendation_id=wanted.id, sequence=sequence, evidence=[], reported_by="",
        reported_at=wanted.created_at,
    ))  # fmt: skip
    session.flush()
    session.execute(sa.delete(Event).where(Event.operation == covered.COVERED))
    assert cover(session, UPGRADE) == 1
    assert cover(session, UPGRADE) == 0
    assert told(session) == []
    session.execute(sa.update(ProgressReport).values(id=4))
    assert told(session) == ["a report has another id than the number of its event"]


DROPPED = "DROP INDEX ix_events_principal"
CHANGES = {
    DROPPED: "index ix_events_principal of events is missing",
    "CREATE INDEX added ON tags (slug)": "index added of tags was added",
    "ALTER TABLE tags ADD COLUMN added TEXT": "column tags.added was added",
    "CREATE VIEW added AS SELECT * FROM tags": "added was added",
    "DROP TABLE buckets": "table buckets is missing",
}
ON = {
    "sqlite": {
        "CREATE TRIGGER added BEFORE UPDATE ON tags BEGIN SELECT RAISE(IGNORE); END":
            "trigger added of tags was added",
    },
    "postgresql": {
        "CREATE RULE added AS ON DELETE TO tags DO INSTEAD NOTHING":
            "rule added of tags was added",
        "ALTER TABLE tags ALTER COLUMN slug DROP NOT NULL": "column tags.slug is another one now",
        "ALTER TABLE tags ALTER COLUMN slug TYPE text": "column tags.slug is another one now",
        "ALTER TABLE tags DISABLE TRIGGER ALL": "is another one now",
        "ALTER TABLE tags ENABLE ROW LEVEL SECURITY": "table tags is another one now",
        "CREATE TABLE added () INHERITS (tags)": "table tags is another one now",
        "CREATE FUNCTION added() RETURNS int LANGUAGE sql AS 'SELECT 1'": "function added()",
        "ALTER SEQUENCE tags_id_seq INCREMENT 7": "sequence tags_id_seq is another one now",
    },
}  # fmt: skip


def test_a_change_of_the_schema_is_found_and_named(session):
    for change, name in (CHANGES | ON[session.get_bind().dialect.name]).items():
        with session.begin_nested() as changing:
            session.connection().exec_driver_sql(change)
            found = list(covered.false_schema(session))
            changing.rollback()
        assert any(name in problem for problem in found), (change, found)
    assert told(session) == []


def test_the_schema_is_the_same_after_statistics_and_in_another_session(real):
    def read():
        with Session(real.engine) as session:
            return database_schema.objects(session)

    before = read()
    with real.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    real.engine.dispose()
    assert database_schema.fingerprint(read()) == database_schema.fingerprint(before)
    assert len(before) > 500


def test_a_changed_schema_is_accepted_only_by_name(operate, real):
    accept = ("audit", "accept-schema", "--as", "王操作", "--reason", "查询太慢")
    assert "nothing is to be accepted" in refused(operate(*accept))
    with real.engine.connect() as connection:
        connection.exec_driver_sql("CREATE INDEX ours ON tags (name_zh)")
        connection.commit()
    again = operate("migrate")
    assert again.exit_code == 0
    assert "index ours of tags was added" in again.stderr
    assert "index ours of tags was added" in operate("verify").stderr
    assert "accepted: the schema: index ours of tags was added" in operate(*accept).output
    assert operate("verify").exit_code == 0, operate("verify").stderr


def test_migrating_twice_writes_nothing(operate, real):
    newest = sa.select(sa.func.max(Event.sequence))
    assert operate("migrate").exit_code == 0
    before = real.read(lambda session: session.scalar(newest))
    assert operate("migrate").exit_code == 0
    assert real.read(lambda session: session.scalar(newest)) == before
