"""Which assignments and promises an actor may see, and whose handling it takes part in."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import withheld
from app.accounts.queries.visibility import (
    INTERNAL,
    VIEWER,
    ActorView,
    Office,
    given_to,
    own_to,
    seen_by,
    shown_to,
    view_of,
    visible,
)
from app.accounts.queries.withheld import shown_in
from app.core.codes import Publication, WithheldKind
from app.core.rules.permissions import Actor, Permission
from app.models import Assignment, Commitment, Proposal, Recommendation, Reply, ReplyPoint

SENT_BY = sa.func.coalesce(Reply.office_id, Assignment.office_id)
"""The office that answered: of what passed to another since, the one that sent it."""


def assignments_seen(actor: Actor, columns: Sequence[Any] = (Assignment,)) -> sa.Select:
    """Return the SELECT of the assignments whose proposal, and recommendation, *actor* may see.

    What was merged into a proposal can be less public than that. *columns* may be of all three.
    """
    statement = (
        sa.select(*columns)
        .select_from(Assignment)
        .join(Proposal, Proposal.id == Assignment.proposal_id)
        .outerjoin(Recommendation, Recommendation.id == Assignment.recommendation_id)
    )
    whole = Assignment.recommendation_id.is_(None)
    part = sa.and_(sa.true(), *seen_by(actor, Recommendation))
    return visible(statement, actor, Proposal).where(sa.or_(whole, part))


def commitments_seen(columns: Sequence[Any], actor: Actor) -> sa.Select:
    """Return the SELECT of *columns* of the promises that *actor* may see.

    A promise is public with the reply it was made in; before that it is for those who handle
    the proposal, and for the staff. The office that promised sees it even when it no longer has
    the proposal: it goes on owing what it promised. Where the reply is withheld, the promise is.
    """
    return promises_shown(sa.select(*columns), view_of(actor), actor.office_id)


def promises_shown(rows: sa.Select, view: ActorView, office: Office = VIEWER) -> sa.Select:
    """Return *rows*, columns of promises, of those that *view* shows whoever is of *office*."""
    statement = (
        rows.join(Recommendation, Recommendation.id == Commitment.recommendation_id)
        .join(Proposal, Proposal.id == Commitment.proposal_id)
        .join(ReplyPoint, ReplyPoint.id == Commitment.point_id)
        .join(Reply, Reply.id == ReplyPoint.reply_id)
    )
    seen = shown_to(view, Proposal.publication, own_to(office, Proposal))
    if INTERNAL in view.whole:
        return statement.where(*seen)
    published = Reply.published_on.is_not(None)
    shown = sa.and_(sa.true(), *shown_in(view, WithheldKind.REPLY, Reply.id, office))
    if not view.own:
        return statement.where(*seen, published, shown)
    handled = sa.and_(sa.or_(published, given_to(Commitment.proposal_id, office)), shown)
    own = sa.and_(Commitment.office_id == office, Proposal.publication != Publication.RESTRICTED)
    return statement.where(sa.or_(own, sa.and_(handled, *seen)))


def replies_seen(actor: Actor, columns: Sequence[Any] = (Reply,)) -> sa.Select:
    """Return the SELECT of the versions of replies that *actor* may see.

    One that is not published is for those who handle the proposal, and for the staff; one that is
    withheld for its own office, and for the staff. *columns* may be of the assignment and of its
    proposal as well.
    """
    statement = assignments_seen(actor, columns).join(Reply, Reply.assignment_id == Assignment.id)
    if actor.may(Permission.SEE_INTERNAL):
        return statement
    statement = statement.where(withheld.shown_to(actor, WithheldKind.REPLY, Reply.id))
    published, office = Reply.published_on.is_not(None), actor.office_id
    if office is None or not actor.may(Permission.SEE_HANDLED):
        return statement.where(published)
    return statement.where(sa.or_(published, given_to(Assignment.proposal_id, office)))


def takes_part(session: Session, actor: Actor, proposal_id: int) -> bool:
    """Return whether *actor* may read what is not published of the handling of a proposal."""
    if actor.may(Permission.SEE_INTERNAL):
        return True
    if actor.office_id is None or not actor.may(Permission.SEE_HANDLED):
        return False
    given: sa.ColumnElement[Any] = given_to(sa.literal(proposal_id, sa.BigInteger), actor.office_id)
    return session.scalar(sa.select(given)) is True
