"""Keeping what somebody typed and has not sent, and forgetting it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.console.unsent.rules import KEPT_FOR, MOST_FORMS
from app.models import UnsentForm


def keep_unsent(
    session: Session, principal_id: int, address: str, content: dict[str, list[str]], now: datetime
) -> None:
    """Keep what a principal typed into the form at *address*; forget what is too old, of anyone."""
    session.execute(sa.delete(UnsentForm).where(UnsentForm.saved_at <= now - KEPT_FOR))
    mine = sa.select(UnsentForm).where(UnsentForm.principal_id == principal_id)
    row = session.scalars(mine.where(UnsentForm.address == address)).one_or_none()
    if row is None:
        row = UnsentForm(principal_id=principal_id, address=address)
        session.add(row)
    row.content, row.saved_at = content, now
    session.flush()
    newest = mine.order_by(UnsentForm.saved_at.desc(), UnsentForm.id.desc())
    for surplus in session.scalars(newest.offset(MOST_FORMS)):
        session.delete(surplus)
    session.flush()


def forget_unsent(session: Session, principal_id: int, address: str) -> None:
    """Forget what a principal typed into the form at *address*."""
    session.execute(
        sa.delete(UnsentForm).where(
            UnsentForm.principal_id == principal_id, UnsentForm.address == address
        )
    )
