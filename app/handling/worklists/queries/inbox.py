"""What an inbox shows: notices, newest first, with what they are about."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.queries.visibility import seen_by, visible
from app.core.codes import Publication
from app.core.queries.filters import VERSION
from app.core.queries.keyset import by_number
from app.core.queries.rows import labelled
from app.core.rules.permissions import Actor
from app.handling.worklists.queries.worklists import A, M, N, P, R, T
from app.models import Proposal
from app.register.proposals.queries import short_forms

AGAIN = aliased(Proposal, name="again")


WHOSE = sa.func.coalesce(
    A.office_id,
    M.office_id,
    sa.func.nullif(T.office_id, 0),
    R.claimed_by_office_id,
    R.lead_office_id,
).label("about_office_id")
"""The office that a notice is about, on whosever desk its task lies."""


ENDED = sa.func.coalesce(N.ended_on, T.ended_on)
"""The day on which what a notice is about ended, or its task did."""


NOTICE = (
    N.id,
    N.task_id,
    N.point,
    N.urgency,
    N.fired_on,
    N.due_on,
    T.kind,
    WHOSE,
    ENDED.label("ended_on"),
    T.role,
    T.recommendation_id,
    R.reference.label("recommendation_reference"),
    N.assignment_id,
    A.reference.label("assignment_reference"),
    N.commitment_id,
    M.reference.label("commitment_reference"),
    *labelled(P, "proposal", short_forms.PROPOSAL),
    VERSION,
)


ORDERS = by_number(N.id, "id")


def inbox(
    actor: Actor, desk: str, office: int, publications: set[str], waiting: bool | None
) -> sa.Select:
    """Return the SELECT of the notices of a desk; *waiting*: whether their causes still hold.

    An office that lost an internal proposal goes on reading of what it promised about it, no more.
    """
    own = sa.and_(M.office_id == actor.office_id, P.publication == Publication.INTERNAL)
    again = visible(sa.select(AGAIN.reference).where(AGAIN.id == N.about_id), actor, AGAIN)
    raised_in = again.correlate(N.id.table).scalar_subquery().label("raised_in")
    statement = (
        sa.select(*NOTICE, raised_in)
        .join(T.id.table, T.id == N.task_id)
        .join(P.id.table, P.id == T.proposal_id)
        .outerjoin(A.id.table, A.id == N.assignment_id)
        .outerjoin(M.id.table, M.id == N.commitment_id)
        .outerjoin(R.id.table, R.id == T.recommendation_id)
        .where(N.desk == desk, N.office_id == office, T.publication.in_(sorted(publications)))
        .where(sa.or_(sa.and_(sa.true(), *seen_by(actor, Proposal)), own))
    )
    if waiting is None:
        return statement
    return statement.where(ENDED.is_(None) if waiting else ENDED.is_not(None))
