"""The hash of a record: what is filled, by name, and nothing that follows from others."""

import sqlalchemy as sa

from app.audit.queries import former_state, record_state, verify_records
from app.audit.queries.hanging_rows import hanging_on
from app.audit.queries.record_state import DERIVED, hashed, state_hash, state_of
from app.audit.rules import chain
from app.audit.services import recorder
from app.core import base
from app.core.base import columns_of
from app.models import Assignment, Document, Proposal, Recommendation, Task
from tests.support import answering
from tests.support.factories import INDUSTRY, OPERATOR, everything, recommendation

SPOKEN = "D000-P02-R01"
"""A recommendation of a person; others are an organization's."""


def test_an_empty_column_has_no_part_in_the_hash(database):
    def work(session):
        record = session.scalars(sa.select(Proposal)).first()
        covered = {name: getattr(record, name) for name in columns_of(Proposal)}
        filled = {name: value for name, value in covered.items() if value is not None}
        assert covered.keys() - filled.keys() >= {"case_no", "is_key", "supervisor_id"}
        known = state_hash(session, Proposal, record)
        assert known == hashed(filled)
        record.is_key = False  # said, so not empty
        assert state_hash(session, Proposal, record) != known
        session.expunge(record)

    database.write(work)


def test_what_hangs_on_a_record_is_hashed_by_name_once_it_is_there(database):
    def work(session):
        proposal = session.scalars(sa.select(Proposal)).first()
        made = answering.given(session, proposal, INDUSTRY, "lead", None)
        known = state_of(session, Assignment, made)
        assert "tasks" in known
        assert not {"replies", "contacts", "notices", "extensions"} & known.keys()
        task = known["tasks"][0]
        assert {"id", "kind", "desk", "proposal_id"} <= task.keys()
        assert None not in task.values()
        assert not {"publication", "fires_on", "fired_until"} & task.keys()

    database.write(work)
    assert database.examine(everything) == []


def test_index_columns_are_outside_the_hash_of_a_record_and_of_what_hangs_on_it(monkeypatch):
    monkeypatch.setitem(DERIVED, Recommendation, frozenset({"due_on", "not_there_yet"}))
    covered = record_state.covered_columns.__wrapped__
    assert "due_on" not in covered(Recommendation)
    assert "review_on" in covered(Recommendation)
    assert not {"publication", "fires_on"} & set(covered(Task))
    clocks = {"next_due_on", "next_clock", "public_due_on", "public_clock"}
    assert all(clocks <= DERIVED[model] for model in (Proposal, Assignment))


def test_index_columns_that_come_later_are_in_no_hash_of_the_scheme_before(monkeypatch):
    monkeypatch.setattr(former_state, "COLUMNS", {})
    monkeypatch.setattr(base, "columns_of", lambda model: ["id", "next_clock", "came_later"])
    assert former_state.columns_of(Recommendation).since == ("came_later",)
    assert "due_on" in former_state.columns_of(Recommendation).position


def as_the_release_before(session, record):
    """Write an event of *record* as the release before would have, and return its scheme."""
    hung = former_state.children_hashes(session, type(record), [record.id]).get(record.id)
    changes = {} if hung is None else {"children": (None, hung)}
    operation = f"{recorder.NAMES[type(record)]}.edited"
    recorder.record_event(session, OPERATOR, record, operation, changes)


def test_events_of_the_scheme_before_are_verified_by_theirs(database, monkeypatch):
    with monkeypatch.context() as former:
        former.setattr(recorder, "SCHEME", former_state.SCHEME)
        former.setattr(recorder, "state_hash", former_state.state_hash)
        former.setattr(recorder, "seal_texts", lambda row: {})

        def work(session):
            proposal = session.get_one(Proposal, recommendation(session, SPOKEN).proposal_id)
            answering.replied(session, proposal, "rated")
            for model in (Document, Proposal, Recommendation):
                as_the_release_before(session, session.scalars(sa.select(model)).first())

        database.write(work)
    assert database.examine(everything) == []

    def alter(session):
        record = session.scalars(sa.select(Proposal)).first()
        for column, value in ((Proposal.title, "另一件"), (Proposal.is_key, False)):
            with session.begin_nested() as undone:
                own = sa.update(Proposal).where(Proposal.id == record.id)
                session.execute(own.values({column: value}))
                told = list(verify_records.unexplained(session))
                assert told == [f"proposal {record.id}: no event explains its state"]
                undone.rollback()

    database.write(alter)


def test_a_hash_of_one_scheme_is_none_of_another(database):
    def read(session):
        record = session.scalars(sa.select(Proposal)).first()
        hung = hanging_on(session, Proposal, record.id)
        hashes = {
            scheme: module.state_hash(session, Proposal, record)
            for scheme, module in (
                (former_state.SCHEME, former_state),
                (chain.SCHEME, record_state),
            )
        }
        for scheme, known in hashes.items():
            for other, same in verify_records.IS_STATE.items():
                alike = {scheme, other} <= {verify_records.BY_NAME, chain.SCHEME}
                assert same(session, Proposal, record, known, hung) == (scheme == other or alike)

    database.read(read)


def test_the_first_events_of_the_scheme_before_hashed_empty_columns_as_well(database):
    def read(session):
        record = session.scalars(sa.select(Proposal)).first()
        whole = hashed(former_state.state_of(session, Proposal, record))
        assert whole != former_state.state_hash(session, Proposal, record)
        hung = hanging_on(session, Proposal, record.id)
        assert former_state.is_state(session, Proposal, record, whole, hung)

    database.read(read)
