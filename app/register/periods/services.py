"""Filling the periods from the history, and mending what is not its own."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.types import Values
from app.register.periods.models import PERIODS
from app.register.periods.queries.period_drift import drifts, records_after, worked_out
from app.register.periods.rules import AXES, Period


def fill_periods(session: Session) -> int:
    """Work out the periods of each record that has none, and return of how many that was."""
    number = 0
    for kind in AXES:
        after = 0
        while rows := records_after(session, kind, after, lacking=True):
            write_periods(session, kind, worked_out(session, kind, rows).items())
            number, after = number + len(rows), rows[-1].id
    return number


def mend_periods(session: Session) -> list[str]:
    """Write anew the periods of each record that stood otherwise; return what was wrong.

    They are an index: nothing is lost that the events do not hold.
    """
    found = list(drifts(session))
    for kind, number, _, wanted in found:
        own = (PERIODS.c.record_type == kind, PERIODS.c.record_id == number)
        session.execute(sa.delete(PERIODS).where(*own))
        write_periods(session, kind, [(number, wanted)])
    return [one.message for one in found]


def write_periods(
    session: Session, kind: str, periods: Iterable[tuple[int, Sequence[Period]]]
) -> None:
    """Write the periods of records of *kind*, by number."""
    rows: list[Values] = [
        {"record_type": kind, "record_id": number, **period._asdict()}
        for number, own in periods
        for period in own
    ]
    if rows:
        session.execute(sa.insert(PERIODS), rows)
