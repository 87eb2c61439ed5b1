"""In which state the whole register is: the same as long as nobody wrote to it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.base import Head

STATE = (
    sa.select(Head.hash + "." + sa.cast(Head.writes, sa.String))
    .scalar_subquery()
    .label("register_state")
)
"""A column for any SELECT: the state that its rows were read in.

The hash of the last event tells a register from one that was restored and went on otherwise.
"""


def state_and_vocabulary(session: Session) -> tuple[str, int]:
    """Return the state of the register, and the version of the vocabulary in it."""
    row = session.connection().execute(sa.select(STATE, Head.vocabulary_version)).one()
    return row.register_state, row.vocabulary_version


def state_now(session: Session) -> str:
    """Return the state of the register."""
    return str(session.connection().scalar(sa.select(STATE)))
