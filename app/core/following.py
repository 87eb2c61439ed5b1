"""What is kept of every change beside its event, in the same transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.types import Changes

Follower = Callable[[Session, object, str, Changes, datetime], None]
"""(session, record, operation, changes, moment of the event) → nothing."""

FOLLOWERS: list[Follower] = []
"""Whom the recorder calls after each event of a change, so that no service can forget them."""


def be_followed(
    session: Session, record: object, operation: str, changes: Changes, at: datetime
) -> None:
    """Let everyone follow a change of *record* whose event was written, of the moment *at*."""
    for follow in FOLLOWERS:
        follow(session, record, operation, changes, at)
