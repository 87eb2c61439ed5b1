"""What figures read from the counters, where those can tell it: the same at any size."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from app.accounts.queries.visibility import INTERNAL, ActorView, view_of
from app.core.codes import ProposalKind, Specificity
from app.core.types import Condition, Expression, Row
from app.models import RecommendationCount, Tag
from app.register.counting.models import NO_TAG, WHATEVER_TAG
from app.register.counting.queries.dimensions import Value
from app.register.counting.queries.looking import Looking
from app.register.counting.queries.parts import PARTS
from app.register.counting.rules.figure import (
    DENOMINATOR,
    NUMERATOR,
    CountedUnit,
    Dimension,
    Figure,
)

K = RecommendationCount.metadata.tables["recommendation_counts"].c
COUNTED = K.number.table
ANY_TAG = sa.select(Tag.id).union_all(sa.select(sa.literal(NO_TAG)))
"""By which tags there are counters, of which the index then finds one after the other."""

BY_TAG = frozenset({Dimension.SESSION, Dimension.DOCUMENT})
"""What is counted for each tag as well."""

Named = tuple[Dimension, Value]
"""A dimension, and of what of it the records are to be."""


@dataclass(frozen=True)
class Counters:
    """Some counters: the condition on them, each part as a condition, and values to group by."""

    where: Sequence[Condition]
    parts: Mapping[str, Condition]
    values: Sequence[Expression]

    def numbers(self) -> sa.Select:
        """Return the SELECT of how many there are of each part."""
        return sa.select(*self.sums()).select_from(COUNTED).where(*self.where)

    def groups(self) -> sa.Select:
        """Return the SELECT of the values of each group, and of its numbers."""
        columns: list[Expression] = [
            value.label(f"value_{number}") for number, value in enumerate(self.values)
        ]
        rows = sa.select(*columns, *self.sums(), self.total.label("total"))
        return rows.where(*self.where).group_by(*columns).having(self.total > 0)

    @property
    def total(self) -> Expression:
        """Return how many there are of any part."""
        return summed(sa.or_(*self.parts.values()))

    def sums(self) -> list[Expression]:
        """Return how many there are of each part."""
        return [summed(condition).label(name) for name, condition in self.parts.items()]


def summed(condition: Condition) -> Expression:
    """Return the sum of the counters for which *condition* holds."""
    return sa.func.coalesce(sa.func.sum(K.number).filter(condition), 0)


def counters_of(
    figure: Figure,
    looking: Looking,
    specificity: Collection[Specificity] | None,
    named: Sequence[Named],
    by: Sequence[Dimension],
) -> Counters | None:
    """Return the counters of *figure*, of what is *named*, broken down *by*; None: there are none.

    There are none of past days, for offices, which see internal records of their own, of parts
    that other records decide, and of more than the counters are kept by. *specificity* None means
    any.
    """
    if not are_kept(figure, looking):
        return None
    places = placed(named, by)
    parts = {part: counted_part(PARTS[f"{figure.id}.{part}"](looking)) for part in figure.parts}
    kept = {part: one for part, one in parts.items() if one is not None}
    if places is None or len(kept) < len(parts):
        return None
    seen = conditions(view_of(looking.actor), specificity)
    return Counters([*places, *seen], kept, [VALUES[one] for one in by])


def are_kept(figure: Figure, looking: Looking) -> bool:
    """Return whether there can be counters of what *figure* counts, as it is looked."""
    now = looking.moment is None and not view_of(looking.actor).own
    return now and figure.unit is CountedUnit.RECOMMENDATIONS


def conditions(view: ActorView, specificity: Collection[Specificity] | None) -> list[Condition]:
    """Return the conditions on counters of what *view* sees, of some *specificity* or any."""
    found: list[Condition] = []
    if not view.everything:
        found.append(K.publication.in_(sorted(view.whole)))
    if specificity is not None:
        found.append(K.specificity.in_(sorted(specificity)))
    return found


# -- parts ---------------------------------------------------------------------------------------


def counted_part(states: Sequence[Condition]) -> Condition | None:
    """Return what the conditions *states* on a recommendation are on a counter.

    None where it does not know all that they ask for.
    """
    part = visitors.replacement_traverse(sa.and_(sa.true(), *states), {}, counter_column)
    for element in visitors.iterate(part):
        of_others = isinstance(element, sa.Column) and element.table is not COUNTED
        if of_others or isinstance(element, sa.SelectBase):
            return None
    return part


def counter_column(element: object, **kwargs: object) -> Expression | None:
    """Return the column of a counter that stands for a column of a recommendation; None: none."""
    if not isinstance(element, sa.Column) or getattr(element.table, "name", "") != RECORDS:
        return None
    return K.get(element.name) if element.name in STATES else None


RECORDS = "recommendations"
STATES = frozenset({"progress", "acceptance", "answered_for", "promised_for"})
"""What a counter knows of the recommendations that it counts."""


# -- dimensions ----------------------------------------------------------------------------------

SCOPES: dict[Dimension, Condition] = {
    Dimension.OFFICE: K.scope == "office",
    Dimension.SESSION: K.scope == "session",
    Dimension.DOCUMENT: K.scope == "document",
    Dimension.KIND: K.scope.in_(list(map(str, ProposalKind))),
    Dimension.MONTH: K.scope == "month",
    Dimension.YEAR: K.scope == "month",
}
"""Dimension → the counters by it."""

PLACE = sa.func.nullif(K.scope_id, 0)
VALUES: dict[Dimension, Expression] = {
    Dimension.OFFICE: PLACE,
    Dimension.SESSION: PLACE,
    Dimension.DOCUMENT: PLACE,
    Dimension.KIND: K.scope,
    Dimension.MONTH: PLACE,
    Dimension.YEAR: sa.func.nullif(K.scope_id // 100, 0),
    Dimension.TAG: sa.func.nullif(K.tag_id, NO_TAG),
}
"""Dimension → the value that a counter has of it; null: none."""


def placed(named: Sequence[Named], by: Sequence[Dimension]) -> list[Condition] | None:
    """Return the condition on the counters of what is *named*, *by* these; None: there are none."""
    wanted = dict(named)
    places = (set(wanted) | set(by)) - {Dimension.TAG}
    tagged = Dimension.TAG in wanted or Dimension.TAG in by
    twice = len(wanted) < len(named) or (Dimension.TAG in wanted and Dimension.TAG in by)
    if twice or len(places) > 1 or (tagged and not places <= BY_TAG):
        return None
    found = [SCOPES[place] for place in places] or [K.scope == "all"]
    if not tagged:
        found.append(K.tag_id == WHATEVER_TAG)
    elif Dimension.TAG in by:
        found.append(K.tag_id.in_(ANY_TAG))
    return found + [is_named(place, value) for place, value in wanted.items()]


def is_named(dimension: Dimension, value: Value) -> Condition:
    """Return the condition that counters are of *value*; None: of what has none."""
    if dimension is Dimension.TAG:
        return K.tag_id == (NO_TAG if value is None else value)
    if dimension is Dimension.KIND:
        return K.scope == value
    if value is None:
        return K.scope_id == 0
    if not isinstance(value, int) or value == 0:
        return sa.false()
    if dimension is Dimension.YEAR:
        return K.scope_id.between(value * 100, value * 100 + 99)
    return K.scope_id == value


# -- lateness ------------------------------------------------------------------------------------


def late_numbers(
    figure: Figure,
    looking: Looking,
    specificity: Collection[Specificity] | None,
    named: Sequence[Named],
) -> sa.Select | None:
    """Return the SELECT of how many are late, and of how many are due, of all or of a tag *named*.

    None for any other figure, and where there are no counters. Full months are counted by month,
    so that it costs the same however many days there are.
    """
    tags = [is_named(*one) for one in named] or [K.tag_id == WHATEVER_TAG]
    of_tags = all(dimension is Dimension.TAG for dimension, _ in named) and len(tags) == 1
    if figure.id != "late_recommendations" or not of_tags or not are_kept(figure, looking):
        return None
    view = view_of(looking.actor)
    seen = [*tags, *conditions(view, specificity)]
    scope = "due" if INTERNAL in view.whole else "public"
    month, day = month_and_day(looking.day)

    def number(*those: Condition) -> Expression:
        rows = sa.select(sa.func.coalesce(sa.func.sum(K.number), 0)).where(*seen, *those)
        return rows.scalar_subquery()

    full = K.scope == f"{scope}_month"
    begun = number(K.scope == scope, K.scope_id >= month * 100, K.scope_id < day)
    late = number(full, K.scope_id < month) + begun
    return sa.select(late.label(NUMERATOR), number(full).label(DENOMINATOR))


def month_and_day(day: date) -> tuple[int, int]:
    """Return the numbers of the month and the day by which counters are kept."""
    month = day.year * 100 + day.month
    return month, month * 100 + day.day


# -- reading -------------------------------------------------------------------------------------


def read_numbers(session: Session, statement: sa.Select) -> dict[str, int]:
    """Return the number of each column of the one row of *statement*."""
    return whole_numbers(session.execute(statement).one())


def whole_numbers(row: Row) -> dict[str, int]:
    """Return the columns of *row* as whole numbers; PostgreSQL sums up to decimals."""
    return {name: int(number) for name, number in row._mapping.items()}
