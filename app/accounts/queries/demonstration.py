"""Whether a register is a demonstration, and which keys of it are good."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.principals import holder
from app.accounts.rules.demonstration import NAMES
from app.accounts.rules.keys import secret_hash
from app.core.types import Row
from app.models import Principal


def others(session: Session) -> int:
    """Return how many accounts a register has besides those of a demonstration."""
    statement = sa.select(sa.func.count()).where(Principal.name.not_in(NAMES))
    return session.scalar(statement) or 0


def known_parts(session: Session, keys: Mapping[str, str], now: datetime) -> dict[str, Row]:
    """Return whose each of the *keys* is, by its name in their file; none that is not good."""
    found = {name: holder(session, secret_hash(key), now) for name, key in keys.items()}
    return {name: row for name, row in found.items() if row is not None}
