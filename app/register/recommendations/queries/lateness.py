"""When records are next due: which clock a viewer sees, and the filters and order that read it.

What is shown, filtered, sorted and counted reads one and the same expression, so that no filter
and no order tells of a clock that the viewer does not see.
"""

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.accounts.queries.visibility import INTERNAL, VIEWER, ActorView, given_to
from app.core.queries.keyset import Order, by_change, read_number
from app.core.types import Expression, Given, Pair, Values
from app.register.recommendations.models import NO_DUE_DATE

LAST = sa.literal_column(f"'{NO_DUE_DATE}'", sa.Date)


KEPT = ("next_due_on", "next_clock", "public_due_on", "public_clock")
"""The columns that keep when a record is next due, of which each viewer sees two."""


class NextDue(NamedTuple):
    """When the rows of a table are next due: the day, its clock, and the day to sort by.

    *day* is *due_on*, after all others where there is none: the expression of an index.
    """

    due_on: Expression
    clock: Expression
    day: Expression

    @classmethod
    def of(cls, due_on: Expression, clock: Expression) -> "NextDue":
        """Return what the columns *due_on* and *clock* say."""
        return cls(due_on, clock, last(due_on))

    def shown(self) -> Pair:
        """Return the two columns that an answer has."""
        return self.due_on.label("next_due_on"), self.clock.label("next_clock")


def whole(columns: Any) -> NextDue:
    """Return what those see who see everything of the handling."""
    return NextDue.of(columns.next_due_on, columns.next_clock)


def public(columns: Any) -> NextDue:
    """Return what everyone sees: without joint opinions, handling again, unpublished promises."""
    return NextDue.of(columns.public_due_on, columns.public_clock)


def next_due(columns: object, view: ActorView, proposal_id: Expression) -> NextDue:
    """Return when rows of *columns* are next due, as *view* sees it.

    The staff sees the whole, an office the whole of the proposals that it was given, everyone
    else what is public. The office is the parameter VIEWER.
    """
    if INTERNAL in view.whole:
        return whole(columns)
    if not view.own:
        return public(columns)
    takes_part = given_to(proposal_id, VIEWER)
    pairs = zip(whole(columns), public(columns), strict=True)
    return NextDue(*(sa.case((takes_part, own), else_=other) for own, other in pairs))


def by_next_due(due: NextDue, key: object) -> Order:
    """Return the order by what is next due; *key* is the column that rows call ``id``."""
    return by_day(due.day, key, "next_due_on")


def by_day(day: Expression, key: object, name: str) -> Order:
    """Return the order by *day*, after all others where there is none.

    It is what last() makes of the column that rows call *name*; *key* they call ``id``.
    """
    readers = (date.fromisoformat, read_number)
    return Order((day, key), readers, lambda row: [getattr(row, name) or NO_DUE_DATE, row.id])


def last(column: Expression) -> Any:
    """Return the day *column*, after all others where there is none: the expression of an index."""
    return sa.func.coalesce(column, LAST)


def orders(due: NextDue, columns: Any) -> dict[str, Order]:
    """Return the orders of a list of rows of *columns* that are next due then."""
    return by_change(columns) | {"due_on": by_next_due(due, columns.id)}


def day_named(name: str) -> Any:
    """Return the parameter *name*, which is a day."""
    return sa.bindparam(name, type_=sa.Date)


def lateness(due: NextDue) -> Values:
    """Return the conditions on lateness by name; their values are parameters."""
    return {
        "is_overdue": due.day < day_named("today"),
        "is_not_overdue": due.day >= day_named("today"),
        "due_before": due.day < day_named("due_before"),
        "due_after": sa.and_(due.day > day_named("due_after"), due.due_on.is_not(None)),
    }


def lateness_values(filters: Given, today: date) -> Values:
    """Return *filters* with the parameters of lateness: `overdue` is a day before *today*."""
    values = dict(filters)
    if "overdue" in values:
        values["is_overdue" if values.pop("overdue") else "is_not_overdue"] = True
        values["today"] = today
    return values


def late(due: NextDue, values: Given) -> list[Any]:
    """Return the conditions on lateness that *values*, see lateness_values(), ask for."""
    return [condition for name, condition in lateness(due).items() if name in values]
