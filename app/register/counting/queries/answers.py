"""For whom recommendations have an answer that holds, or a promise that is still owed."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.queries.withheld import nobody_withholds
from app.core.codes import Publication, WithheldKind
from app.core.rules.state_groups import ANSWERING, RUNNING
from app.core.types import Condition, Expression
from app.models import Assignment, Commitment, Proposal, Recommendation, Reply, ReplyPoint

R = Recommendation
CASE, PART = aliased(Proposal, name="answered_case"), aliased(R, name="answered_part")
LATER = aliased(Reply, name="later_version")
FIRST, SECOND, THIRD = Publication.PUBLISHED, Publication.INTERNAL, Publication.RESTRICTED
IS_PUBLIC = sa.and_(Reply.published_on.is_not(None), nobody_withholds(WithheldKind.REPLY, Reply.id))


def level(*publications: Expression) -> Expression:
    """Return who sees a reply, and what it promised, beside records of *publications*.

    It is 1 for everyone, 2 for the staff, 3 for those who see restricted records.
    """
    return sa.case(
        (sa.or_(*(one == THIRD for one in publications)), 3),
        (sa.or_(*(one == SECOND for one in publications), sa.not_(IS_PUBLIC)), 2),
        else_=1,
    )


def first_of(levels: sa.Select) -> Expression:
    """Return the publication that stands for the least of *levels* of a recommendation."""
    least = levels.correlate(R).scalar_subquery()
    names = {1: str(FIRST), 2: str(SECOND), 3: str(THIRD)}
    return sa.case(names, value=least, else_=sa.null())


ANSWERED_FOR = first_of(
    sa.select(sa.func.min(level(CASE.publication, PART.publication)))
    .select_from(ReplyPoint)
    .join(Reply, Reply.id == ReplyPoint.reply_id)
    .join(Assignment, Assignment.id == Reply.assignment_id)
    .join(CASE, CASE.id == Assignment.proposal_id)
    .outerjoin(PART, PART.id == Assignment.recommendation_id)
    .where(
        ReplyPoint.recommendation_id == R.id,
        Assignment.parent_id.is_(None),
        Assignment.role.in_(sorted(ANSWERING)),
        Reply.sent_on.is_not(None),
        ~sa.exists().where(
            LATER.assignment_id == Reply.assignment_id,
            LATER.number > Reply.number,
            LATER.sent_on.is_not(None),
        ),
    )
)
"""Who sees that the reply of an office which holds answers a recommendation."""

PROMISED_FOR = first_of(
    sa.select(sa.func.min(level(CASE.publication)))
    .select_from(Commitment)
    .join(CASE, CASE.id == Commitment.proposal_id)
    .join(ReplyPoint, ReplyPoint.id == Commitment.point_id)
    .join(Reply, Reply.id == ReplyPoint.reply_id)
    .where(Commitment.recommendation_id == R.id, Commitment.state.in_(sorted(RUNNING)))
)
"""Who sees that a promise about a recommendation is still owed."""


def false_answers(*conditions: Condition) -> sa.Select:
    """Return the recommendations that keep something else than their replies say, and what that
    is; of those for which *conditions* hold.
    """
    shown: sa.Select = sa.select(
        R.id,
        R.reference,
        R.answered_for,
        R.promised_for,
        ANSWERED_FOR.label("answered"),
        PROMISED_FOR.label("promised"),
    )
    rows = shown.where(*conditions).subquery()
    kept = ((rows.c.answered_for, rows.c.answered), (rows.c.promised_for, rows.c.promised))
    differs = [sa.cast(own, sa.String).is_distinct_from(said) for own, said in kept]
    return sa.select(rows).where(sa.or_(*differs))


def answered_in(proposals: Collection[int]) -> Condition:
    """Return the condition that a recommendation is of *proposals*, or answered with them."""
    numbers = sorted(proposals)
    points = sa.select(ReplyPoint.recommendation_id).join(
        Assignment, Assignment.id == ReplyPoint.assignment_id
    )
    promised = sa.select(Commitment.recommendation_id).where(Commitment.proposal_id.in_(numbers))
    return sa.or_(
        R.proposal_id.in_(numbers),
        R.id.in_(points.where(Assignment.proposal_id.in_(numbers))),
        R.id.in_(promised),
    )
