"""What a figure counts, by the very statement of its list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import view_of
from app.core.rules.permissions import Actor
from app.core.types import Condition, Expression, Given, Row, Values
from app.handling.assignments.queries import assignment_list
from app.handling.commitments import queries as commitments
from app.handling.evaluations import queries as evaluations
from app.handling.replies import queries as replies
from app.models import Assignment, Commitment, Evaluation, Proposal, Recommendation, Reply
from app.register.counting.queries.dimensions import DIMENSIONS, Linked, Single, Value
from app.register.counting.queries.looking import Looking
from app.register.counting.queries.of_cases import first_reply
from app.register.counting.queries.parts import PARTS
from app.register.counting.rules.figure import CountedUnit, Dimension, Figure
from app.register.proposals.queries import proposals
from app.register.recommendations.queries import recommendations

Listing = Callable[[Actor, Values, date], tuple[sa.Select, Values]]
"""(actor, filters, today) → the statement of a list, and its parameters."""


def recommendations_listed(actor: Actor, filters: Values, today: date) -> tuple[sa.Select, Values]:
    """Return the statement of the list of recommendations, and its parameters."""
    values = recommendations.filter_values(filters, today)
    names = recommendations.shape_of(values)
    return recommendations.found(view_of(actor), names, (Recommendation.id,)), values


LISTS: dict[CountedUnit, tuple[Expression, Listing]] = {
    CountedUnit.PROPOSALS: (
        Proposal.id,
        lambda actor, filters, today: (proposals.proposals(actor, filters), filters),
    ),
    CountedUnit.RECOMMENDATIONS: (Recommendation.id, recommendations_listed),
    CountedUnit.ASSIGNMENTS: (
        Assignment.id,
        lambda actor, filters, today: (assignment_list.listed(actor, filters), filters),
    ),
    CountedUnit.COMMITMENTS: (
        Commitment.id,
        lambda actor, filters, today: (commitments.listed(actor, filters), filters),
    ),
    CountedUnit.REPLIES: (
        Reply.id,
        lambda actor, filters, today: (replies.listed(actor, filters, None), filters),
    ),
    CountedUnit.EVALUATIONS: (
        Evaluation.id,
        lambda actor, filters, today: (evaluations.listed(actor, filters), filters),
    ),
}
"""CountedUnit → the key of its records, and the statement of their list."""


@dataclass(frozen=True)
class CountedRecords:
    """The records of a figure's list that *filters* and the conditions *within* leave.

    *filters* are as the list takes them, resolved, with the ``moment`` of a past day.
    """

    session: Session
    figure: Figure
    looking: Looking
    filters: Given
    within: Sequence[Condition]
    today: date

    def rows(self, *columns: Expression) -> tuple[sa.Subquery, Values]:
        """Return whether each record belongs to each part, with *columns*; and the parameters."""
        key, listing = LISTS[self.figure.unit]
        filters = {**self.filters, "viewer_office": self.looking.actor.office_id}
        statement, values = listing(self.looking.actor, filters, self.today)
        parts = [
            sa.and_(sa.true(), *PARTS[f"{self.figure.id}.{part}"](self.looking)).label(part)
            for part in self.figure.parts
        ]
        shown = (key.label("record"), *parts, *columns)
        own = statement.where(*self.within).with_only_columns(*shown, maintain_column_froms=True)
        return own.order_by(None).subquery(), {**values, "viewer_office": filters["viewer_office"]}

    def dimension(self, by: Dimension) -> Single | Linked:
        """Return what the records can be told apart by."""
        return DIMENSIONS[self.figure.unit][by]


Numbers = Mapping[str, int]
"""Part → how many records belong to it."""


def numbers(population: CountedRecords) -> Numbers:
    """Return how many records each part of the figure counts."""
    rows, values = population.rows()
    counts = [counting(rows, part) for part in population.figure.parts]
    row = population.session.execute(sa.select(*counts).select_from(rows), values).one()
    return dict(row._mapping)


def counting(rows: sa.Subquery, part: str) -> sa.Label[int]:
    """Return the column that counts the rows of a part."""
    return sa.func.count().filter(rows.c[part]).label(part)


@dataclass(frozen=True)
class Groups:
    """The groups that have most, each with its values and numbers, and how many there are."""

    shown: Sequence[tuple[tuple[Value, ...], Numbers]]
    total: int


def grouped(population: CountedRecords, by: Sequence[Dimension], most: int) -> Groups:
    """Return how many records each part counts of each combination of *by*, the largest first."""
    rows, columns, source, values = broken_down(population, by)
    counts = [counting(rows, part) for part in population.figure.parts]
    statement = sa.select(*columns, *counts).select_from(source).group_by(*columns)
    any_of = sa.or_(*(rows.c[part] for part in population.figure.parts))
    statement = statement.where(any_of)
    total = population.session.scalar(
        sa.select(sa.func.count()).select_from(statement.subquery()), values
    )
    order = [sa.func.count().desc(), *columns]
    found = population.session.execute(statement.order_by(*order).limit(most), values)
    names = list(population.figure.parts)
    return Groups([keyed(row, len(by), names) for row in found], total or 0)


def keyed(row: Row, keys: int, names: Sequence[str]) -> tuple[tuple[Value, ...], Numbers]:
    """Return the values that a group of *row* has, and its numbers."""
    return tuple(row[:keys]), dict(zip(names, row[keys:], strict=True))


def broken_down(
    population: CountedRecords, by: Sequence[Dimension], *more: Expression
) -> tuple[sa.Subquery, list[Expression], sa.FromClause, Values]:
    """Return the rows of *population*, the columns to tell them apart *by*, what to select from,
    and the parameters.
    """
    dimensions = [population.dimension(one) for one in by]
    own: list[Expression] = [
        (one.column if isinstance(one, Single) else one.key).label(f"by_{number}")
        for number, one in enumerate(dimensions)
    ]
    rows, values = population.rows(*own, *more)
    columns: list[Expression] = []
    source: sa.FromClause = rows
    for number, one in enumerate(dimensions):
        column = rows.c[f"by_{number}"]
        if isinstance(one, Linked):
            links = one.links.subquery()
            key, value = links.c
            source = source.outerjoin(links, key == column)
            column = value
        columns.append(column.label(f"value_{number}"))
    return rows, columns, source, values


# -- days ----------------------------------------------------------------------------------------


MOST_TAKEN = 100_000
"""Of how many records the days are looked at, which takes about a second."""


def stretch(figure: Figure, looking: Looking) -> tuple[Expression, Expression]:
    """Return from which day until which the records of a figure of days took, or have waited."""
    day = sa.literal(looking.day, sa.Date)
    return {
        "reply_days": (Assignment.dispatched_on, first_reply(looking)),
        "open_days": (Assignment.dispatched_on, day),
        "promise_days": (Commitment.made_on, Commitment.ended_on),
    }[figure.id]


DaysTaken = Mapping[tuple[Value, ...], Sequence[int]]
"""Values of dimensions → how many days each record with them took, the shortest first."""


def days(population: CountedRecords, by: Sequence[Dimension]) -> DaysTaken:
    """Return how many days the records took, by their values of *by*.

    Of more than MOST_TAKEN nothing is read.
    """
    began, ended = stretch(population.figure, population.looking)
    dated: tuple[Expression, ...] = (began.label("began"), ended.label("ended"))
    rows, columns, source, values = broken_down(population, by, *dated)
    statement = sa.select(*columns, rows.c.began, rows.c.ended).select_from(source)
    statement = statement.where(rows.c.counted).limit(MOST_TAKEN + 1)
    found: dict[tuple[Value, ...], list[int]] = {}
    read = population.session.execute(statement, values).all()
    if len(read) > MOST_TAKEN:
        return {}
    for *key, first, last in read:
        found.setdefault(tuple(key), []).append((last - first).days)
    return {key: sorted(taken) for key, taken in found.items()}
