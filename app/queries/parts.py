"""What hangs on a recommendation or a proposal: passages, reports, relations."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.models import Event, Lineage, Passage, ProgressReport, Recommendation, SealedValue
from app.queries.evidence import with_seen
from app.queries.history import SHOWN_NAME, sees
from app.queries.visibility import handled_now, view_of, visible
from app.rules.permissions import Actor
from app.rules.vocabularies import LineageKind

R = Recommendation


def next_number(session: Session, column: Any, owner: Any) -> int:
    """Return the number after the last one in *column*, among the rows that *owner* selects."""
    return 1 + (session.scalar(sa.select(sa.func.max(column)).where(owner)) or 0)


def passages(session: Session, **owner: int) -> list[sa.Row]:
    """Return the passages of a proposal or a recommendation, in reading order."""
    columns = (Passage.document_id, Passage.position, Passage.start, Passage.end, Passage.text)
    statement = sa.select(*columns).filter_by(**owner).where(Passage.withdrawn_at.is_(None))
    return list(session.execute(statement.order_by(Passage.position)))


def reports(
    session: Session,
    actor: Actor,
    recommendation_id: int,
    until: int | None,
    only: int | None = None,
) -> list[SimpleNamespace]:
    """Return the progress reports up to the event *until*, oldest first; or *only* one.

    One that was written while the recommendation was hidden from *actor* stays hidden, and so
    does evidence that is a file which *actor* may not see.
    """
    M = ProgressReport
    columns = (
        M.id, M.sequence, M.text, M.percent, M.evidence, M.office_id, M.reported_at,
        Event.publication,
        sa.case((M.reported_by != "", M.reported_by), else_=SHOWN_NAME).label("reported_by"),
    )  # fmt: skip
    statement = (
        sa.select(*columns)
        .join(Event, Event.sequence == M.sequence)
        .outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)
        .where(M.recommendation_id == recommendation_id)
    )
    if until is not None:
        statement = statement.where(M.sequence <= until)
    if only is not None:
        statement = statement.where(M.id == only)
    rows = session.execute(statement.order_by(M.sequence, M.id)).all()
    view = view_of(actor)

    @cache
    def handled() -> bool:
        return bool(handled_now(session, actor, R, [recommendation_id]))

    shown = [row for row in rows if sees(view, row.publication, handled)]
    return with_seen(session, actor, shown)


def curated_relations(session: Session, recommendation_id: int) -> list[str]:
    """Return how a recommendation relates to others, but for succession: kind and reference."""
    statement = (
        sa.select(Lineage.kind, R.reference)
        .join(R, R.id == Lineage.other_id)
        .where(
            Lineage.recommendation_id == recommendation_id,
            Lineage.kind != LineageKind.SUPERSEDES.value,
            Lineage.withdrawn_sequence.is_(None),
        )
    )
    return sorted(f"{kind} {reference}" for kind, reference in session.execute(statement))


def relations(
    session: Session, actor: Actor, recommendation_id: int, until: int | None
) -> list[sa.Row]:
    """Return the recommendations related to this one, those it points at first.

    With *until* they are those that were related after that event.
    """
    stands: Any = Lineage.withdrawn_sequence.is_(None)
    if until is not None:
        later = Lineage.withdrawn_sequence > until
        stands = sa.and_(Lineage.sequence <= until, sa.or_(stands, later))
    other = aliased(R)
    shown = (other.id, other.reference, other.summary_zh, other.progress)

    def side(own: Any, far: Any, outgoing: bool) -> sa.Select:
        statement = (
            sa.select(Lineage.kind, sa.literal(outgoing).label("outgoing"), *shown)
            .join(other, other.id == far)
            .where(own == recommendation_id, stands)
        )
        return visible(statement, actor, other)

    both = sa.union_all(
        side(Lineage.recommendation_id, Lineage.other_id, True),
        side(Lineage.other_id, Lineage.recommendation_id, False),
    ).subquery()
    order = (sa.desc(both.c.outgoing), both.c.id, both.c.kind)
    return list(session.execute(sa.select(both).order_by(*order)))
