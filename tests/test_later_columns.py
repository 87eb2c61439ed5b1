"""A column that a later release adds makes no event false, of this release or of the one before.

Nothing that is written down about columns changes for it: see tests/later_release.py.
"""

import json
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.audit.queries import former_state
from app.audit.queries.former_columns import POSITIONS
from app.audit.queries.record_state import CHILDREN, RECORDS, children_hash
from app.audit.rules.chain import SCHEME
from app.audit.services.recorder import record_event
from app.core.config import ROOT, Settings
from app.core.database import Database
from app.core.migrating import upgrade
from app.models import (
    Approval,
    CategoryScheme,
    DelayExplanation,
    Event,
    Exchange,
    Organization,
    OrganizationName,
    Press,
    Proposal,
    ProposalMark,
    Task,
    Withholding,
)
from tests.database.empty import empty_database, load_register
from tests.database.templates import KINDS
from tests.support.factories import OPERATOR

pytestmark = pytest.mark.long

NEW = {
    "delay_explanations",
    "exchanges",
    "category_schemes",
    "organization_names",
    "presses",
    "proposal_marks",
    "withholdings",
}
"""The tables that came with this release: empty in a register of the one before."""


@pytest.fixture(params=KINDS)
def database(request, tmp_path, worker_id):
    """Give the register of the release before, on the revision of this one."""
    with empty_database(request.param, request, tmp_path, worker_id) as engine:
        load_register(engine, "0013")
        database = Database(Settings(database_url=engine.url.render_as_string(False)))
        upgrade(database.engine)
        yield database
        database.engine.dispose()


MARKED = {"kind": "excellent", "on": date(2026, 3, 2), "paper": "-", "sequence": 1}
SCHEME_OF_CATEGORIES = {
    "reference": "a@1", "slug": "a", "edition": 1, "name_zh": "表", "name_en": "A", "source": "-",
    "bodies": [], "kinds": [], "sessions": [], "is_default": True, "categories": [],
}  # fmt: skip


def pressed(session):
    """Put one row into each table that came with this release."""
    task = session.scalars(sa.select(Task).where(Task.assignment_id.is_not(None))).first()
    day = date(2026, 3, 2)
    hung = {"assignment_id": task.assignment_id, "number": 1, "sequence": 1, "on": day, "text": "-"}
    session.add(DelayExplanation(done_by=day, **hung))
    session.add(Press(answer_by=day, task_id=task.id, **hung))
    office = session.scalar(sa.select(sa.func.min(Organization.id)))
    then = datetime(2026, 3, 2, tzinfo=UTC)
    former = OrganizationName(organization_id=office, name_zh="旧名", until=day, until_at=then)
    session.add(former)
    approval = session.scalar(sa.select(sa.func.min(Approval.id)))
    session.add(Exchange(approval_id=approval, number=0, asked_sha256="0" * 64))
    proposal = session.scalar(sa.select(sa.func.min(Proposal.id)))
    about = {"kind": "note", "target_id": 1, "proposal_id": proposal}
    session.add(Withholding(**about, sequence=1, reason="误写"))
    session.add(ProposalMark(proposal_id=proposal, giver_id=office, **MARKED))
    session.add(CategoryScheme(**SCHEME_OF_CATEGORIES))
    session.flush()


def told_anew(session):
    """Write an event of this release for each record, and what hangs on it."""
    for kind, model in RECORDS.items():
        for record in session.scalars(sa.select(model).order_by(model.id)).all():
            hung = {"children": (None, children_hash(session, record))}
            changes = hung if model in CHILDREN else {}
            record_event(session, OPERATOR, record, f"{kind}.edited", changes)
        session.flush()


def last_schemes(session):
    """Return the schemes of the last events of the records."""
    last = sa.select(sa.func.max(Event.sequence)).where(Event.record_hash.is_not(None))
    each = last.group_by(Event.record_type, Event.record_id)
    return set(session.scalars(sa.select(Event.scheme).where(Event.sequence.in_(each))))


def in_a_later_release(database):
    """Return what the later release finds in *database*."""
    url = database.engine.url.render_as_string(hide_password=False)
    words = [sys.executable, "-m", "tests.database.later_release", url]
    done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_a_column_that_comes_later_is_covered_once_it_is_filled(database):
    found = in_a_later_release(database)
    assert database.read(last_schemes) == {former_state.SCHEME}
    assert found["empty"] == []
    assert not_noticed(found) == NEW
    assert found["filled"].keys() == POSITIONS.keys() | NEW
    database.write(pressed)
    database.write(told_anew)
    found = in_a_later_release(database)
    assert database.read(last_schemes) == {SCHEME}
    assert found["empty"] == []
    assert not_noticed(found) == set()
    assert found["filled"].keys() == POSITIONS.keys() | NEW


def not_noticed(found):
    """Return the tables of which a filled column went unnoticed."""
    return {name for name, noticed in found["filled"].items() if not noticed}
