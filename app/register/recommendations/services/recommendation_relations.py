"""How recommendations relate to each other, and what supersedes what."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.audit.services.recorder import next_sequence, record_event
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


def begin_relation(
    session: Session,
    actor: Actor,
    record: Recommendation,
    kind: LineageKind,
    other: Recommendation,
    note: str,
) -> bool:
    """Let *record* stand in relation to *other*, as someone says; return whether that is new."""
    found = session.get(Lineage, (record.id, kind, other.id))
    if found is not None and found.withdrawn_sequence is None:
        return False
    link(session, record, kind, other, next_sequence(session))
    record_relation(session, actor, record, (None, f"{kind} {other.reference}"), note)
    return True


def end_relation(session: Session, actor: Actor, relation: Lineage, note: str) -> None:
    """Let a standing *relation* be over."""
    record = session.get_one(Recommendation, relation.recommendation_id)
    other = session.get_one(Recommendation, relation.other_id)
    relation.withdrawn_sequence = next_sequence(session)
    record_relation(session, actor, record, (f"{relation.kind} {other.reference}", None), note)


def record_relation(
    session: Session, actor: Actor, record: Recommendation, change: Pair, note: str
) -> None:
    """Write into the history of *record* a relation that began, or is over."""
    session.flush()
    record_event(session, actor, record, "recommendation.related", {"relation": change}, note=note)
    session.flush()


def end_replacement(session: Session, actor: Actor, record: Recommendation, note: str) -> None:
    """Let nothing carry *record* on any more: what it was joined to, and what took its place."""
    joined = (Lineage.recommendation_id == record.id, Lineage.kind == LineageKind.MERGED_INTO)
    placed = (Lineage.other_id == record.id, Lineage.kind == LineageKind.SUPERSEDES)
    rows = select(Lineage).where(
        or_(and_(*joined), and_(*placed)), Lineage.withdrawn_sequence.is_(None)
    )
    for relation in session.scalars(rows).all():
        end_relation(session, actor, relation, note)
