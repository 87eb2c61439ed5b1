"""A database that keeps nothing: writes say so and nothing is acknowledged, readiness is true."""

import logging
import shutil
import sqlite3
import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.engines import OPENED, is_gone
from app.core.errors import DatabaseUnusable, OutcomeUnknown
from app.http.readiness import faults_of
from app.models import Event
from app.models import Readiness as Row
from tests.conftest import SIGNER

LONG = {"text": "进" * 2000}


def told(answer, status=503):
    """Check that *answer* is a problem of *status* that says when to come again; return it."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert "Retry-After" in answer.headers
    return answer.get_json()


def refused(answer, why):
    """Check that *answer* says that nothing can be kept, and *why*."""
    problem = told(answer)
    assert problem["type"] == "/problems/database-unusable"
    assert why in problem["detail"]
    assert "nothing was written" in problem["detail"]


def events(real):
    """Return how many events there are."""
    return real.read(lambda session: session.scalar(sa.select(sa.func.count()).select_from(Event)))


@pytest.fixture
def register(served, real):
    """Give a served register with its key: its client, an editor and what it may report to."""
    real.signer = SIGNER
    client, editor, path = served
    readiness = client.application.extensions["readiness"]

    def ready():
        readiness.until = 0
        return client.get("/readyz", headers={"Accept-Language": "en"})

    return SimpleNamespace(client=client, editor=editor, path=path, ready=ready, real=real)


def not_ready(answer, part="database"):
    """Return what *answer* says is wrong with the *part* that is not ready."""
    [error] = told(answer)["errors"]
    assert error["field"] == part
    return error["message"]


def whole_register_again(register, before):
    """Check that nothing was kept meanwhile, and that the register works by itself again."""
    assert events(register.real) == before
    assert register.ready().status_code == 200
    assert register.editor.post(register.path, {"text": "又好了"}).status_code == 201
    assert events(register.real) == before + 1


# -- the file of SQLite


def moved(path, aside):
    path.rename(aside)


def deleted(path, aside):
    shutil.copy(path, aside)
    path.unlink()


def replaced(path, aside):
    path.rename(aside)
    shutil.copy(aside, path)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("vanish", [moved, deleted, replaced])
def test_a_write_to_a_file_that_is_gone_is_refused(register, tmp_path, vanish):
    path, aside = tmp_path / "real.db", tmp_path / "aside.db"
    assert register.ready().status_code == 200
    before = events(register.real)
    with register.real.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    vanish(path, aside)
    refused(register.editor.post(register.path, {"text": "进展"}), "its file")
    if vanish is not replaced:
        for _ in range(3):
            refused(register.editor.post(register.path, {"text": "进展"}), "cannot be opened")
        assert not path.exists()  # nobody makes an empty one in its place
        assert "file" in not_ready(register.ready())
        told(register.client.get("/api/v1/recommendations"))
        shutil.copy(aside, path)
    whole_register_again(register, before)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_that_goes_while_a_transaction_writes_gets_nothing(real, tmp_path):
    path, aside = tmp_path / "real.db", tmp_path / "aside.db"

    def work(session):
        number = session.scalar(sa.update(Row).values(number=99).returning(Row.number))
        path.rename(aside)
        return number

    with pytest.raises(DatabaseUnusable, match="its file is gone"):
        real.write(work)
    aside.rename(path)
    assert real.read(lambda session: session.scalar(sa.select(Row.number))) == 0


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_what_stands_where_the_file_was_opened_is_that_file(real, tmp_path):
    with real.engine.connect() as connection:
        opened = connection.info
        assert opened[OPENED][0] == tmp_path / "real.db"
        assert not is_gone(opened)
        (tmp_path / "real.db").rename(tmp_path / "aside.db")
        assert is_gone(opened)
    assert not is_gone({})  # a connection to PostgreSQL has no file


# -- a database that can only be read, or is full


def read_only(real):
    """Let every connection from now on only read; return what ends that."""
    if real.engine.dialect.name == "sqlite":
        return planted(real, "PRAGMA query_only = ON")
    name = real.engine.url.database
    run(real, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    real.engine.dispose()

    def end():
        with real.engine.connect() as connection:
            connection.exec_driver_sql("SET TRANSACTION READ WRITE")
            again = f"ALTER DATABASE {name} RESET default_transaction_read_only"
            connection.exec_driver_sql(again)
            connection.commit()
        real.engine.dispose()

    return end


def run(real, statement):
    with real.engine.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.commit()


def planted(real, statement):
    """Run *statement* on each connection to SQLite from now on; return what ends that."""

    def plant(connection, record):
        connection.execute(statement)

    sa.event.listen(real.engine, "connect", plant)
    real.engine.dispose()

    def end():
        sa.event.remove(real.engine, "connect", plant)
        real.engine.dispose()

    return end


def one_line(caplog):
    """Check that what went wrong stands in one line of the log, without where in the program."""
    [record] = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert record.exc_info is None
    assert "\n" not in record.getMessage()


def test_a_database_that_can_only_be_read_is_not_ready_and_refuses_writes(register, caplog):
    before = events(register.real)
    end = read_only(register.real)
    caplog.clear()
    refused(register.editor.post(register.path, {"text": "进展"}), "only be read")
    one_line(caplog)
    assert "only be read" in not_ready(register.ready())
    assert register.client.get("/api/v1/recommendations").status_code == 200
    end()
    whole_register_again(register, before)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_full_disk_refuses_writes_and_keeps_nothing_of_them(register, caplog):
    pages = register.real.read(lambda session: session.scalar(sa.text("PRAGMA page_count")))
    end = planted(register.real, f"PRAGMA max_page_count = {pages}")
    kept = events(register.real)
    for _ in range(60):
        caplog.clear()
        answer = register.editor.post(register.path, LONG)
        if answer.status_code != 201:
            break
        kept += 1
    refused(answer, "no room")
    one_line(caplog)
    end()
    whole_register_again(register, kept)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_disk_with_no_room_left_is_not_ready(register, monkeypatch):
    room = SimpleNamespace(f_bavail=1, f_frsize=4096)
    monkeypatch.setattr("app.http.readiness.os.statvfs", lambda path: room)
    assert "no room" in not_ready(register.ready())


STATES = {
    "25006": "only be read",
    "53100": "no room",
    "53300": "no more connections",
    "42501": "may not write",
    "58030": "the disk fails",
}


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("state", STATES)
def test_what_postgresql_cannot_write_is_refused(register, caplog, state):
    before = events(register.real)
    run(
        register.real,
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'first line' USING ERRCODE = '{state}'; END $$",
    )
    for table in ("events", "readiness"):
        fault = f"BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION fail()"
        run(register.real, f"CREATE TRIGGER fail {fault}")
    caplog.clear()
    refused(register.editor.post(register.path, {"text": "进展"}), STATES[state])
    one_line(caplog)
    assert STATES[state] in not_ready(register.ready())
    run(register.real, "DROP FUNCTION fail CASCADE")
    whole_register_again(register, before)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_disk_that_fails_while_it_commits_leaves_the_outcome_unknown(real, monkeypatch):
    failure = sqlite3.OperationalError("disk I/O error")
    failure.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC

    def fail(self):
        raise OperationalError("COMMIT", {}, failure)

    monkeypatch.setattr(Session, "commit", fail)
    with pytest.raises(OutcomeUnknown):
        real.write(lambda session: None)


# -- readiness


def test_readiness_is_tried_by_writing_and_remembered(register):
    def number():
        return register.real.read(lambda session: session.scalar(sa.select(Row.number)))

    assert register.ready().status_code == 200
    tried = number()
    assert tried > 0
    for _ in range(3):
        assert register.client.get("/readyz").status_code == 200
    assert number() == tried
    run(register.real, "DELETE FROM readiness")
    assert register.client.get("/readyz").status_code == 200  # remembered
    assert "cannot be read back" in not_ready(register.ready())
    run(register.real, "INSERT INTO readiness (id, number) VALUES (1, 0)")
    told(register.client.get("/readyz"))  # the bad one as well
    assert register.ready().status_code == 200


def test_a_register_in_which_another_one_writes_is_ready(real):
    with real.writing() as session:
        session.execute(sa.update(Row).values(number=7))
        assert faults_of(real) == {}


def test_while_one_finds_out_others_are_told_what_was_found_before(register):
    readiness = register.client.application.extensions["readiness"]
    assert register.ready().status_code == 200
    readiness.until = 0
    with readiness.lock:
        asking = threading.Thread(target=readiness.faults)
        asking.start()
        asking.join(30)
        assert not asking.is_alive()
    assert readiness.until == 0


def test_a_database_of_another_revision_is_not_ready(register):
    run(register.real, "UPDATE alembic_version SET version_num = '0001'")
    assert "flask migrate" in not_ready(register.ready(), "revision")
