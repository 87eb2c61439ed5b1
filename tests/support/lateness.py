"""When records are next due, put into the columns by hand."""

import sqlalchemy as sa

from app.core.codes import Clock
from app.models import Assignment, Commitment, Proposal, Recommendation
from app.tasks.rules.task_clocks import INTERNAL_CLOCKS

DATED = (Recommendation, Proposal, Assignment)
"""Records that say it twice: for those who take part, and for everyone."""


def values(day, clock, later=(None, None)):
    """Return the columns of a record whose next *clock* runs until *day*.

    Where it is internal, everyone else sees what comes *later*: a day and its clock.
    """
    known = later if clock in INTERNAL_CLOCKS else (day, clock)
    whole = {"next_due_on": day, "next_clock": clock}
    return whole | {"public_due_on": known[0], "public_clock": known[1]}


def set_due(database, model, number, day, clock=Clock.REPLY, later=(None, None)):
    """Let the record *number* of *model* be next due on *day*."""
    columns = values(day, str(clock), later)
    if model is Commitment:
        columns = {name: columns[name] for name in ("next_due_on", "next_clock")}
    change = sa.update(model.__table__).where(model.__table__.c.id == number).values(columns)
    database.write(lambda session: session.execute(change))
