"""Promises with what hangs on them, and who may see them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.withheld import marked, shown_to
from app.audit.queries.events import done_to
from app.core.base import columns_of
from app.core.codes import RemarkKind, WithheldKind
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_number
from app.core.queries.rows import View, labelled
from app.core.rules.permissions import Actor
from app.core.types import Conditions, Given, Row
from app.handling.replies.queries import with_enterers, with_proposers
from app.models import (
    Commitment,
    Event,
    Milestone,
    Proposal,
    Recommendation,
    RecommendationTag,
    Remark,
    Task,
)
from app.register.files.queries.evidence import with_seen
from app.register.periods.queries.standing import (
    as_then,
    conditions_then,
    shown_as,
    state_then,
)
from app.register.proposals.queries import short_forms
from app.register.proposals.queries.handling_visibility import commitments_seen, takes_part
from app.register.recommendations.queries import lateness

ABOUT = labelled(Recommendation, "recommendation", short_forms.RECOMMENDATION)


DUE = lateness.whole(Commitment)
"""Who sees a promise sees when it is next due."""

BY_PROMISE = lateness.by_day(lateness.last(Commitment.promised_on), Commitment.id, "promised_on")
ORDERS = lateness.orders(DUE, Commitment) | {"promised_on": BY_PROMISE}

CONDITIONS: Conditions = {
    "state": among(Commitment.state),
    "strength": among(Commitment.strength),
    "office_id": among(Commitment.office_id),
    "proposal_id": among(Commitment.proposal_id),
    "case_no": lambda value: Commitment.proposal_id.in_(
        sa.select(Proposal.id).where(among(Proposal.case_key)(value))
    ),
    "recommendation_id": among(Commitment.recommendation_id),
    "reference": among(Commitment.reference),
    "tag_id": lambda value: Commitment.recommendation_id.in_(
        sa.select(RecommendationTag.recommendation_id).where(among(RecommendationTag.tag_id)(value))
    ),
    "updated_since": lambda value: Commitment.updated_at >= value,
    "promised_before": lambda value: Commitment.promised_on < value,
    "promised_after": lambda value: Commitment.promised_on > value,
    "counted": lambda conditions: sa.and_(*conditions),
    **conditions_then("commitment", "state", Commitment.id),
}
"""Filter → the condition on a promise, given its value."""


STATE_THEN = state_then("commitment", "state", Commitment.id)
UNTOLD = frozenset({"due_after", "due_before", "overdue", "promised_after", "promised_before"})
"""Filters on what no period keeps."""


def listed(actor: Actor, filters: Given) -> sa.Select:
    """Return the SELECT of the promises that *filters* name."""
    own = [name for name in columns_of(Commitment) if name != "recommendation_id"]
    columns = [getattr(Commitment, name) for name in own]
    shown = shown_as(columns, filters, state=STATE_THEN)
    statement = commitments_seen((*shown, *ABOUT, VERSION), actor)
    return statement.where(
        *asked(CONDITIONS, as_then(filters, state="state_then", office_id="office_then")),
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


def by_reference(session: Session, actor: Actor, reference: str) -> Commitment | None:
    """Return the promise with this reference when *actor* may see it."""
    own = commitments_seen((Commitment,), actor).where(Commitment.reference == reference)
    return session.scalar(own)


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
    steps = session.scalars(milestones(actor, commitment_id).order_by(Milestone.number))
    inside = takes_part(session, actor, row.proposal_id)
    said = session.execute(remarks(actor, commitment_id, inside).order_by(Remark.id))
    return View.of(
        row,
        tasks=list(session.scalars(waiting)),
        milestones=shown_milestones(session, actor, steps.all()),
        remarks=shown_remarks(session, actor, said.all(), inside),
    )


MILESTONE_ORDERS = by_number(Milestone.number, "number")
REMARK_ORDERS = by_number(Remark.id, "id")


def milestones(actor: Actor, commitment_id: int) -> sa.Select:
    """Return the SELECT of the milestones of a promise that *actor* may see."""
    own = sa.select(Milestone).where(Milestone.commitment_id == commitment_id)
    return own.where(shown_to(actor, WithheldKind.MILESTONE, Milestone.id))


def shown_milestones(session: Session, actor: Actor, rows: Sequence[Milestone]) -> list[View]:
    """Return *rows* of milestones() as *actor* may see them, and how each is withheld."""
    return marked(session, actor, WithheldKind.MILESTONE, with_seen(session, actor, rows))


def added_in(session: Session, milestone: Milestone) -> int | None:
    """Return the sequence of the event that told of *milestone*."""
    named = Event.changes.contains(f'"milestone":[null,{milestone.number}]', autoescape=True)
    rows = sa.select(sa.func.min(Event.sequence)).where(
        *done_to("commitment", milestone.commitment_id), named
    )
    return session.scalar(rows)


def remarks(actor: Actor, commitment_id: int, with_ratings: bool) -> sa.Select:
    """Return the SELECT of what was said of a promise, *with_ratings* or without them."""
    statement = with_enterers(Remark).where(Remark.commitment_id == commitment_id)
    statement = statement.where(shown_to(actor, WithheldKind.REMARK, Remark.id))
    return statement if with_ratings else statement.where(Remark.kind != RemarkKind.RATING)


def shown_remarks(session: Session, actor: Actor, rows: Sequence[Row], inside: bool) -> list[View]:
    """Return rows of remarks() as *actor* may see them; who entered them is told *inside*.

    Evidence that is a file which *actor* may not see is left out.
    """
    shown = with_seen(session, actor, with_proposers(session, rows))
    shown = marked(session, actor, WithheldKind.REMARK, shown)
    return shown if inside else [remark.having(entered_by=None) for remark in shown]
