"""A register of the release before, with a case in every situation, brought to this one."""

from contextlib import contextmanager
from datetime import UTC, datetime
from unittest import mock

import pytest
import sqlalchemy as sa

from app import create_app
from app.config import Settings
from app.models import Event
from app.queries import proof, verification
from app.queries.former_columns import POSITIONS
from app.rules.chain import SCHEME
from tests.conftest import FILES, KINDS, NO_KEY, SIGNER
from tests.databases import empty_database, load_register, read_register

BEFORE = "0013"
THEN = datetime(2026, 6, 15, 2, tzinfo=UTC)
"""When the release changes: an hour after what happened last."""


@contextmanager
def migrated_register(kind, request, folder, worker_id):
    """Give the application on the register of the release before, after `flask migrate`."""
    with empty_database(kind, request, folder, worker_id) as engine:
        load_register(engine, BEFORE)
        url = engine.url.render_as_string(hide_password=False)
        app = create_app(Settings(database_url=url, audit_key=NO_KEY, files_url=FILES, key_rate=0))
        app.extensions["database"].signer = SIGNER
        with mock.patch("app.database.clock", return_value=THEN):
            migrate(app)
            yield app
        app.extensions["database"].engine.dispose()


def migrate(app):
    """Do what `flask migrate` does."""
    done = app.test_cli_runner().invoke(args=["migrate"])
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module", params=KINDS)
def register(request, tmp_path_factory, worker_id):
    """Give the application after the upgrade; tests only read."""
    folder = tmp_path_factory.mktemp("upgrade")
    with migrated_register(request.param, request, folder, worker_id) as app:
        yield app


@pytest.fixture
def database(register):
    return register.extensions["database"]


def number_of(database):
    """Return how many events there are."""
    return database.read(lambda session: session.scalar(sa.select(sa.func.max(Event.sequence))))


def test_nothing_is_wrong_after_the_upgrade(database):
    assert database.examine(verification.everything) == []
    assert database.examine(lambda s: proof.everything(s, SIGNER.public_key)) == []


def test_every_event_of_before_stands_as_it_was_and_verifies(database):
    content = read_register(BEFORE)["events"]
    place, hashed = (content["columns"].index(name) for name in ("sequence", "hash"))
    known = [(row[place], row[hashed]) for row in content["rows"]]
    assert [sequence for sequence, _ in known] == list(range(1, len(known) + 1))
    columns = (Event.sequence, Event.hash, Event.scheme)
    rows = database.read(lambda s: s.execute(sa.select(*columns).order_by(Event.sequence)).all())
    before = [row for row in rows if row.sequence <= len(known)]
    assert [(row.sequence, row.hash) for row in before] == known
    assert {row.scheme for row in before} == {SCHEME - 1}
    assert {row.scheme for row in rows} - {SCHEME - 1, SCHEME} == set()
    assert database.examine(lambda s: list(proof.broken_chain(s, None, []))) == []


def test_migrating_again_changes_nothing(register, database):
    before = number_of(database)
    migrate(register)
    assert number_of(database) == before


def test_the_register_of_before_holds_something_of_everything():
    assert set(POSITIONS) - read_register(BEFORE).keys() == set()
