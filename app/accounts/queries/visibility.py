"""What an actor may see: the same predicate for lists, details, figures and writes.

Published records are everyone's, internal ones also of the offices that handle them, watch over
them or owe something, and of the register's staff, restricted ones of registrars and auditors.
"""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session

from app.core.codes import Publication
from app.core.rules.permissions import HELD, Actor, Permission
from app.core.rules.state_groups import GIVEN_BACK, RUNNING
from app.core.types import Condition, Expression
from app.models import (
    Assignment,
    Commitment,
    Document,
    Proposal,
    Recommendation,
    RecommendationOffice,
)

R = Recommendation.metadata.tables["recommendations"].alias("handled")
J = RecommendationOffice.metadata.tables["recommendation_offices"].c
M = Proposal.metadata.tables["proposals"].alias("merged")
A = Assignment.metadata.tables["assignments"].alias("given").c
W = Proposal.metadata.tables["proposals"].alias("watched")
D = Proposal.metadata.tables["proposals"].alias("drafted")
C = Commitment.metadata.tables["commitments"].alias("owed").c
INTERNAL = Publication.INTERNAL
LOST = list(GIVEN_BACK)


Office = int | None | sa.BindParameter[int]
"""The number of an office, or the parameter that stands for the viewer's."""


class ActorView(NamedTuple):
    """What an actor sees: records of every one of *whole*, and with *own* internal ones handled."""

    whole: frozenset[str]
    own: bool

    @property
    def everything(self) -> bool:
        """Return whether nothing is hidden."""
        return self.whole == frozenset(Publication)


def view_of(actor: Actor) -> ActorView:
    """Return what *actor* sees."""
    whole = {Publication.PUBLISHED}
    if actor.may(Permission.SEE_INTERNAL):
        whole.add(INTERNAL)
    if actor.may(Permission.SEE_RESTRICTED):
        whole.add(Publication.RESTRICTED)
    own = actor.may(Permission.SEE_HANDLED) and actor.office_id is not None
    return ActorView(frozenset(whole), own and INTERNAL not in whole)


def handles(office: Office) -> Condition:
    """Return the condition on ``handled`` that an office leads it, joins it, or was given it."""
    return sa.or_(has_part(office), given_to(R.c.proposal_id, office))


def has_part(office: Office) -> Condition:
    """Return the condition on ``handled`` that an office leads it or joins it."""
    leads = sa.and_(R.c.lead_office_id == office, R.c.lead_status.in_(HELD))
    joins = sa.exists().where(
        J.recommendation_id == R.c.id, J.office_id == office, J.withdrawn_at.is_(None)
    )
    return sa.or_(leads, joins)


def given_to(proposal: Expression | int, office: Office) -> Condition:
    """Return the condition that an office was given *proposal*, and neither returned nor lost it.

    What it answered goes on being its own, and what was merged into it belongs to it.
    """
    merged = sa.select(M.c.merged_into_id).where(M.c.id == proposal)
    into = merged.correlate_except(M).scalar_subquery()
    own = sa.or_(A.proposal_id == proposal, A.proposal_id == into)
    return sa.exists().where(own, A.office_id == office, A.state.not_in(LOST))


def given(office: Office) -> sa.Select:
    """Return the SELECT of the proposals that an office was given, and has not lost."""
    return sa.select(A.proposal_id).where(A.office_id == office, A.state.not_in(LOST))


def given_proposals(office: Office) -> sa.CompoundSelect:
    """Return the SELECT of all proposals for which given_to() holds: with what was merged in."""
    merged = sa.select(M.c.id).where(M.c.merged_into_id.in_(given(office)))
    return given(office).union(merged)


def concerns(office: Office) -> Condition:
    """Return the condition on ``handled`` that an office handles it, or has to do with it.

    So has the office that was named to watch over the proposal, and one that still owes what it
    promised about it.
    """
    return sa.or_(has_part(office), has_to_do_with(R.c.proposal_id, office))


def has_to_do_with(proposal: Expression, office: Office) -> Condition:
    """Return the condition that an office was given *proposal*, watches over it or owes for it."""
    watches = sa.exists().where(W.c.id == proposal, W.c.supervisor_id == office)
    return sa.or_(given_to(proposal, office), watches, owes(proposal, office))


