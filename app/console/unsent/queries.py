"""Finding what somebody typed and has not sent yet."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.console.unsent.rules import KEPT_FOR
from app.core.types import Row
from app.models import UnsentForm


def unsent_form(session: Session, principal_id: int, address: str, now: datetime) -> Row | None:
    """Return what a principal typed into the form at *address*, where it is not too old."""
    statement = sa.select(UnsentForm.content, UnsentForm.saved_at).where(
        UnsentForm.principal_id == principal_id,
        UnsentForm.address == address,
        UnsentForm.saved_at > now - KEPT_FOR,
    )
    return session.execute(statement).one_or_none()
