"""The register with a planted fault: some changes are acknowledged and rolled back instead."""

import itertools
from typing import Any

from sqlalchemy.orm import Session

from wsgi import app

__all__ = ["app"]

EVERY = 5
numbers = itertools.count(1)
kept: Any = Session.commit


def forget_some(session: Session) -> None:
    """Commit, but roll back each fifth time."""
    if next(numbers) % EVERY:
        kept(session)
    else:
        session.rollback()


Session.commit = forget_some  # type: ignore[method-assign]