def proposal_concerns(proposal: Expression, office: Office) -> Condition:
    """Return the condition that *proposal*, or a recommendation of it, concerns an office.

    It need not have a recommendation: whoever was given a proposal sees it.
    """
    part = sa.exists().where(R.c.proposal_id == proposal, has_part(office))
    return sa.or_(part, has_to_do_with(proposal, office))


def owes(proposal: Expression | int, office: Office) -> Condition:
    """Return the condition that an office still owes what it promised about *proposal*."""
    open_ones = sorted(RUNNING)
    return sa.exists().where(
        C.proposal_id == proposal, C.office_id == office, C.state.in_(open_ones)
    )


VIEWER = sa.bindparam("viewer_office", type_=sa.BigInteger)
"""The viewer's office in a statement that is built once for each view."""


def seen(
    view: ActorView, publication: Expression, owner: Condition, office: Office = VIEWER
) -> list[Condition]:
    """Return the conditions under which *view* shows a recommendation with *publication*.

    *owner* joins the row to the recommendations ``handled``: ``R.c.id == row's id``, say.
    """
    return shown_to(view, publication, sa.exists().where(owner, concerns(office)))


def shown_to(view: ActorView, publication: Expression, concerned: Condition) -> list[Condition]:
    """Return the conditions under which *view* shows a row: *concerned* says when it is its own."""
    if view.everything:
        return []
    shown = [publication == code for code in sorted(view.whole)]
    if view.own:
        shown.append(sa.and_(publication == INTERNAL, concerned))
    return [sa.or_(*shown)]


def visible(statement: sa.Select, actor: Actor, model: object) -> sa.Select:
    """Leave in *statement* only the rows of *model* (or an alias of it) that *actor* may see."""
    return statement.where(*seen_by(actor, model))


def seen_by(actor: Actor, model: Any) -> list[Condition]:
    """Return the conditions under which *actor* may see a row of *model* (or an alias of it)."""
    return shown_to(view_of(actor), model.publication, own_to(actor.office_id, model))


def own_to(office: Office, model: Any) -> Condition:
    """Return the condition that a row of *model* (or an alias of it) concerns an office."""
    mapper: Mapper[Any] = sa.inspect(model).mapper
    if mapper.class_ is Proposal:
        return proposal_concerns(model.id, office)
    return sa.exists().where(R.c.id == model.id, concerns(office))


def visible_texts(statement: sa.Select, actor: Actor) -> sa.Select:
    """Leave in *statement* only documents that *actor* may see: published ones, and its drafts."""
    publication = sa.func.coalesce(Document.publication, Publication.PUBLISHED)
    concerned = proposal_concerns(D.c.id, actor.office_id)
    own = sa.exists().where(D.c.document_id == Document.id, concerned)
    return statement.where(*shown_to(view_of(actor), publication, own))


def handled_now(session: Session, actor: Actor, model: Any, ids: Collection[int]) -> frozenset[int]:
    """Return those of the records *ids* of *model* that *actor* would see were they internal.

    They are those that the office of *actor* handles, or has to do with.
    """
    if not ids or not view_of(actor).own:
        return frozenset()
    rows = sa.select(model.id).where(model.id.in_(sorted(ids)), own_to(actor.office_id, model))
    return frozenset(session.scalars(rows))


def visible_handled(statement: sa.Select, actor: Actor) -> sa.Select:
    """Leave in *statement* only proposals that the office of *actor* handles."""
    part = sa.exists().where(R.c.proposal_id == Proposal.id, has_part(actor.office_id))
    return statement.where(sa.or_(part, given_to(Proposal.id, actor.office_id)))


def sees(view: ActorView, publication: str | None, handled: Callable[[], bool]) -> bool:
    """Return whether *view* shows what was done to a record while its *publication* was this.

    What was done while it was internal is for the offices that have to do with it (*handled*) and
    for the staff; what was done while it was restricted, for those who see it restricted.
    """
    if publication is None or publication in view.whole:
        return True
    return publication == Publication.INTERNAL and view.own and handled()
