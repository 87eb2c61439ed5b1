"""Beginning, keeping alive and ending sessions of the pages."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import SignIn

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a session was last seen: not every page costs a write."""


def new_token() -> str:
    """Return a new token: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin_sign_in(
    session: Session, principal_id: int, secret_id: int | None, token: str, now: datetime
) -> None:
    """Begin a session of a principal that signed in with a secret, or by the provider (None)."""
    session.add(
        SignIn(
            token_sha256=token_hash(token),
            principal_id=principal_id,
            secret_id=secret_id,
            began_at=now,
            seen_at=now,
        )
    )
    session.flush()


def see_again(session: Session, sign_in_id: int, now: datetime) -> None:
    """Note that a session was seen at the moment *now*."""
    session.execute(sa.update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def end_sign_in(session: Session, sign_in_id: int, now: datetime) -> None:
    """End one session."""
    own = sa.update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    session.execute(own.values(ended_at=now))


def end_sign_ins(session: Session, principal_id: int, now: datetime) -> None:
    """End every session of a principal, in whatever browser."""
    own = sa.update(SignIn).where(SignIn.principal_id == principal_id, SignIn.ended_at.is_(None))
    session.execute(own.values(ended_at=now))
