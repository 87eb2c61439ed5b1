"""Whether sealed values are those that events stand for, and belong to whom they name."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries.verify_chain import DONE
from app.audit.rules import chain
from app.audit.rules.chain import ERASED
from app.models import Event, Person, Principal, SealedValue

SEAL_LENGTH = 64


def false_seals(session: Session) -> Iterator[str]:
    """Yield a sentence for each sealed value that was altered, lost, or erased without an event."""
    rows = session.execute(sa.select(SealedValue.seal, SealedValue.salt, SealedValue.value))
    yield from chain.false_seals([dict(row._mapping) for row in rows])
    for column in (Event.actor_seal, Principal.name_seal, Person.contact_seal):
        known = sa.exists().where(SealedValue.seal == column)
        lost = sa.select(column).where(column.is_not(None), column != "", ~known).distinct()
        for mark in session.scalars(lost):
            yield f"seal {str(mark)[:16]}…: what it stands for is missing"
    yield from false_names(session)
    yield from stray_seals(session)
    columns = (SealedValue.subject_type, SealedValue.subject_id, SealedValue.erased_at)
    erased = sa.select(*columns).where(SealedValue.salt.is_(None)).distinct()
    for kind, number, at in session.execute(erased):
        told_at = sa.select(Event.at).where(
            Event.record_type == kind,
            Event.record_id == number,
            Event.outcome == DONE,
            Event.operation == f"{kind}.erased",
        )
        if at not in session.scalars(told_at).all():
            yield f"{kind} {number}: values were erased without an event"


def false_names(session: Session) -> Iterator[str]:
    """Yield a sentence for each account whose name is not the one that was sealed.

    An erased account has neither a name nor a subject.
    """
    S, P = SealedValue, Principal
    statement = sa.select(P.id).join(S, S.seal == P.name_seal)
    erased = sa.and_(S.salt.is_(None), sa.or_(P.name != ERASED, P.subject.is_not(None)))
    changed = sa.or_(erased, sa.and_(S.salt.is_not(None), S.value != P.name))
    for number in session.scalars(statement.where(changed)):
        yield f"principal {number}: its name is not the one that was sealed"


def stray_seals(session: Session) -> Iterator[str]:
    """Yield a sentence for each sealed value that does not belong to whom it names.

    An account has the one seal of its name; the seals of a person stand in the person's events.
    """
    S, E = SealedValue, Event
    named = sa.exists().where(Principal.id == S.subject_id, Principal.name_seal == S.seal)
    recorded = sa.exists().where(
        E.record_type == "person", E.record_id == S.subject_id, E.changes.contains(S.seal)
    )
    whole = sa.func.length(S.seal) == SEAL_LENGTH
    owned = sa.or_(
        sa.and_(S.subject_type == "principal", named), sa.and_(S.subject_type == "person", recorded)
    )
    for mark in session.scalars(sa.select(S.seal).where(~sa.and_(whole, owned))):
        yield f"seal {mark[:16]}…: it belongs to nobody that it names"
    yield from lost_contacts(session)
    gone = S.salt.is_(None)
    torn = sa.or_(gone != S.erased_at.is_not(None), gone != S.value.is_(None))
    half = sa.select(S.seal).where(torn)
    for mark in session.scalars(half):
        yield f"seal {mark[:16]}…: erased in part"


def lost_contacts(session: Session) -> Iterator[str]:
    """Yield a sentence for each seal that a person's events name and that nothing stands under."""
    rows = sa.select(Event.changes).where(
        Event.record_type == "person", Event.changes.contains('"sealed":')
    )
    named: set[str] = set()
    for changes in session.scalars(rows):
        named |= {contact["sealed"] for contact in json.loads(changes)["contact"] if contact}
    known = set(session.scalars(sa.select(SealedValue.seal)))
    for mark in sorted(named - known):
        yield f"seal {mark[:16]}…: what it stands for is missing"
