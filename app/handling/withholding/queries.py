"""What is withheld, as those who may know of it see it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import visible
from app.audit.queries.events import SHOWN_NAME
from app.core.codes import Outcome
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_change
from app.core.queries.rows import View
from app.core.rules.permissions import Actor, Permission
from app.core.types import Condition, Conditions, Given, Row
from app.models import Event, Proposal, Recommendation, SealedValue, Withholding

W = Withholding
ORDERS = by_change(W)
COLUMNS = (
    W.id,
    sa.type_coerce(W.kind, sa.String).label("kind"),
    W.target_id,
    W.office_id,
    W.reason,
    W.released_at,
    W.release_reason,
    W.version,
    W.created_at,
    W.updated_at,
    Proposal.reference.label("proposal"),
    Recommendation.reference.label("recommendation"),
    SHOWN_NAME.label("withheld_by"),
    VERSION,
)
CONDITIONS: Conditions = {
    "kind": among(W.kind),
    "office_id": among(W.office_id),
    "proposal_id": among(W.proposal_id),
    "is_released": lambda value: W.released_at.is_not(None) if value else W.released_at.is_(None),
    "updated_since": lambda value: W.updated_at >= value,
}
"""Filter → the condition on a withholding, given its value."""


def known(actor: Actor, columns: Sequence[Any]) -> sa.Select:
    """Return the SELECT of *columns* of what is withheld and *actor* is told of.

    Of its own that is what an office wrote; the staff are told of all on proposals they see.
    """
    statement = (
        sa.select(*columns)
        .select_from(W)
        .join(Proposal, Proposal.id == W.proposal_id)
        .outerjoin(Recommendation, Recommendation.id == W.recommendation_id)
        .join(Event, Event.sequence == W.sequence)
        .outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)
    )
    return visible(statement, actor, Proposal).where(told_of(actor))


def told_of(actor: Actor) -> Condition:
    """Return the condition on a withholding that *actor* is of the staff, or of its office."""
    if actor.may(Permission.SEE_INTERNAL):
        return sa.true()
    return sa.false() if actor.office_id is None else W.office_id == actor.office_id


def listed(actor: Actor, filters: Given) -> sa.Select:
    """Return the SELECT of the withholdings that *filters* name."""
    return known(actor, COLUMNS).where(*asked(CONDITIONS, filters))


def record(session: Session, actor: Actor, withholding_id: int) -> Withholding | None:
    """Return the record itself, for a change, when *actor* is told of it."""
    return session.scalar(known(actor, (W,)).where(W.id == withholding_id))


def one(session: Session, actor: Actor, withholding_id: int) -> View | None:
    """Return one withholding as the API shows it, or None."""
    row = session.execute(listed(actor, {}).where(W.id == withholding_id)).one_or_none()
    return None if row is None else shown(session, [row])[0]


def shown(session: Session, rows: Sequence[Row]) -> list[View]:
    """Return *rows* of listed() with who released each: None, nobody did."""
    statement = (
        sa.select(Event.record_id, SHOWN_NAME.label("name"))
        .outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)
        .where(
            Event.record_type == "withholding",
            Event.record_id.in_([row.id for row in rows]),
            Event.operation == "withholding.released",
            Event.outcome == Outcome.DONE,
        )
    )
    names = {row.record_id: row.name for row in session.execute(statement)}
    return [View.of(row, released_by=names.get(row.id)) for row in rows]
