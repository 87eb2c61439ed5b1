"""The hash of a record: what later releases add does not make an earlier register false."""

import sqlalchemy as sa

from app.models import Assignment, Proposal
from app.queries.state import LATER, columns_of, hashed, is_state, state_hash, state_of
from tests import answering
from tests.factories import INDUSTRY, everything


def test_columns_that_came_later_count_once_they_are_filled(database):
    def work(session):
        record = session.scalars(sa.select(Proposal)).first()
        names = [name for name in columns_of(Proposal) if name not in LATER[Proposal]]
        first = hashed({name: getattr(record, name) for name in names})
        second = hashed(state_of(session, Proposal, record))  # as the release before had it
        assert state_hash(session, Proposal, record) == first != second
        assert is_state(session, Proposal, record, first)
        assert is_state(session, Proposal, record, second)
        record.is_key = True
        assert not is_state(session, Proposal, record, first)
        assert not is_state(session, Proposal, record, second)
        assert is_state(session, Proposal, record, state_hash(session, Proposal, record))
        session.expunge(record)

    database.write(work)


def test_what_came_later_hangs_on_an_assignment_once_it_is_there(database):
    def work(session):
        proposal = session.scalars(sa.select(Proposal)).first()
        made = answering.given(session, proposal, INDUSTRY, "lead", None)
        known = state_of(session, Assignment, made)
        assert {"tasks", "extensions"} <= known.keys()
        assert not {"replies", "contacts", "notices"} & known.keys()
        assert all("fired_until" not in str(row) for row in known["tasks"])

    database.write(work)
    assert database.examine(everything) == []
