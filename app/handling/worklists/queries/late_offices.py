"""Which offices are late with what lies on their desks, how often, and since when."""

from datetime import date
from functools import cache

import sqlalchemy as sa

from app.core.codes import Desk
from app.core.queries.filters import value
from app.core.types import Expression, Values
from app.handling.assignments.models.assignments import DAY, MONTH
from app.handling.worklists.queries.worklists import C, T
from app.models import Organization
from app.tasks.rules.task_clocks import CLOCKS

O = Organization.metadata.tables["organizations"].c  # noqa: E741


@cache
def late_by_office() -> sa.Select:
    """Return the SELECT of the offices that are late: how often, and since which day.

    Whole months are counted as such, and each office by itself in the counters' own index.
    """
    total, first_month = sa.func.coalesce(sa.func.sum(C.number), 0), value("first_month", T.due_on)
    months = late_of(total).where(C.grain == MONTH, C.due_on < first_month)
    days = late_of(total).where(C.grain == DAY, C.due_on >= first_month)
    first = late_of(C.due_on).where(C.grain == DAY, C.number > 0).order_by(C.due_on).limit(1)
    number = months.scalar_subquery() + days.scalar_subquery()
    offices = sa.select(
        O.id.label("office_id"),
        sa.cast(number, sa.Integer).label("overdue"),
        first.scalar_subquery().label("oldest_due_on"),
    ).subquery()
    late = sa.select(offices).where(offices.c.overdue > 0)
    return late.order_by(offices.c.overdue.desc(), offices.c.oldest_due_on, offices.c.office_id)


def late_of(column: Expression) -> sa.Select:
    """Return the SELECT of *column* of the counters of what is late on the desk of an office."""
    kinds = sorted(CLOCKS)
    return (
        sa.select(column)
        .where(C.desk == Desk.OFFICE, C.office_id == O.id, C.kind.in_(kinds))
        .where(C.due_on < value("today", T.due_on))
        .where(C.publication.in_(sa.bindparam("publications", expanding=True)))
        .correlate(O.id.table)
    )


def watched(publications: set[str], today: date) -> Values:
    """Return the parameters of late_by_office()."""
    first = today.replace(day=1)
    return {"publications": sorted(publications), "today": today, "first_month": first}
