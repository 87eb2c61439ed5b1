"""What a figure counts, by the very statement of its list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

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
from app.register.counting.queries.counters import (
    Counters,
    Named,
    counters_of,
    late_numbers,
    read_numbers,
)
from app.register.counting.queries.dimensions import DIMENSIONS, Linked, Single, Value
from app.register.counting.queries.looking import Looking
from app.register.counting.queries.of_cases import first_reply
from app.register.counting.queries.parts import PARTS
from app.register.counting.rules.figure import CountedUnit, Dimension, Figure
from app.register.proposals.queries import proposals
from app.register.recommendations.queries import recommendations

Listing = Callable[[Actor, Values], sa.Select]
"""(actor, filters) → the statement of a list, whose viewer and moment are yet to be told it."""


def recommendations_listed(actor: Actor, filters: Values) -> sa.Select:
    """Return the statement of the list of recommendations, with its parameters."""
    values = recommendations.filter_values(filters, filters["today"])
    names = recommendations.shape_of(values)
    return recommendations.found(view_of(actor), names, (Recommendation.id,)).params(values)


LISTS: dict[CountedUnit, tuple[Expression, Listing]] = {
    CountedUnit.PROPOSALS: (Proposal.id, proposals.proposals),
    CountedUnit.RECOMMENDATIONS: (Recommendation.id, recommendations_listed),
    CountedUnit.ASSIGNMENTS: (Assignment.id, assignment_list.listed),
    CountedUnit.COMMITMENTS: (Commitment.id, commitments.listed),
    CountedUnit.REPLIES: (Reply.id, partial(replies.listed, assignment_id=None)),
    CountedUnit.EVALUATIONS: (Evaluation.id, evaluations.listed),
}
"""Unit → the key of its records, and the statement of their list."""


@dataclass(frozen=True)
class CountedRecords:
    """The records of a figure's list that *filters* and the conditions *within* leave.

    *filters* are as the list takes them, resolved, with the ``moment`` of a past day. *named* is
    what *within* says, by its names.
    """

    session: Session
    figure: Figure
    looking: Looking
    filters: Given
    within: Sequence[Condition]
    named: Sequence[Named] = ()

    def counters(self, by: Sequence[Dimension] = ()) -> Counters | None:
        """Return the counters of these records, broken down *by*; None where there are none."""
        kinds = self.filters.get("specificity")
        return counters_of(self.figure, self.looking, kinds, self.named, by)

    def late(self) -> sa.Select | None:
        """Return what reads how many are late, of all or of a tag; None: no counter tells."""
        kinds = self.filters.get("specificity")
        return late_numbers(self.figure, self.looking, kinds, self.named)

    def rows(self, *columns: Expression) -> sa.Subquery:
        """Return whether each record belongs to each part, with *columns*."""
        (key, listing), actor = LISTS[self.figure.unit], self.looking.actor
        filters = {**self.filters, "today": self.looking.day}
        parts = [
            sa.and_(sa.true(), *PARTS[f"{self.figure.id}.{part}"](self.looking)).label(part)
            for part in self.figure.parts
        ]
        shown = (key.label("record"), *parts, *columns)
        statement = listing(actor, filters).where(*self.within).order_by(None)
        own = statement.with_only_columns(*shown, maintain_column_froms=True)
        return own.params(viewer_office=actor.office_id, moment=self.looking.moment).subquery()

    def dimension(self, by: Dimension) -> Single | Linked:
        """Return what the records can be told apart by."""
        return DIMENSIONS[self.figure.unit][by]


Numbers = Mapping[str, int]
"""Part → how many records belong to it."""


def numbers(population: CountedRecords) -> Numbers:
    """Return how many records each part of the figure counts."""
    kept = population.counters()
    read = population.late() if kept is None else kept.numbers()
    if read is not None:
        return read_numbers(population.session, read)
    rows = population.rows()
    counts = [counting(rows, part) for part in population.figure.parts]
    row = population.session.execute(sa.select(*counts).select_from(rows)).one()
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
    names = list(population.figure.parts)
    kept = population.counters(by)
    if kept is not None:
        return groups_of(population.session, kept, names, most)
    rows, columns, source = broken_down(population, by)
    counts = [counting(rows, part) for part in population.figure.parts]
    any_of = sa.or_(*(rows.c[part] for part in population.figure.parts))
    statement = sa.select(*columns, *counts).select_from(source).where(any_of).group_by(*columns)
    total = population.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery()))
    order = [sa.func.count().desc(), *columns]
    found = population.session.execute(statement.order_by(*order).limit(most))
    return Groups([keyed(row, len(by), names) for row in found], total or 0)


def groups_of(session: Session, kept: Counters, names: Sequence[str], most: int) -> Groups:
    """Return the largest groups of the counters *kept*, and how many there are."""
    groups = kept.groups().subquery()
    columns = list(groups.c)
    keys = columns[: len(kept.values)]
    every = sa.func.count().over().label("groups")
    rows = sa.select(*keys, *(groups.c[name] for name in names), every)
    found = session.execute(rows.order_by(groups.c.total.desc(), *keys).limit(most)).all()
    shown = [keyed(row, len(keys), names) for row in found]
    return Groups(shown, found[0].groups if found else 0)


def keyed(row: Row, keys: int, names: Sequence[str]) -> tuple[tuple[Value, ...], Numbers]:
    """Return the values that a group of *row* has, and its numbers."""
    numbers = map(int, row[keys : keys + len(names)])
    return tuple(row[:keys]), dict(zip(names, numbers, strict=True))


def broken_down(
    population: CountedRecords, by: Sequence[Dimension], *more: Expression
) -> tuple[sa.Subquery, list[Expression], sa.FromClause]:
    """Return the rows of *population*, the columns to tell them apart *by*, and what to select
    from.
    """
    dimensions = [population.dimension(one) for one in by]
    own: list[Expression] = [
        (one.column if isinstance(one, Single) else one.key).label(f"by_{number}")
        for number, one in enumerate(dimensions)
    ]
    rows = population.rows(*own, *more)
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
    return rows, columns, source


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
    rows, columns, source = broken_down(population, by, *dated)
    statement = sa.select(*columns, rows.c.began, rows.c.ended).select_from(source)
    statement = statement.where(rows.c.counted).limit(MOST_TAKEN + 1)
    found: dict[tuple[Value, ...], list[int]] = {}
    read = population.session.execute(statement).all()
    if len(read) > MOST_TAKEN:
        return {}
    for *key, first, last in read:
        found.setdefault(tuple(key), []).append((last - first).days)
    return {key: sorted(taken) for key, taken in found.items()}
