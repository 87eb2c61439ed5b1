"""How recommendations relate to each other, and what supersedes what."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.services.recorder import record_event
from app.core.codes import LineageKind
from app.core.rules.permissions import Actor
from app.core.types import Pair
from app.models import Lineage, Recommendation


def link(
    session: Session,
    recommendation: Recommendation,
    kind: LineageKind,
    other: Recommendation,
    sequence: int,
) -> None:
    """Note from the event *sequence* on that *recommendation* stands in relation to *other*."""
    found = session.get(Lineage, (recommendation.id, kind, other.id))
    if found is None:
        found = Lineage(recommendation_id=recommendation.id, kind=kind, other_id=other.id)
        session.add(found)
    elif found.withdrawn_sequence is None:
        return
    found.sequence, found.withdrawn_sequence = sequence, None


def begin_succession(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    successor: Recommendation,
    sequence: int,
) -> None:
    """Note on both sides that *successor* supersedes *recommendation*."""
    link(session, successor, LineageKind.SUPERSEDES, recommendation, sequence)
    record_successor(session, actor, successor, (None, recommendation.reference))


def end_succession(
    session: Session, actor: Actor, recommendation: Recommendation, sequence: int
) -> None:
    """Note on both sides that nothing supersedes *recommendation* any more."""
    standing = select(Lineage).where(
        Lineage.other_id == recommendation.id,
        Lineage.kind == LineageKind.SUPERSEDES,
        Lineage.withdrawn_sequence.is_(None),
    )
    for found in session.scalars(standing).all():
        found.withdrawn_sequence = sequence
        successor = session.get_one(Recommendation, found.recommendation_id)
        record_successor(session, actor, successor, (recommendation.reference, None))


def record_successor(
    session: Session, actor: Actor, successor: Recommendation, change: Pair
) -> None:
    """Write into the history of *successor* what it supersedes, or no longer does."""
    record_event(
        session,
        actor,
        successor,
        "recommendation.related",
        {"supersedes": change},
    )
