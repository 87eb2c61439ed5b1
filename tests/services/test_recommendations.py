"""Moving, reporting and correcting recommendations; every step of the table is walked."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.audit.queries.events import events_of
from app.core.base import Head
from app.core.clock import utcnow
from app.core.codes import Acceptance, Axis, LeadStatus, Need, OfficeRole, Progress, Role
from app.core.errors import Ended, InvalidChange, NotAllowedNow, PermissionDenied, Taken
from app.core.rules.permissions import BY_OFFICE
from app.core.rules.state_groups import OPEN
from app.core.rules.workflow import NEEDED
from app.models import Event, Lineage, ProgressReport, RecommendationOffice
from app.register.periods.models import PERIODS
from app.register.recommendations.rules import AXES
from app.register.recommendations.services.recommendation_offices import assign, joint_offices
from app.register.recommendations.services.recommendations import (
    RecommendationTransition,
    edit,
    move,
)
from app.register.recommendations.services.reports import report
from tests.support.factories import (
    DATA,
    INDUSTRY,
    differences,
    make_actor,
    organization,
    recommendation,
)

EVIDENCE = [{"title": "验收报告", "url": "https://example.org/1"}]
ROLE_OF = {
    step.permission: (Role.OFFICE_EDITOR if step.permission in BY_OFFICE else Role.SUPERVISOR)
    for steps in (workflow.steps for workflow in AXES.values())
    for step in steps
}
ALL_STEPS = [(axis, step) for axis, workflow in AXES.items() for step in workflow.steps]
STATES = {Axis.PROGRESS: Progress, Axis.ACCEPTANCE: Acceptance}


def placed(session, axis, source):
    """Return a recommendation led by INDUSTRY that stands at *source*."""
    found = recommendation(session)
    office = organization(session, INDUSTRY)
    setattr(found, axis, str(source))
    found.lead_status = str(LeadStatus.TAKEN_ON)
    found.claimed_by_office_id = office.id
    session.flush()
    own = (PERIODS.c.record_type == "recommendation", PERIODS.c.record_id == found.id)
    stood = sa.update(PERIODS).where(*own, PERIODS.c.axis == str(axis))
    session.execute(stood.values(state=str(source)))
    return found


def grounds_for(session, step=None):
    """Return grounds with what *step* needs, and with a note and a reason anyway."""
    needs = step.needs if step else set()
    return RecommendationTransition(
        note="说明",
        reason="理由",
        evidence=EVIDENCE,
        review_on=date(2027, 3, 1) if Need.REVIEW_ON in needs else None,
        superseded_by=successor(session) if Need.SUPERSEDED_BY in needs else None,
    )


def successor(session):
    return recommendation(session, "D002-P06-R09")


def actor_for(session, step):
    role = ROLE_OF[step.permission]
    return make_actor(session, role, office=INDUSTRY if role is Role.OFFICE_EDITOR else DATA)


def named(value):
    axis, step = value
    return f"{axis}-{step.source}-{step.target}"


@pytest.mark.share
@pytest.mark.one_database
@pytest.mark.parametrize("case", ALL_STEPS, ids=named)
def test_each_step_moves_and_leaves_one_event(session, case):
    axis, step = case
    found = placed(session, axis, step.source)
    before, version = session.get_one(Head, 1).sequence, found.version
    grounds = grounds_for(session, step)
    move(session, actor_for(session, step), found, axis, str(step.target), grounds=grounds)
    assert getattr(found, axis) == step.target
    told = 2 if grounds.superseded_by else 1
    assert session.get_one(Head, 1).sequence == before + told
    assert found.version == version + 1
    assert found.last_move == before + 1
    assert differences(session) == []


NEEDY = [
    (axis, step, need)
    for axis, step in ALL_STEPS
    for need in sorted(step.needs - {Need.OTHER_OFFICE})
]


@pytest.mark.parametrize("case", NEEDY, ids=lambda c: f"{named(c[:2])}-{c[2]}")
def test_each_need_that_is_missing_is_named(session, case):
    axis, step, need = case
    found = placed(session, axis, step.source)
    given = grounds_for(session, step)
    lacking = RecommendationTransition(
        **{**vars(given), str(need): [] if need is Need.EVIDENCE else None}
    )
    with pytest.raises(InvalidChange) as refused:
        move(session, actor_for(session, step), found, axis, str(step.target), grounds=lacking)
    assert refused.value.fields == {str(need): NEEDED[need]}
    assert getattr(found, axis) == step.source


WRONG = [
    (axis, source, target)
    for axis, states in STATES.items()
    for source in states
    for target in states
    if not any(s.source == source and s.target == target for s in AXES[axis].steps)
]


@pytest.mark.parametrize("case", WRONG, ids=lambda c: "-".join(c))
def test_each_other_step_is_refused_naming_both_states(session, case):
    axis, source, target = case
    found = placed(session, axis, source)
    actor = make_actor(session, *Role, office=INDUSTRY)
    with pytest.raises(NotAllowedNow) as refused:
        move(session, actor, found, axis, str(target), grounds=grounds_for(session))
    told = refused.value.sentence("en")
    assert str(source) in told
    assert str(target) in told
    assert source.zh in refused.value.sentence("zh")


@pytest.mark.parametrize("target", [Progress.VERIFIED, Progress.IN_PROGRESS])
def test_the_office_that_claimed_cannot_judge_its_claim(session, target):
    found = placed(session, Axis.PROGRESS, Progress.IMPLEMENTED)
    own = make_actor(session, Role.SUPERVISOR, office=INDUSTRY)
    with pytest.raises(PermissionDenied, match="claimed"):
        move(session, own, found, Axis.PROGRESS, str(target), grounds=grounds_for(session))
    assert found.progress == Progress.IMPLEMENTED


def test_an_office_that_does_not_handle_it_cannot_move_it(session):
    found = placed(session, Axis.PROGRESS, Progress.NOT_STARTED)
    other = make_actor(session, Role.OFFICE_EDITOR, office=DATA)
    with pytest.raises(PermissionDenied, match="another office has"):
        move(session, other, found, Axis.PROGRESS, "planned", grounds=RecommendationTransition())


def test_a_suggested_office_must_take_it_on_first(session):
    found = recommendation(session)
    suggested = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    with pytest.raises(PermissionDenied, match="take it on"):
        move(
            session, suggested, found, Axis.PROGRESS, "planned", grounds=RecommendationTransition()
        )


def test_a_joint_office_may_report(session):
    found = recommendation(session)
    joint = make_actor(session, Role.OFFICE_EDITOR, office=DATA)
    registrar = make_actor(session, Role.REGISTRAR)
    assign(session, registrar, found, organization(session, DATA), OfficeRole.JOINT)
    assert session.scalar(sa.select(RecommendationOffice.office_id)) == joint.office_id
    report(session, joint, found, text="已对接", percent=10)


def test_two_events_in_one_microsecond_are_two_versions(session, monkeypatch):
    found, moment = recommendation(session), utcnow()
    joint = make_actor(session, Role.OFFICE_EDITOR, office=DATA)
    registrar = make_actor(session, Role.REGISTRAR)
    assign(session, registrar, found, organization(session, DATA), OfficeRole.JOINT)
    monkeypatch.setattr("app.core.clock.clock", lambda: moment)
    versions = []
    for text in ("已对接", "已接入"):
        report(session, joint, found, text=text)
        versions.append(found.version)
    assert versions[1] == versions[0] + 1
    assert differences(session) == []


def test_superseding_is_told_on_both_sides_and_ends_when_reopened(session):
    found = placed(session, Axis.PROGRESS, Progress.PLANNED)
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    other = successor(session)
    grounds = RecommendationTransition(superseded_by=other)
    move(session, editor, found, Axis.PROGRESS, "superseded", grounds=grounds)
    link = session.scalar(sa.select(Lineage).where(Lineage.other_id == found.id))
    assert (link.recommendation_id, link.kind) == (other.id, "supersedes")
    assert (link.sequence, link.withdrawn_sequence) == (found.last_move, None)
    assert other.version == 2
    supervisor = make_actor(session, Role.SUPERVISOR, office=DATA)
    grounds = RecommendationTransition(reason="另行推进")
    move(session, supervisor, found, Axis.PROGRESS, "planned", grounds=grounds)
    assert link.withdrawn_sequence == found.last_move
    assert other.version == 3
    told = [e.changes for e in events_of(session, "recommendation", other.id)][1:]
    assert told == [
        f'{{"supersedes":[null,"{found.reference}"]}}',
        f'{{"supersedes":["{found.reference}",null]}}',
    ]
    assert differences(session) == []


def test_a_reason_and_a_note_are_both_kept(session):
    found = placed(session, Axis.PROGRESS, Progress.PLANNED)
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    grounds = RecommendationTransition(reason="资金未到位", note="已函询市财政局")
    move(session, editor, found, Axis.PROGRESS, "stalled", grounds=grounds)
    last = events_of(session, "recommendation", found.id)[-1]
    assert last.note == "资金未到位\n已函询市财政局"


@pytest.mark.parametrize("name", ["review_on", "superseded_by"])
def test_what_a_step_does_not_take_is_refused(session, name):
    found = placed(session, Axis.PROGRESS, Progress.NOT_STARTED)
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    values = {"review_on": date(2027, 3, 1), "superseded_by": successor(session)}
    grounds = RecommendationTransition(**{name: values[name]})
    with pytest.raises(InvalidChange) as refused:
        move(session, editor, found, Axis.PROGRESS, "planned", grounds=grounds)
    assert set(refused.value.fields) == {name}


def test_a_joint_office_reports_and_the_lead_decides(session):
    found = placed(session, Axis.PROGRESS, Progress.PLANNED)
    joint = make_actor(session, Role.OFFICE_EDITOR, office=DATA)
    lead = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    office = organization(session, DATA)
    with pytest.raises(PermissionDenied, match="named by the lead"):
        assign(session, joint, found, office, OfficeRole.JOINT)
    with pytest.raises(InvalidChange):
        assign(session, lead, found, office, OfficeRole.JOINT, due_on=date(2199, 1, 1))
    assign(session, lead, found, office, OfficeRole.JOINT)
    move(session, joint, found, Axis.PROGRESS, "in_progress", grounds=RecommendationTransition())
    for axis, target in ((Axis.PROGRESS, "implemented"), (Axis.ACCEPTANCE, "not_accepted")):
        with pytest.raises(PermissionDenied, match="lead office"):
            move(session, joint, found, axis, target, grounds=grounds_for(session))


def test_a_joint_office_that_takes_the_lead_is_joint_no_more(session):
    found = recommendation(session)
    registrar = make_actor(session, Role.REGISTRAR)
    office = organization(session, DATA)
    for role in (OfficeRole.JOINT, OfficeRole.LEAD):
        assign(session, registrar, found, office, role)
    assert joint_offices(session, found) == []
    assign(session, registrar, found, organization(session, INDUSTRY), OfficeRole.LEAD)
    assign(session, registrar, found, office, OfficeRole.JOINT)
    assert joint_offices(session, found) == [office.id]


def test_nothing_supersedes_itself(session):
    found = placed(session, Axis.PROGRESS, Progress.PLANNED)
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    with pytest.raises(InvalidChange):
        move(
            session,
            editor,
            found,
            Axis.PROGRESS,
            "superseded",
            grounds=RecommendationTransition(superseded_by=found),
        )


def test_a_claim_keeps_its_evidence_as_a_report(session):
    found = placed(session, Axis.PROGRESS, Progress.IN_PROGRESS)
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    move(
        session,
        editor,
        found,
        Axis.PROGRESS,
        "implemented",
        grounds=RecommendationTransition(evidence=EVIDENCE),
    )
    kept = session.scalar(sa.select(ProgressReport))
    assert kept.evidence == EVIDENCE
    assert kept.sequence == found.last_move
    assert found.claimed_by_office_id == editor.office_id


@pytest.mark.parametrize("state", Progress)
def test_reports_are_taken_in_open_states_only(session, state):
    found = placed(session, Axis.PROGRESS, state)
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    if state in OPEN:
        percent = None if state is Progress.NOT_STARTED else 50
        report(session, editor, found, text="进展", percent=percent, evidence=EVIDENCE)
        assert found.progress == state
    else:
        with pytest.raises(Ended):
            report(session, editor, found, text="进展")


def test_a_taken_recommendation_is_refused_to_another_office(session):
    found = recommendation(session)
    first = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    second = make_actor(session, Role.OFFICE_EDITOR, office=DATA)
    assign(session, first, found, organization(session, INDUSTRY), OfficeRole.LEAD)
    with pytest.raises(Taken, match="Industry"):
        assign(session, second, found, organization(session, DATA), OfficeRole.LEAD)
    registrar = make_actor(session, Role.REGISTRAR)
    assign(session, registrar, found, organization(session, DATA), OfficeRole.LEAD, note="改办")
    assert found.lead_office_id == second.office_id


def test_an_editor_takes_on_for_the_own_office_only(session):
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    found, office = recommendation(session), organization(session, DATA)
    with pytest.raises(PermissionDenied, match="own office"):
        assign(session, editor, found, office, OfficeRole.LEAD)


def test_what_is_no_office_cannot_be_assigned(session):
    registrar = make_actor(session, Role.REGISTRAR)
    body = organization(session, "zhengzhou-cppcc")
    with pytest.raises(InvalidChange):
        assign(session, registrar, recommendation(session), body, OfficeRole.LEAD)


def test_taking_on_twice_leaves_one_event(session):
    found = recommendation(session)
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    office = organization(session, INDUSTRY)
    assign(session, editor, found, office, OfficeRole.LEAD, due_on=date(2027, 6, 30))
    before = session.get_one(Head, 1).sequence
    assign(session, editor, found, office, OfficeRole.LEAD)
    assign(session, editor, found, office, OfficeRole.JOINT)
    assert session.get_one(Head, 1).sequence == before


def test_only_a_registrar_edits(session):
    found = recommendation(session)
    with pytest.raises(PermissionDenied):
        edit(session, make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY), found, {})
    edit(session, make_actor(session, Role.REGISTRAR), found, {"due_on": date(2027, 1, 31)})
    last = session.scalar(sa.select(Event).order_by(Event.sequence.desc()).limit(1))
    assert last.changes == '{"due_on":[null,"2027-01-31"]}'


def test_an_edited_summary_is_found_and_the_old_one_is_not(session):
    found = recommendation(session)
    registrar = make_actor(session, Role.REGISTRAR)
    edit(session, registrar, found, {"summary_zh": "建设AI园区", "summary_en": "Build it"})
    first, quotes, title, proposers = found.search_text.split("\n")
    assert first == "建设ai园区 build it"
    assert "人工智能产业园" in quotes
    assert (title, proposers) == ("构建高效协同的大模型技术产业生态", "郑州市工商联")


def test_an_edit_that_changes_nothing_leaves_no_event(session):
    found = recommendation(session)
    before = session.get_one(Head, 1).sequence
    edit(session, make_actor(session, Role.REGISTRAR), found, {"summary_zh": found.summary_zh})
    assert session.get_one(Head, 1).sequence == before
