"""Events of records as they stand in the history, and how a record stood at a past moment."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.rules.chain import ERASED
from app.core.codes import Outcome
from app.core.types import Row, Values
from app.models import Event, SealedValue

SHOWN_NAME = sa.case(
    (Event.actor_seal.is_(None), Event.actor_name),
    else_=sa.func.coalesce(SealedValue.value, ERASED),
)
"""The name of whoever acted: an account's stands sealed in the event."""


def events_with_actor() -> sa.Select:
    """Return the SELECT of events with every column, and the name of the actor."""
    statement = sa.select(*Event.__table__.columns, SHOWN_NAME.label("shown_name"))
    return statement.outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)


def events_of(
    session: Session, record_type: str, record_id: int, after: datetime | None = None
) -> list[Row]:
    """Return the events of a record, oldest first; with *after* only those later than it."""
    statement = events_with_actor().where(*done_to(record_type, record_id))
    if after is not None:
        statement = statement.where(Event.at > after)
    return list(session.execute(statement.order_by(Event.sequence)))


def done_to(record_type: str, record_id: int) -> tuple[Any, ...]:
    """Return the conditions of the events that changed a record."""
    own = (Event.record_type == record_type, Event.record_id == record_id)
    return (*own, Event.outcome == Outcome.DONE)


def events_at(session: Session, sequences: Iterable[int]) -> dict[int, Row]:
    """Return the events with these sequences."""
    rows = session.execute(events_with_actor().where(Event.sequence.in_(sequences)))
    return {event.sequence: event for event in rows}


def state_as_of(
    session: Session, record_type: str, record_id: int, moment: datetime
) -> tuple[Values, Any]:
    """Return the values that columns had at *moment* where they differ from now, and its event.

    The event is the last one at or before *moment*; None means that there was no record yet.
    """
    values: Values = {}
    for event in reversed(events_of(session, record_type, record_id, after=moment)):
        for name, (old, _) in json.loads(event.changes).items():
            values[name] = old
    return values, last_event(session, record_type, record_id, moment)


def last_event(session: Session, record_type: str, record_id: int, moment: datetime) -> Any:
    """Return the last event of a record at or before *moment*, or None."""
    return session.scalar(
        sa.select(Event)
        .where(*done_to(record_type, record_id), Event.at <= moment)
        .order_by(Event.sequence.desc())
        .limit(1)
    )
