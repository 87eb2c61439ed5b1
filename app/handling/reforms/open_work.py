"""What is open at an office: what must pass to somebody when it ends."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.services.passing import accounts_of, keys_of
from app.core.codes import HandlingState, LeadStatus, Progress
from app.core.rules.state_groups import ENDS, GIVEN_BACK, OBJECTING, OPEN, RUNNING
from app.handling.assignments.rules import MOVING
from app.models import (
    Assignment,
    Commitment,
    Proposal,
    Recommendation,
    RecommendationOffice,
    Task,
)
from app.tasks.queries.holders import survivors

DONE = ENDS | {HandlingState.CLOSED, HandlingState.ARCHIVED}
"""States of a proposal that nobody watches over any more."""


def numbers(session: Session, office_id: int) -> dict[str, int]:
    """Return how much is open at an office, by kind."""
    assignments = assignments_of(session, office_id)
    accounts = accounts_of(session, office_id)
    return {
        "assignments": len(assignments),
        "commitments": len(promises_of(session, office_id)),
        "recommendations": len(held_by(session, office_id, ())),
        "watched": len(watched(session, office_id)),
        "accounts": len([one for one in accounts if one.disabled_at is None]),
        "keys": len(keys_of(session, accounts)),
    }


def assignments_of(session: Session, office_id: int) -> Sequence[Assignment]:
    """Return what an office has to handle, or answered and still owes something about, in order.

    That is a task, or a recommendation that is not finished. What it has in a proposal that ended
    is over, though nobody closed the assignment.
    """
    unfinished = Recommendation.progress.in_(OPEN) & Recommendation.ended_as.is_(None)
    rows = sa.select(Recommendation.proposal_id).where(unfinished).distinct()
    merged = rows.join(Proposal, Proposal.id == Recommendation.proposal_id).where(
        Proposal.merged_into_id.is_not(None)
    )
    into = survivors(session, session.scalars(merged).all())
    whole = Assignment.recommendation_id.is_(None) & (
        Assignment.proposal_id.in_(rows) | Assignment.proposal_id.in_(sorted(into))
    )
    one = Assignment.recommendation_id.in_(sa.select(Recommendation.id).where(unfinished))
    moving = Assignment.is_open & Assignment.proposal_id.in_(
        sa.select(Proposal.id).where(Proposal.handling_state.in_(MOVING))
    )
    waits = sa.exists().where(Task.assignment_id == Assignment.id, Task.ended_on.is_(None))
    carries_out = Assignment.role.in_(OBJECTING) & (whole | one)
    own = sa.select(Assignment).where(
        Assignment.office_id == office_id,
        Assignment.state.not_in(GIVEN_BACK),
        moving | waits | carries_out,
    )
    return session.scalars(own.order_by(Assignment.id)).all()


def promises_of(session: Session, office_id: int) -> Sequence[Commitment]:
    """Return what an office still owes, in order."""
    own = sa.select(Commitment).where(
        Commitment.office_id == office_id, Commitment.state.in_(RUNNING)
    )
    return session.scalars(own.order_by(Commitment.id)).all()


def held_by(session: Session, office_id: int, cases: Iterable[int]) -> Sequence[Recommendation]:
    """Return what an office has and has not finished, in order.

    Of *cases*, whose assignments passed, also what it finished: whose that is, the assignment says.
    """
    part = sa.select(RecommendationOffice.recommendation_id).where(
        RecommendationOffice.office_id == office_id, RecommendationOffice.withdrawn_at.is_(None)
    )
    unfinished = Recommendation.progress.in_(OPEN) & Recommendation.ended_as.is_(None)
    by_dispatch = (Recommendation.lead_status == LeadStatus.GIVEN) | Recommendation.id.in_(
        part.where(RecommendationOffice.assignment_id.is_not(None))
    )
    own = sa.select(Recommendation).where(
        (Recommendation.lead_office_id == office_id) | Recommendation.id.in_(part),
        unfinished | (Recommendation.proposal_id.in_(sorted(cases)) & by_dispatch),
    )
    return session.scalars(own.order_by(Recommendation.id)).all()


def claimed_by(session: Session, office_id: int) -> Sequence[Recommendation]:
    """Return what an office claims to have carried out and somebody else is to judge, in order."""
    judged = (Recommendation.progress == Progress.IMPLEMENTED) | (
        Recommendation.look_back_on.is_not(None)
    )
    own = sa.select(Recommendation).where(Recommendation.claimed_by_office_id == office_id, judged)
    return session.scalars(own.order_by(Recommendation.id)).all()


def watched(session: Session, office_id: int) -> Sequence[Proposal]:
    """Return the proposals that an office watches over, and that are not closed; in order."""
    own = sa.select(Proposal).where(
        Proposal.supervisor_id == office_id, Proposal.handling_state.not_in(DONE)
    )
    return session.scalars(own.order_by(Proposal.id)).all()
