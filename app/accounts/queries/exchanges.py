"""Exchange codes by their halves, and whether they are still good."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.types import Row
from app.models import AccessKey, Approval, Exchange, KeySecret, Principal

PATIENCE = timedelta(hours=72)
"""How long a code is good after the approval."""


def code_of(session: Session, marks: Collection[str]) -> Row | None:
    """Return the key whose code has halves with these *marks*, in either order, or None.

    It says what decides whether the code is still good: see is_open.
    """
    E, K = Exchange, AccessKey
    used = sa.exists().where(KeySecret.key_id == K.id).label("used")
    statement = (
        sa.select(
            K.id.label("key_id"),
            K.public_id,
            K.networks,
            K.expires_at,
            K.revoked_at,
            used,
            E.approval_id,
            Approval.decided_at,
            Principal.disabled_at,
        )
        .join_from(E, K, K.exchange_id == E.id)
        .join(Principal, Principal.id == K.principal_id)
        .join(Approval, Approval.id == E.approval_id)
        .where(E.asked_sha256.in_(marks), E.approved_sha256.in_(marks))
    )
    return session.execute(statement).one_or_none()


def is_open(code: Any, now: datetime) -> bool:
    """Return whether *code* can be exchanged at the moment *now*.

    Not once the key has had a secret, however it came by it; not for a key that has ended, nor
    for an account that comes in no more.
    """
    ended = code.used or code.revoked_at is not None or code.disabled_at is not None
    fresh = code.decided_at + PATIENCE > now and code.expires_at > now
    return fresh and not ended
