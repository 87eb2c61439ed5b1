"""Conditions on recommendations, promises, replies and forms that parts of figures are made of."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.queries.visibility import view_of
from app.accounts.queries.withheld import shown_to
from app.core.codes import (
    CommitmentState,
    Progress,
    ReplyOutcome,
    ReplyState,
    WithheldKind,
)
from app.core.rules.state_groups import ADOPTED, ANSWERING, CARRIED_OUT, OUT, RUNNING
from app.core.types import Condition
from app.models import (
    Assignment,
    Commitment,
    Evaluation,
    Recommendation,
    Reply,
    ReplyPoint,
)
from app.register.counting.queries.looking import Looking, Part, State, every, fixed, stands
from app.register.counting.queries.of_cases import OF_CASES
from app.register.proposals.queries.handling_visibility import commitments_seen, replies_seen
from app.register.recommendations.queries import lateness

R = Recommendation
LATER = aliased(Reply, name="sent_later")


# -- recommendations -----------------------------------------------------------------------------


OUTCOME = sa.func.coalesce(ReplyPoint.checked_outcome, ReplyPoint.outcome)


def points(looking: Looking, *conditions: Condition) -> sa.Select:
    """Return the SELECT of the recommendations on which an office's reply that went out has a
    point, as far as the actor sees replies.
    """
    rows = replies_seen(looking.actor, (ReplyPoint.recommendation_id,))
    return rows.join(ReplyPoint, ReplyPoint.reply_id == Reply.id).where(
        Assignment.parent_id.is_(None),
        Assignment.role.in_(sorted(ANSWERING)),
        Reply.sent_on <= looking.day,
        *conditions,
    )


def holds(looking: Looking) -> Condition:
    """Return the condition that no later version of a reply had gone out by the day."""
    later = sa.exists().where(
        LATER.assignment_id == Reply.assignment_id,
        LATER.number > Reply.number,
        LATER.sent_on <= looking.day,
    )
    return sa.not_(later)


def has_answer(looking: Looking) -> Condition:
    """Return the condition that a reply that holds answers the recommendation.

    Each office sees other replies; for everyone and for the staff the recommendation keeps it.
    """
    view = view_of(looking.actor)
    if looking.moment is None and not view.own:
        return R.answered_for.in_(sorted(view.whole))
    return R.id.in_(points(looking, holds(looking)))


def is_resolved(looking: Looking) -> Condition:
    """Return the condition that each reply that holds says it is resolved."""
    other = points(looking, holds(looking), OUTCOME != ReplyOutcome.RESOLVED)
    return sa.and_(has_answer(looking), R.id.not_in(other))


def was_b(looking: Looking) -> Condition:
    """Return the condition that a reply once said it is being resolved, or planned."""
    return R.id.in_(points(looking, OUTCOME.in_([ReplyOutcome.IN_PROGRESS, ReplyOutcome.PLANNED])))


def progress(*codes: Progress) -> State:
    """Return the condition that a recommendation stands at one of *codes*."""
    return stands("recommendation", "progress", R.progress, R.id, codes)


IS_ADOPTED = stands("recommendation", "acceptance", R.acceptance, R.id, ADOPTED)


def now_resolved(looking: Looking) -> Condition:
    """Return the condition that a recommendation is resolved, as said or as carried out."""
    return sa.or_(is_resolved(looking), progress(*CARRIED_OUT)(looking))


def due(looking: Looking) -> lateness.NextDue:
    """Return when a recommendation is next due, as the actor sees it."""
    return lateness.next_due(R, view_of(looking.actor), R.proposal_id)


def is_late(looking: Looking) -> Condition:
    """Return the condition that a due day has passed."""
    return due(looking).day < looking.day


def has_due_day(looking: Looking) -> Condition:
    """Return the condition that there is a due day."""
    return due(looking).due_on.is_not(None)


def has_promise(looking: Looking) -> Condition:
    """Return the condition that a promise about the recommendation is still owed."""
    view = view_of(looking.actor)
    if not view.own:
        return R.promised_for.in_(sorted(view.whole))
    owed = commitments_seen((Commitment.recommendation_id,), looking.actor)
    return R.id.in_(owed.where(Commitment.state.in_(sorted(RUNNING))))


# -- promises, replies, forms --------------------------------------------------------------------


def promise(*codes: CommitmentState) -> State:
    """Return the condition that a promise stands in one of *codes*."""
    return stands("commitment", "state", Commitment.state, Commitment.id, codes)


OWED = (CommitmentState.OPEN, CommitmentState.MISSED, CommitmentState.KEPT)


def promised_by(looking: Looking) -> Condition:
    """Return the condition that a promise was due by the day."""
    return Commitment.promised_on <= looking.day


KEPT_IN_TIME = fixed(
    Commitment.ended_on.is_not(None), Commitment.ended_on <= Commitment.promised_on
)


def reply_states(*states: ReplyState) -> Part:
    """Return the part of the replies of lead, sole and separate offices in one of *states*."""
    return every(OF_CASES, fixed(Reply.state.in_(sorted(states))))


FORM_LATER = aliased(Evaluation, name="form_later")
AS_IT_HOLDS = sa.not_(sa.exists().where(FORM_LATER.corrects_id == Evaluation.id))
"""That a form is mended by no later one."""


def returned(looking: Looking) -> list[Condition]:
    """Return the conditions of the replies of which a form was returned."""
    form = sa.exists().where(
        Evaluation.reply_id == Reply.id,
        AS_IT_HOLDS,
        shown_to(looking.actor, WithheldKind.EVALUATION, Evaluation.id),
    )
    return [*reply_states(*OUT)(looking), form]
