"""How records stood at a past moment, for counts and for lists."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.queries.filters import among
from app.core.types import Condition, Expression, Given, Values
from app.models import Event
from app.register.periods.models import StatePeriod

MOMENT = sa.bindparam("moment", type_=StatePeriod.from_at.type)
"""The moment before which records are shown as they stood, in a statement that is built once."""

AS_IT_STANDS = datetime.max.replace(tzinfo=UTC)
"""The moment before which all was done that is known."""


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the moment at which *day* ends at the register's place: what is before it counts."""
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(1)


def began_on(session: Session, zone: tzinfo, today: date) -> date:
    """Return the day of the register's first event, *today* where there is none before it."""
    first = session.scalar(sa.select(Event.at).order_by(Event.sequence).limit(1))
    return today if first is None else min(first.astimezone(zone).date(), today)


def month_ends(today: date, months: int) -> list[date]:
    """Return the last days of the *months* before that of *today*, and today; none for 0."""
    days = [today]
    for _ in range(months):
        days.insert(0, days[0].replace(day=1) - timedelta(1))
    return days if months else []


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
    return stood_with(kind, axis, key, moment, states(StatePeriod.state))


def stood_with(
    kind: str, axis: str, key: Expression, moment: Expression, *conditions: Condition
) -> Condition:
    """Return the condition that *key* was there just before *moment*, in a period of *axis* for
    which the *conditions* hold.
    """
    own = (*standing_at(kind, axis, moment), StatePeriod.record_id == key)
    rows = sa.select(StatePeriod.record_id).where(*own, *conditions)
    return rows.correlate_except(StatePeriod).exists()


def state_then(kind: str, axis: str, key: Expression) -> Any:
    """Return the subquery for how the record *key* stood on *axis* just before MOMENT."""
    own = (*standing_at(kind, axis, MOMENT), StatePeriod.record_id == key)
    rows = sa.select(StatePeriod.state).where(*own)
    return rows.correlate_except(StatePeriod).scalar_subquery()


def conditions_then(kind: str, axis: str, key: Expression) -> Values:
    """Return the conditions of a list as of MOMENT by name: that *key* was there, its state, its
    office, each given the value of its filter.
    """

    def with_one(column: Expression) -> Callable[[Sequence[object]], Condition]:
        return lambda values: stood_with(kind, axis, key, MOMENT, among(column)(values))

    return {
        "moment": lambda value: stood_with(kind, axis, key, MOMENT),
        "state_then": with_one(StatePeriod.state),
        "office_then": with_one(StatePeriod.office_id),
    }


def as_then(filters: Given, **names: str) -> Given:
    """Return *filters* with those of *names* under the name for a past moment, where there is one.

    *names* are those of today, each with the one of conditions_then().
    """
    if "moment" not in filters:
        return filters
    return {names.get(name, name): value for name, value in filters.items()}


def shown_as(columns: Sequence[Any], filters: Given, **then: Expression) -> list[Any]:
    """Return *columns*, as of a moment those named in *then* as they stood."""
    if "moment" not in filters:
        return list(columns)
    return [then[c.key].label(c.key) if c.key in then else c for c in columns]
