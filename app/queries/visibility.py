"""What an actor may see: the same predicate for lists, details, figures and writes.

Published records are everyone's, internal ones also of the offices that handle them, watch over
them or owe something, and of the register's staff, restricted ones of registrars and auditors.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session

from app.models import (
    Assignment,
    Commitment,
    Document,
    Proposal,
    Recommendation,
    RecommendationOffice,
)
from app.rules.commitments import RUNNING
from app.rules.permissions import HELD, Actor, Permission
from app.rules.vocabularies import AssignmentState, Publication

R = Recommendation.metadata.tables["recommendations"].alias("handled")
J = RecommendationOffice.metadata.tables["recommendation_offices"].c
M = Proposal.metadata.tables["proposals"].alias("merged")
A = Assignment.metadata.tables["assignments"].alias("given").c
W = Proposal.metadata.tables["proposals"].alias("watched")
C = Commitment.metadata.tables["commitments"].c
INTERNAL = Publication.INTERNAL.value
LOST = [AssignmentState.RETURNED.value, AssignmentState.WITHDRAWN.value]
"""States in which an office does not have what it was given any more."""


class View(NamedTuple):
    """What an actor sees: records of every one of *whole*, and with *own* internal ones handled."""

    whole: frozenset[str]
    own: bool

    @property
    def everything(self) -> bool:
        """Return whether nothing is hidden."""
        return self.whole == frozenset(Publication)


def view_of(actor: Actor) -> View:
    """Return what *actor* sees."""
    whole = {Publication.PUBLISHED.value}
    if actor.may(Permission.SEE_INTERNAL):
        whole.add(INTERNAL)
    if actor.may(Permission.SEE_RESTRICTED):
        whole.add(Publication.RESTRICTED.value)
    own = actor.may(Permission.SEE_HANDLED) and actor.office_id is not None
    return View(frozenset(whole), own and INTERNAL not in whole)


def handles(office: Any) -> Any:
    """Return the condition on ``handled`` that an office leads it, joins it, or was given it."""
    leads = sa.and_(R.c.lead_office_id == office, R.c.lead_status.in_([str(s) for s in HELD]))
    joins = sa.exists().where(
        J.recommendation_id == R.c.id, J.office_id == office, J.withdrawn_at.is_(None)
    )
    return sa.or_(leads, joins, given_to(R.c.proposal_id, office))


def given_to(proposal: Any, office: Any) -> Any:
    """Return the condition that an office was given *proposal*, and neither returned nor lost it.

    What it answered goes on being its own, and what was merged into it belongs to it.
    """
    merged = sa.select(M.c.merged_into_id).where(M.c.id == proposal)
    into = merged.correlate_except(M).scalar_subquery()
    own = sa.or_(A.proposal_id == proposal, A.proposal_id == into)
    return sa.exists().where(own, A.office_id == office, A.state.not_in(LOST))


def given(office: Any) -> sa.Select:
    """Return the SELECT of the proposals that an office was given, and has not lost."""
    return sa.select(A.proposal_id).where(A.office_id == office, A.state.not_in(LOST))


def given_proposals(office: Any) -> sa.CompoundSelect:
    """Return the SELECT of all proposals for which given_to() holds: with what was merged in."""
    merged = sa.select(M.c.id).where(M.c.merged_into_id.in_(given(office)))
    return given(office).union(merged)


def concerns(office: Any) -> Any:
    """Return the condition on ``handled`` that an office handles it, or has to do with it.

    So has the office that was named to watch over the proposal, and one that still owes what it
    promised about it.
    """
    watches = sa.exists().where(W.c.id == R.c.proposal_id, W.c.supervisor_id == office)
    return sa.or_(handles(office), watches, owes(R.c.proposal_id, office))


def owes(proposal: Any, office: Any) -> Any:
    """Return the condition that an office still owes what it promised about *proposal*."""
    open_ones = sorted(map(str, RUNNING))
    return sa.exists().where(
        C.proposal_id == proposal, C.office_id == office, C.state.in_(open_ones)
    )


VIEWER = sa.bindparam("viewer_office", type_=sa.BigInteger)
"""The viewer's office in a statement that is built once for each view."""


def seen(view: View, publication: Any, owner: Any, office: Any = VIEWER) -> list[Any]:
    """Return the conditions under which *view* shows a row with *publication*.

    *owner* joins the row to the recommendations ``handled``: ``R.c.id == row's id``, say.
    """
    if view.everything:
        return []
    shown = [publication == code for code in sorted(view.whole)]
    if view.own:
        handled = sa.exists().where(owner, concerns(office))
        shown.append(sa.and_(publication == INTERNAL, handled))
    return [sa.or_(*shown)]


def owner_of(model: Any, id_column: Any) -> Any:
    """Return how a row of *model* joins the recommendations that are handled."""
    return (R.c.proposal_id if model is Proposal else R.c.id) == id_column


def visible(statement: sa.Select, actor: Actor, model: Any) -> sa.Select:
    """Leave in *statement* only the rows of *model* (or an alias of it) that *actor* may see."""
    return statement.where(*seen_by(actor, model))


def seen_by(actor: Actor, model: Any) -> list[Any]:
    """Return the conditions under which *actor* may see a row of *model* (or an alias of it)."""
    mapper: Mapper[Any] = sa.inspect(model).mapper
    owner = owner_of(mapper.class_, model.id)
    return seen(view_of(actor), model.publication, owner, actor.office_id)


def visible_texts(statement: sa.Select, actor: Actor) -> sa.Select:
    """Leave in *statement* only documents that *actor* may see: published ones, and its drafts."""
    publication = sa.func.coalesce(Document.publication, Publication.PUBLISHED.value)
    own = sa.select(Proposal.id).where(Proposal.document_id == Document.id)
    owner = R.c.proposal_id.in_(own.correlate(Document))
    return statement.where(*seen(view_of(actor), publication, owner, actor.office_id))


def handles_now(session: Session, actor: Actor, recommendation_id: int) -> bool:
    """Return whether the office of *actor* handles a recommendation, or has to do with it."""
    statement = sa.select(R.c.id).where(R.c.id == recommendation_id, concerns(actor.office_id))
    return session.scalar(statement) is not None


def visible_handled(statement: sa.Select, actor: Actor) -> sa.Select:
    """Leave in *statement* only proposals that the office of *actor* handles."""
    owner = owner_of(Proposal, Proposal.id)
    return statement.where(sa.exists().where(owner, handles(actor.office_id)))
