"""How proposals are marked: what stands now, and what stood at a past moment."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.withheld import shown_to
from app.core.codes import MarkKind, WithheldKind
from app.core.queries.filters import among
from app.core.rules.permissions import Actor
from app.core.types import Condition, Row
from app.models import ProposalMark

M = ProposalMark
STANDING = M.ended_on.is_(None)


def marked(kinds: Sequence[MarkKind]) -> sa.Select:
    """Return the SELECT of the proposals that have one of the marks *kinds*."""
    return sa.select(M.proposal_id).where(among(M.kind)(kinds), STANDING)


def standing_mark(session: Session, proposal_id: int, kind: MarkKind) -> ProposalMark | None:
    """Return the mark of *kind* that a proposal has, or None."""
    own = sa.select(M).where(M.proposal_id == proposal_id, M.kind == kind, STANDING)
    return session.scalar(own)


def marks_of(session: Session, actor: Actor, proposal_ids: Sequence[int]) -> dict[int, list[Row]]:
    """Return the marks that each proposal has, in the order in which they were entered."""
    return marks(session, actor, proposal_ids, STANDING)


def marks_at(session: Session, actor: Actor, proposal_id: int, sequence: int) -> list[Row]:
    """Return the marks that a proposal had after the event *sequence*."""
    not_ended = sa.or_(M.ended_in.is_(None), M.ended_in > sequence)
    then = sa.and_(M.sequence <= sequence, not_ended)
    return marks(session, actor, [proposal_id], then)[proposal_id]


def marks(
    session: Session, actor: Actor, proposal_ids: Sequence[int], condition: Condition
) -> dict[int, list[Row]]:
    """Return the marks of each proposal that meet *condition*.

    Their words are left out where they are withheld from *actor* in the history.
    """
    is_shown = shown_to(actor, WithheldKind.NOTE, M.sequence)
    columns = (
        M.proposal_id,
        sa.type_coerce(M.kind, sa.String).label("kind"),
        M.on.label("on"),
        M.giver_id,
        sa.case((is_shown, M.paper)).label("paper"),
        sa.case((is_shown, M.note)).label("note"),
    )
    rows = sa.select(*columns).where(M.proposal_id.in_(proposal_ids), condition).order_by(M.id)
    found: dict[int, list[Row]] = {number: [] for number in proposal_ids}
    for row in session.execute(rows):
        found[row.proposal_id].append(row)
    return found
