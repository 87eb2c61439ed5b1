"""When the register was verified, and whether it was whole."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import Verification


def newest_results(session: Session, most: int) -> Sequence[Verification]:
    """Return at *most* so many results of verifying, the newest first."""
    newest = sa.select(Verification).order_by(Verification.id.desc())
    return session.scalars(newest.limit(most)).all()
