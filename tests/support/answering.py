"""Replies as far as a test needs them, made through the services."""

from datetime import timedelta

import sqlalchemy as sa

from app.core.clock import utcnow
from app.core.codes import (
    AssignmentRole,
    AssignmentState,
    Capacity,
    ProposalKind,
    ProposerRole,
    ReplyOutcome,
    ReplyState,
    Role,
    Satisfaction,
)
from app.handling.assignments.services import assignment_transitions
from app.handling.assignments.services.context import Work
from app.handling.assignments.services.dispatch import DispatchInput, dispatch
from app.handling.commitments.services import commitment_remarks
from app.handling.proposals.services import draft_checks, drafts
from app.handling.replies.services import evaluations, reply_drafts, reply_labels, reply_transitions
from app.models import Commitment, Person, Proposer, Recommendation, Sitting
from app.register.people.queries.reference_data import read_book
from tests.support.factories import DATA, INDUSTRY, make_actor, organization

FAR = {"draft": 1, "checked": 2, "sent": 3, "rated": 4}
"""How far a reply is to be brought."""


def today():
    """Return the day it is."""
    return utcnow().date()


def in_days(number):
    """Return the day that is *number* days from today."""
    return today() + timedelta(days=number)


def work_of(session):
    """Return what handling is done with, today."""
    return Work(session, read_book(session), today())


def given(session, proposal, office, role, recommendation):
    """Return an assignment under rules that assess before handling again; it was received."""
    work = work_of(session)
    rules = None if proposal.profile else work.book.profile("qingdao-npc-2021")
    told = DispatchInput(
        organization(session, office), AssignmentRole(role), work.today, recommendation,
        profile=rules,
    )  # fmt: skip
    made = dispatch(make_actor(session, Role.DISPATCHER), proposal, told, work)
    editor = make_actor(session, Role.OFFICE_EDITOR, office=office)
    assignment_transitions.move(
        editor,
        made,
        AssignmentState.RECEIVED,
        assignment_transitions.AssignmentTransition(work.today),
        work,
    )
    return made


def first_of(session, proposal):
    """Return the first recommendation of *proposal*."""
    rows = sa.select(Recommendation).where(Recommendation.proposal_id == proposal.id)
    return session.scalars(rows.order_by(Recommendation.number)).first()


def drafted(session, assignment, office):
    """Return a draft of the reply of *assignment*, which is about one recommendation."""
    record = session.get_one(Recommendation, assignment.recommendation_id)
    point = reply_drafts.PointInput(
        "points.0", record, "已列入计划", ReplyOutcome.PLANNED, promise="年底前开工"
    )
    editor = make_actor(session, Role.OFFICE_EDITOR, office=office)
    return reply_drafts.draft(editor, assignment, "答复", [point], work_of(session))


def replied(session, proposal, until):
    """Return an assignment of the office of industry whose reply is so far, and a proposer."""
    made = given(session, proposal, INDUSTRY, "sole", first_of(session, proposal))
    reply, work = drafted(session, made, INDUSTRY), work_of(session)
    dispatcher = make_actor(session, Role.DISPATCHER)
    head = make_actor(session, Role.OFFICE_HEAD, office=INDUSTRY)
    signed = reply_labels.ReplyTransition(work.today, document_no="1号", signed_by="局长")
    if FAR[until] >= FAR["checked"]:
        plain = reply_labels.ReplyTransition(work.today)
        reply_transitions.move(dispatcher, made, reply, ReplyState.CHECKED, plain, work)
    if FAR[until] >= FAR["sent"]:
        reply_transitions.move(head, made, reply, ReplyState.SENT, signed, work)
    slug, proposer = session.execute(
        sa.select(Person.slug, Proposer)
        .join(Proposer, Proposer.person_id == Person.id)
        .where(Proposer.proposal_id == proposal.id)
    ).first()
    if FAR[until] >= FAR["rated"]:
        form = evaluations.RatingInput(
            proposer, Satisfaction.SATISFIED, Satisfaction.DISSATISFIED, work.today, "反馈表"
        )
        evaluations.rate(make_actor(session, Role.REGISTRAR), made, reply, form, work)
    return made, slug


def joint(session, proposal):
    """Return the assignment by which industry joins the data office, and the reply of that."""
    record = first_of(session, proposal)
    lead = given(session, proposal, DATA, "lead", record)
    own = given(session, proposal, INDUSTRY, "joint", record)
    drafted(session, lead, DATA)
    return own, f"{lead.reference}-V1"


def point_of(session, assignment):
    """Return a point, as a body has it, of the one recommendation of *assignment*."""
    record = session.get_one(Recommendation, assignment.recommendation_id)
    return {"recommendation": record.reference, "text": "已列入计划", "outcome": "planned"}


def draft(session):
    """Return the number of a draft that its second proposer is asked to sign, and who that is."""
    deputies = sa.select(Person).where(Person.capacity == Capacity.NPC_DEPUTY)
    lead, signer = session.scalars(deputies.order_by(Person.id).limit(2))
    content = draft_checks.DraftInput(
        kind=ProposalKind.NPC_SUGGESTION,
        title="草稿",
        text="建议设立基金。",
        sitting=session.scalars(sa.select(Sitting).order_by(Sitting.id)).first(),
        proposers=[(lead, ProposerRole.LEAD), (signer, ProposerRole.COSIGNER)],
        recommendations=[
            draft_checks.RecommendationInput("设立基金", [draft_checks.Quote("设立基金")])
        ],
        cosign_until=in_days(30),
    )
    made = drafts.draft(make_actor(session, Role.REGISTRAR), content, work_of(session))
    return made.id, signer.slug


def promised(session, assignment):
    """Return the number of the promise that the reply of *assignment* made, with a milestone."""
    own = sa.select(Commitment).where(Commitment.recommendation_id == assignment.recommendation_id)
    made = session.scalars(own).one()
    editor = make_actor(session, Role.OFFICE_EDITOR, office=INDUSTRY)
    commitment_remarks.add_milestone(editor, made, "选址", None, work_of(session))
    return made.id
