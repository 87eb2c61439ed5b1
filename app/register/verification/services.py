"""Keeping when the register was verified, and whether it was whole."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.base import Head
from app.core.clock import utcnow
from app.models import Verification


def keep_result(session: Session, command: str, began_at: datetime, differences: int) -> None:
    """Keep that *command*, which began at *began_at*, has found so many *differences*."""
    session.add(
        Verification(
            command=command,
            began_at=began_at,
            ended_at=utcnow(),
            sequence=session.get_one(Head, 1).sequence,
            differences=differences,
        )
    )
