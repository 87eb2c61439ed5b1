"""What waits on the desks follows from the state of a recommendation, also of an older register."""

from datetime import date

import sqlalchemy as sa

from app.core.codes import Axis, OfficeRole, Role
from app.models import Notice, Proposal, Task
from app.register.recommendations.services import recommendation_offices, recommendations
from app.register.recommendations.services.state_tasks import sync_all_tasks
from app.register.verification.queries.verify_worklists import desk_drift
from tests.support import answering
from tests.support.factories import DATA, INDUSTRY, make_actor, organization, recommendation


def desks(session):
    """Return what waits: desk, office, kind, role and day."""
    columns = (Task.desk, Task.office_id, Task.kind, Task.role, Task.due_on)
    return [tuple(row) for row in session.execute(sa.select(*columns).order_by(Task.id))]


def test_a_register_of_an_earlier_release_is_put_on_its_desks_once(session):
    record, office = recommendation(session), organization(session, INDUSTRY)
    record.lead_status, record.lead_office_id = "taken_on", office.id
    record.due_on = date(2027, 6, 30)
    session.flush()
    assert len(list(desk_drift(session))) == 1
    assert sync_all_tasks(session) == 1
    assert desks(session) == [("office", office.id, "implement", "lead", date(2027, 6, 30))]
    assert sync_all_tasks(session) == 0
    assert list(desk_drift(session)) == []


def test_desks_follow_every_step(session):
    record, office, data = recommendation(session), *(
        organization(session, slug) for slug in (INDUSTRY, DATA)
    )  # fmt: skip
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    recommendation_offices.assign(
        session, editor, record, office, OfficeRole.LEAD, due_on=date(2027, 1, 1)
    )
    recommendation_offices.assign(session, editor, record, data, OfficeRole.JOINT)
    due = date(2027, 1, 1)
    assert desks(session) == [
        ("office", office.id, "implement", "lead", due),
        ("office", data.id, "implement", "joint", due),
    ]
    recommendations.edit(
        session, make_actor(session, Role.REGISTRAR), record, {"due_on": date(2027, 2, 1)}
    )
    assert {row[4] for row in desks(session)} == {date(2027, 2, 1)}
    none = recommendations.RecommendationTransition()
    recommendations.move(session, editor, record, Axis.PROGRESS, "in_progress", grounds=none)
    proof = recommendations.RecommendationTransition(
        evidence=[{"title": "报告", "url": "https://example.org/1"}]
    )
    recommendations.move(session, editor, record, Axis.PROGRESS, "implemented", grounds=proof)
    assert desks(session) == [("supervisors", 0, "verify", None, None)]
    why = recommendations.RecommendationTransition(reason="材料不全")
    supervisor = make_actor(session, Role.SUPERVISOR, office="zhengzhou-government")
    recommendations.move(session, supervisor, record, Axis.PROGRESS, "in_progress", grounds=why)
    assert [row[2] for row in desks(session)] == ["implement", "implement"]
    assert list(desk_drift(session)) == []


def test_a_false_desk_is_found(session):
    record, office = recommendation(session), organization(session, INDUSTRY)
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    recommendation_offices.assign(session, editor, record, office, OfficeRole.LEAD)
    for change, told in (
        ({"due_on": date(2026, 1, 1)}, "should not wait"),
        ({"office_id": 999}, "is missing"),
        ({"publication": "internal"}, "not seen by those who see its proposal"),
        ({"kind": "reply"}, "are counted"),
    ):
        with session.begin_nested() as nested:
            session.execute(sa.update(Task).values(change))
            assert any(told in sentence for sentence in desk_drift(session)), change
            nested.rollback()
        session.expire_all()
    assert list(desk_drift(session)) == []


def test_a_notice_that_names_no_owner_is_found(session):
    proposal = session.scalars(sa.select(Proposal).order_by(Proposal.id)).first()
    made = answering.given(session, proposal, INDUSTRY, "lead", None)
    task = session.scalars(sa.select(Task).where(Task.assignment_id == made.id)).first()
    assert list(desk_drift(session)) == []
    forged = {"desk": "office", "office_id": 1, "point": "overdue", "urgency": "red"}
    session.add(Notice(task_id=task.id, fired_on=task.began_on, **forged))
    session.flush()
    assert [told for told in desk_drift(session) if "notice" in told]
