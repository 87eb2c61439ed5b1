"""Beginning, keeping alive and ending sessions of the pages."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import SignIn

FORGOTTEN = timedelta(days=30)
"""So long after it began a session is forgotten: it is no record."""

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
    """Begin a session of a principal that signed in with a secret, or by the provider (None).

    Those that began thirty days ago go.
    """
    session.execute(sa.delete(SignIn).where(SignIn.began_at < now - FORGOTTEN))
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


def end_sign_in(
    session: Session, sign_in_id: int, now: datetime, principal_id: int | None = None
) -> None:
    """End one session; nothing happens where a *principal_id* is named and it is of another."""
    own = sa.update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    if principal_id is not None:
        own = own.where(SignIn.principal_id == principal_id)
    session.execute(own.values(ended_at=now))


def end_sign_ins(
    session: Session, principal_id: int, now: datetime, but: int | None = None
) -> None:
    """End every session of a principal, in whatever browser, but one where it is named."""
    own = sa.update(SignIn).where(SignIn.principal_id == principal_id, SignIn.ended_at.is_(None))
    if but is not None:
        own = own.where(SignIn.id != but)
    session.execute(own.values(ended_at=now))


def go_on_with(session: Session, sign_in_id: int, secret_id: int) -> None:
    """Let a session go on with another secret of the same key, so that the first may end."""
    own = sa.update(SignIn).where(SignIn.id == sign_in_id)
    session.execute(own.values(secret_id=secret_id))
