"""Whether the periods are what the events of the records make them, worked out anew."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries.record_state import RECORDS
from app.core.codes import Outcome
from app.core.types import Given, Row
from app.models import Event
from app.register.periods.models import StatePeriod
from app.register.periods.rules import AXES, COLUMNS, Period, periods_of

MANY = 1000
P = StatePeriod


class Drift(NamedTuple):
    """That a record has other periods than its events make of it, and on which axes."""

    kind: str
    number: int
    axes: tuple[str, ...]
    wanted: Sequence[Period]

    @property
    def message(self) -> str:
        """Return what is said of it."""
        return f"{self.kind} {self.number}: its periods of {', '.join(self.axes)} are not its past"


def period_drift(session: Session) -> Iterator[str]:
    """Yield a sentence for each record that stood otherwise than its periods say."""
    for found in drifts(session):
        yield found.message


def drifts(session: Session) -> Iterator[Drift]:
    """Yield each record whose periods are not what its events make of it."""
    for kind in AXES:
        last = 0
        while rows := records_after(session, kind, last):
            first, last = rows[0].id, rows[-1].id
            kept, wanted = stored(session, kind, first, last), worked_out(session, kind, rows)
            for number in sorted(kept.keys() | wanted.keys()):
                own, right = kept.get(number, []), wanted.get(number, [])
                if axes := differing(own, right):
                    yield Drift(kind, number, axes, right)
        for number in session.scalars(superfluous(kind)):
            yield Drift(kind, number, tuple(AXES[kind]), [])
    unknown = sa.select(P.record_type, P.record_id, P.axis).where(P.record_type.not_in(list(AXES)))
    for kind, number, axis in session.execute(unknown):
        yield Drift(kind, number, (axis,), [])


def records_after(session: Session, kind: str, last: int, lacking: bool = False) -> list[Row]:
    """Return the next records of *kind* after the number *last*, only those *lacking* periods."""
    model = RECORDS[kind]
    columns = [getattr(model, name) for name in COLUMNS[kind]]
    rows = sa.select(model.id, model.created_at, *columns).where(model.id > last)
    if lacking:
        rows = rows.where(~sa.exists().where(P.record_type == kind, P.record_id == model.id))
    return list(session.execute(rows.order_by(model.id).limit(MANY)))


def worked_out(session: Session, kind: str, rows: Sequence[Row]) -> dict[int, list[Period]]:
    """Return the periods that the events of the records *rows* make, by number."""
    changed = changes_of(session, kind, rows[0].id, rows[-1].id)
    return {
        row.id: periods_of(kind, row._asdict(), row.created_at, changed.get(row.id, ()))
        for row in rows
    }


def changes_of(
    session: Session, kind: str, first: int, last: int
) -> Mapping[int, list[tuple[datetime, Given]]]:
    """Return the changes of the records *first* to *last*, each with its moment, in order.

    Of an event that moves no axis only the first one of a record matters: it began then.
    """
    names = [f'"{name}":' for name in COLUMNS[kind]]
    statement = sa.select(Event.record_id, Event.at, Event.changes).where(
        Event.record_type == kind,
        Event.record_id.between(first, last),
        Event.outcome == Outcome.DONE,
    )
    found: dict[int, list[tuple[datetime, Given]]] = {}
    for number, at, changes in session.execute(statement.order_by(Event.sequence)):
        if number not in found or any(name in changes for name in names):
            found.setdefault(number, []).append((at, json.loads(changes)))
    return found


def stored(session: Session, kind: str, first: int, last: int) -> dict[int, list[Period]]:
    """Return the periods that are kept of the records *first* to *last*, by number."""
    columns = (P.record_id, *(getattr(P, name) for name in Period._fields))
    rows = sa.select(*columns).where(P.record_type == kind, P.record_id.between(first, last))
    found: dict[int, list[Period]] = {}
    for number, *period in session.execute(rows.order_by(P.record_id, P.from_at, P.id)):
        found.setdefault(number, []).append(Period(*period))
    return found


def differing(kept: Sequence[Period], wanted: Sequence[Period]) -> tuple[str, ...]:
    """Return the axes of which *kept* and *wanted* periods differ, in order of their names."""
    axes = {period.axis for period in (*kept, *wanted)}
    return tuple(axis for axis in sorted(axes) if of(axis, kept) != of(axis, wanted))


def of(axis: str, periods: Sequence[Period]) -> list[Period]:
    """Return those of *periods* that are of one *axis*."""
    return [period for period in periods if period.axis == axis]


def superfluous(kind: str) -> sa.Select:
    """Return the SELECT of the numbers that have periods and are no records of *kind*."""
    there = sa.select(RECORDS[kind].id)
    rows = sa.select(P.record_id).where(P.record_type == kind, P.record_id.not_in(there))
    return rows.distinct().order_by(P.record_id)
