"""Sealing personal values, and erasing them without touching the chain of events."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.rules.chain import seal_of
from app.models import SealedValue


def seal(session: Session, subject_type: str, subject_id: int, value: str) -> SealedValue:
    """Keep *value* under a new salt and return the row, whose key is the seal."""
    salt = secrets.token_hex(32)
    kept = SealedValue(
        seal=seal_of(salt, value),
        salt=salt,
        value=value,
        subject_type=subject_type,
        subject_id=subject_id,
    )
    session.add(kept)
    return kept


def sealed(mark: str | None) -> dict[str, str] | None:
    """Return how an event shows a value by its seal."""
    return None if mark is None else {"sealed": mark}


def erase(session: Session, subject_type: str, subject_id: int, at: datetime) -> int:
    """Take salt and value from everything sealed of a subject; return how many there were.

    *at* is the moment of the event that tells it.
    """
    found = session.scalars(
        select(SealedValue).where(
            SealedValue.subject_type == subject_type,
            SealedValue.subject_id == subject_id,
            SealedValue.salt.is_not(None),
        )
    ).all()
    for value in found:
        value.salt = value.value = None
        value.erased_at = at
    return len(found)
