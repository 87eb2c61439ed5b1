"""Promises with what hangs on them, and who may see them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries.record_state import columns_of
from app.core.queries.filters import VERSION, asked
from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.types import Conditions, Given
from app.handling.replies.queries import with_names
from app.models import (
    Commitment,
    Milestone,
    Recommendation,
    Remark,
    Task,
)
from app.register.files.queries.evidence import with_seen
from app.register.proposals.queries.handling_visibility import commitments_seen
from app.register.recommendations.queries import lateness

NAMES = ("id", "reference", "summary_zh", "progress")
ABOUT = tuple(getattr(Recommendation, name).label(f"recommendation_{name}") for name in NAMES)


DUE = lateness.whole(Commitment)
"""Who sees a promise sees when it is next due."""

BY_PROMISE = lateness.by_day(lateness.last(Commitment.promised_on), Commitment.id, "promised_on")
ORDERS = lateness.orders(DUE, Commitment.id) | {"promised_on": BY_PROMISE}

CONDITIONS: Conditions = {
    "state": lambda value: Commitment.state == str(value),
    "strength": lambda value: Commitment.strength == str(value),
    "office_id": lambda value: Commitment.office_id == value,
    "proposal": lambda value: Commitment.proposal_id == value,
    "recommendation": lambda value: Recommendation.reference == value,
    "promised_before": lambda value: Commitment.promised_on < value,
    "promised_after": lambda value: Commitment.promised_on > value,
}
"""Filter → the condition on a promise, given its value."""


def listed(actor: Actor, filters: Given) -> sa.Select:
    """Return the SELECT of the promises that *filters* name."""
    own = [name for name in columns_of(Commitment) if name != "recommendation_id"]
    columns = [getattr(Commitment, name) for name in own]
    statement = commitments_seen((*columns, *ABOUT, VERSION), actor)
    return statement.where(
        *asked(CONDITIONS, filters),
        *lateness.late(DUE, filters),
    )


def record(
    session: Session, actor: Actor, commitment_id: int, number: int | None = None
) -> Commitment | None:
    """Return the record itself, for a change, when *actor* may see it, and milestone *number*."""
    found = session.scalar(
        commitments_seen((Commitment,), actor).where(Commitment.id == commitment_id)
    )
    if found is None or number is None:
        return found
    return None if milestone(session, found, number) is None else found


def milestone(session: Session, commitment: Commitment, number: int) -> Milestone | None:
    """Return milestone *number* of *commitment*, or None."""
    wanted = sa.literal(number, sa.BigInteger)  # as long as a number in a path can be
    own = sa.select(Milestone).where(
        Milestone.commitment_id == commitment.id, Milestone.number == wanted
    )
    return session.scalar(own)


def commitment_view(session: Session, actor: Actor, commitment_id: int) -> View | None:
    """Return one promise with its milestones and what was said of it, or None."""
    row = session.execute(listed(actor, {}).where(Commitment.id == commitment_id)).one_or_none()
    if row is None:
        return None
    waiting = sa.select(Task).where(Task.commitment_id == commitment_id).order_by(Task.id)
    return View.of(
        row,
        tasks=list(session.scalars(waiting)),
        milestones=milestones_of(session, actor, commitment_id),
        remarks=remarks_of(session, actor, commitment_id),
    )


def milestones_of(session: Session, actor: Actor, commitment_id: int, after: int = 0) -> list[View]:
    """Return the milestones of a promise, those *after* a number, in order.

    Evidence that is a file which *actor* may not see is left out.
    """
    own = (Milestone.commitment_id == commitment_id, Milestone.number > after)
    found = session.scalars(sa.select(Milestone).where(*own).order_by(Milestone.number))
    return with_seen(session, actor, found.all())


def remarks_of(session: Session, actor: Actor, commitment_id: int, after: int = 0) -> list[View]:
    """Return what was said of a promise, from *after* a remark's id on, in order.

    Evidence that is a file which *actor* may not see is left out.
    """
    own = sa.and_(Remark.commitment_id == commitment_id, Remark.id > after)
    return with_seen(session, actor, with_names(session, Remark, own))
