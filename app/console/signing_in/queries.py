"""Who is signed in with a token, as they are now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.principals import holders, holding
from app.core.types import Row
from app.models import KeySecret, Principal, SignIn

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
"""After so long without a page, and so long after it began, a session has ended."""


def sign_in_of(session: Session, token_sha256: str) -> Row | None:
    """Return the session of a token, whether it has ended or not."""
    columns = (
        SignIn.id,
        SignIn.principal_id,
        SignIn.secret_id,
        SignIn.began_at,
        SignIn.seen_at,
        SignIn.ended_at,
    )
    statement = sa.select(*columns).where(SignIn.token_sha256 == token_sha256)
    return session.execute(statement).one_or_none()


def is_open(row: Row, now: datetime) -> bool:
    """Return whether the session *row* goes on at the moment *now*."""
    return row.ended_at is None and now - row.seen_at < IDLE and now - row.began_at < LONGEST


def person_of(session: Session, row: Row, now: datetime) -> Row | None:
    """Return the principal of the session *row*, with the key it began with, where both hold."""
    if row.secret_id is not None:
        statement = holding(now).where(KeySecret.id == row.secret_id)
    else:
        statement = holders().where(
            Principal.id == row.principal_id, Principal.disabled_at.is_(None)
        )
    return session.execute(statement).one_or_none()


def open_sign_ins(session: Session, principal_id: int, now: datetime) -> Sequence[Row]:
    """Return the sessions of a principal that go on, the newest first."""
    good = holding(now).with_only_columns(KeySecret.id).where(Principal.id == principal_id)
    statement = (
        sa.select(SignIn.id, SignIn.began_at, SignIn.seen_at)
        .where(
            SignIn.principal_id == principal_id,
            SignIn.ended_at.is_(None),
            sa.or_(SignIn.secret_id.is_(None), SignIn.secret_id.in_(good)),
            SignIn.seen_at > now - IDLE,
            SignIn.began_at > now - LONGEST,
        )
        .order_by(SignIn.began_at.desc(), SignIn.id.desc())
    )
    return session.execute(statement).all()
