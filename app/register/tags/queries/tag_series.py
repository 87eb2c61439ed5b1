"""Where the recommendations of a tag stood at the end of each month, from the periods."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from app.core.rules.sizes import COUNTED
from app.models import Commitment, StatePeriod
from app.register.periods.rules import AXES, NOT_ENDED
from app.register.recommendations.queries.recommendation_columns import C
from app.register.tags.queries.tag_figures import Population

P = StatePeriod

Stretch = tuple[str, int, int, str]
"""An axis, the first of some moments before which it stood so, the one after the last, and how."""

Pattern = tuple[Stretch, ...]
"""All the stretches of one record: most records share theirs with many others."""


@dataclass
class Standing:
    """How many recommendations there were at a moment, and where they and the promises stood."""

    number: int = 0
    progress: Counter[str] = field(default_factory=Counter)
    acceptance: Counter[str] = field(default_factory=Counter)
    promises: Counter[str] = field(default_factory=Counter)


def series(population: Population, total: int, moments: Sequence[datetime]) -> list[Standing]:
    """Return how the recommendations of a tag, and the promises, stood before each of *moments*.

    They are in order. Counted are those that the actor sees today, as their list as of that day
    has them: what had not ended, and was of a specificity that is counted. Of more than COUNTED,
    see *total*, nothing is read and nothing returned.
    """
    if total > COUNTED:
        return []
    points = [Standing() for _ in moments]
    rows = sa.select(population.whatever_stands(C.id).c.id)
    for pattern, number in patterns(population, "recommendation", rows, moments).items():
        count_in(points, pattern, number, frozenset(map(str, population.counted)))
    promises = population.promises(Commitment.id)
    for pattern, number in patterns(population, "commitment", promises, moments).items():
        for _, first, last, state in pattern:
            for point in points[first:last]:
                point.promises[state] += number
    return points


def patterns(
    population: Population, kind: str, ids: sa.Select, moments: Sequence[datetime]
) -> Counter[Pattern]:
    """Return how the records *ids* of *kind* stood before each of *moments*: how many stood so."""
    columns = (P.record_id, P.axis, P.state, P.from_at, P.until_at)
    statement = sa.select(*columns).where(
        P.record_type == kind,
        P.axis.in_(list(AXES[kind])),
        P.record_id.in_(ids),
        sa.or_(P.until_at.is_(None), P.until_at >= moments[0]),
    )
    found: dict[int, list[Stretch]] = {}
    for number, axis, state, begun, until in population.session.execute(statement):
        first = bisect_right(moments, begun)
        last = len(moments) if until is None else bisect_right(moments, until)
        if first < last:
            found.setdefault(number, []).append((axis, first, last, state))
    return Counter(tuple(sorted(own)) for own in found.values())


def count_in(
    points: list[Standing], pattern: Pattern, number: int, counted: frozenset[str]
) -> None:
    """Count *number* recommendations in each of *points* at which they stood and are *counted*."""
    for index, point in enumerate(points):
        how = {axis: state for axis, first, last, state in pattern if first <= index < last}
        if how.get("ended") == NOT_ENDED and how["specificity"] in counted:
            point.number += number
            point.progress[how["progress"]] += number
            point.acceptance[how["acceptance"]] += number
