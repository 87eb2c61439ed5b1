"""A register of the release before, with a case in every situation, brought to this one."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from unittest import mock

import pytest
import sqlalchemy as sa

from app import create_app
from app.audit.queries import former_state, verify_chain
from app.audit.queries.former_columns import POSITIONS
from app.audit.rules.chain import FILES as FILES_OF_BUNDLE
from app.audit.rules.chain import SCHEME, bundle_problems, lines_of
from app.commands.audit import write_bundle
from app.core.codes import Role
from app.core.config import Settings
from app.models import Event, Organization, Recommendation
from app.register.tags.services.tags import edit_tag, read_vocabulary
from app.register.verification.queries import verification
from drills.tampering_bundles import by_script
from tests.conftest import FILES, NO_KEY, SIGNER
from tests.database.empty import empty_database, load_register, read_register
from tests.database.templates import KINDS
from tests.support.factories import make_actor

pytestmark = pytest.mark.long

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
        with mock.patch("app.core.clock.clock", return_value=THEN):
            migrate(app)
            yield app
        timer = app.extensions["checkpointing"].timer
        if timer is not None:  # the first request plans a checkpoint in a minute
            timer.cancel()
        app.extensions["database"].engine.dispose()


def migrate(app):
    """Do what `flask migrate` does."""
    done = app.test_cli_runner().invoke(args=["migrate"])
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module", params=KINDS)
def register(request, tmp_path_factory, worker_id):
    """Give the application after the upgrade; what a test adds stays."""
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
    assert database.examine(verification.index_differences) == []
    assert database.examine(lambda s: verification.history_differences(s, SIGNER.public_key)) == []


def test_every_event_of_before_stands_as_it_was_and_verifies(database):
    content = read_register(BEFORE)["events"]
    place, hashed = (content["columns"].index(name) for name in ("sequence", "hash"))
    known = [(row[place], row[hashed]) for row in content["rows"]]
    assert [sequence for sequence, _ in known] == list(range(1, len(known) + 1))
    columns = (Event.sequence, Event.hash, Event.scheme)
    rows = database.read(lambda s: s.execute(sa.select(*columns).order_by(Event.sequence)).all())
    before = [row for row in rows if row.sequence <= len(known)]
    assert [(row.sequence, row.hash) for row in before] == known
    assert {row.scheme for row in before} == {former_state.SCHEME}
    assert {row.scheme for row in rows} - {former_state.SCHEME, SCHEME} == set()
    assert database.examine(lambda s: list(verify_chain.broken_chain(s, None, []))) == []


def test_migrating_again_changes_nothing(register, database):
    before = number_of(database)
    migrate(register)
    assert number_of(database) == before


def test_a_bundle_with_events_of_both_releases_is_whole(database, tmp_path):
    def define(session):
        tag = read_vocabulary(session)["metaverse"]
        edit_tag(session, make_actor(session, Role.REGISTRAR), tag, {"definition": "另一个"})

    database.write(define)
    database.examine(lambda session: write_bundle(session, tmp_path, SIGNER))
    schemes = [row["scheme"] for row in lines_of(tmp_path, FILES_OF_BUNDLE[0])]
    assert (schemes[0], schemes[-1]) == (former_state.SCHEME, SCHEME)
    assert bundle_problems(tmp_path, SIGNER.public_key) == []
    assert by_script(tmp_path, SIGNER.public_key) == []


def test_the_register_of_before_holds_something_of_everything():
    assert set(POSITIONS) - read_register(BEFORE).keys() == set()


HAD = {
    "N2026-0001": ("zhengzhou-industry", "suggested", None, None),
    "N2026-0002": ("zhengzhou-industry", "taken_on", None, "own_day"),
    "N2026-0003": ("zhengzhou-industry", "given", None, "receipt"),
    "N2026-0004": ("zhengzhou-industry", "taken_on", None, "reply"),
    "N2026-0008": (None, "sought", None, None),
    "N2026-0009": (None, "sought", None, None),
    "N2026-0015": (None, "separate", None, "receipt"),
    "N2026-0018": ("zhengzhou-industry", "taken_on", None, "receipt"),
    "N2026-0028": ("zhengzhou-industry", "taken_on", None, "reply"),
    "N2026-0032": ("zhengzhou-industry", "taken_on", None, "milestone"),
    "N2026-0039": (None, None, "withdrawn", None),
    "N2026-0040": ("zhengzhou-industry", "suggested", "transferred", None),
    "N2026-0044": ("zhengzhou-industry", "suggested", "not_filed", None),
}
"""Number of a case → who has its first recommendation, how, how it ended, and which clock is next;
see tests/data/README.md for what became of each before."""


def first_of(database, number):
    """Return the first recommendation of the case *number*, with the slug of its lead office."""
    wanted, lead = Recommendation, Organization
    rows = sa.select(wanted, lead.slug).outerjoin(lead, lead.id == wanted.lead_office_id)
    named = rows.where(wanted.reference == f"{number}-P01-R01")
    return database.read(lambda session: session.execute(named).one())


@pytest.mark.parametrize("number", HAD)
def test_who_has_it_and_what_is_next_is_the_new_truth(database, number):
    record, lead = first_of(database, number)
    assert (lead, record.lead_status, record.ended_as, record.next_clock) == HAD[number]


def test_what_nobody_ever_received_is_late_since_the_last_day_of_it(register, database):
    record, _ = first_of(database, "N2026-0003")
    assert (record.next_due_on, record.public_due_on) == (date(2026, 2, 27), date(2026, 2, 27))
    assert "awaits_receipt" in register.test_client().get(
        f"/api/v1/recommendations/{record.id}"
    ).get_data(as_text=True)


def test_what_was_done_at_the_upgrade_is_told(database):
    made = sa.select(Event.operation, sa.func.count()).where(Event.scheme == SCHEME)
    made = made.where(Event.actor_name == "upgrade").group_by(Event.operation)
    numbers = {row[0]: row[1] for row in database.read(lambda s: s.execute(made).all())}
    assert {"recommendation.given", "recommendation.ended", "assignment.dated"} <= set(numbers)
    assert numbers["recommendation.ended"] >= 11
