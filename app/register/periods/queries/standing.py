"""How records stood at a past moment, for counts and for lists."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

import sqlalchemy as sa

from app.core.types import Condition, Expression
from app.register.periods.models import StatePeriod


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the moment at which *day* ends at the register's place: what is before it counts."""
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(1)


def stood(kind: str, axis: str, *, moment: Expression) -> sa.Select:
    """Return the SELECT of the records of *kind* that were there just before *moment*.

    Each with its number, its ``state`` on *axis*, and the office that had it then.
    """
    columns = (StatePeriod.record_id, StatePeriod.state, StatePeriod.office_id)
    return sa.select(*columns).where(*standing_at(kind, axis, moment))


def standing_at(kind: str, axis: str, moment: Expression) -> tuple[Condition, ...]:
    """Return the conditions on the periods of *axis* that cover what is just before *moment*."""
    lasts = sa.or_(StatePeriod.until_at.is_(None), StatePeriod.until_at >= moment)
    own = (StatePeriod.record_type == kind, StatePeriod.axis == axis)
    return (*own, StatePeriod.from_at < moment, lasts)


def stood_in(
    kind: str,
    axis: str,
    states: Callable[[Expression], Condition],
    key: Expression,
    moment: Expression,
) -> Condition:
    """Return the condition that the record *key* stood just before *moment* as *states* says.

    *states* is the condition on the column of the state: one_of(), say.
    """
    own = (StatePeriod.record_id == key, states(StatePeriod.state))
    rows = sa.select(StatePeriod.id).where(*standing_at(kind, axis, moment), *own)
    return rows.correlate_except(StatePeriod).exists()
