"""Where the recommendations of a tag stood at the end of each month, from their events."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from app.accounts.queries.visibility import INTERNAL, handled_now, sees, view_of
from app.core.codes import Outcome
from app.core.rules.sizes import COUNTED
from app.core.types import Values
from app.models import Commitment, Event, Recommendation
from app.register.recommendations.queries.recommendation_columns import C
from app.register.tags.queries.tag_figures import Population

AXES = ("progress", "acceptance", "publication")

Stretch = tuple[int, int, int, tuple[str, ...]]
"""A record, the first moment before which it stood so, the one after the last, and how."""


@dataclass(frozen=True)
class History:
    """That a record was *made* at a moment and stands so *now*, and its changes, in order."""

    made: datetime
    now: tuple[str, ...]
    changed: Sequence[tuple[datetime, Values]]

    def stretches(
        self, names: Sequence[str], moments: Sequence[datetime]
    ) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Yield each stretch of *moments* before which it stood in one way, latest first."""
        last, how = len(moments), self.now
        for at, changes in reversed(self.changed):
            first = bisect_right(moments, at)
            if first < last:
                yield first, last, how
            last = min(first, last)
            before = (changes.get(name, (None,))[0] for name in names)
            how = tuple(str(old or now) for old, now in zip(before, how, strict=True))
        first = bisect_right(moments, self.made)
        if first < last:
            yield first, last, how


@dataclass
class Standing:
    """How many recommendations there were at a moment, and where they and the promises stood."""

    number: int = 0
    progress: Counter[str] = field(default_factory=Counter)
    acceptance: Counter[str] = field(default_factory=Counter)
    promises: Counter[str] = field(default_factory=Counter)


def series(population: Population, total: int, moments: Sequence[datetime]) -> list[Standing]:
    """Return how the recommendations counted now, and the promises, stood before each of *moments*.

    They are in order. One that was not there yet, or that the actor did not see as it was then,
    is left out. Of more than COUNTED, see *total*, nothing is read and nothing returned.
    """
    if total > COUNTED:
        return []
    points = [Standing() for _ in moments]
    rows = population.rows(C.id, C.created_at, *(C[name] for name in AXES))
    for (first, last, (progress, acceptance, _)), number in seen_stretches(
        population, stretches(population, "recommendation", rows, AXES, moments)
    ).items():
        for point in points[first:last]:
            point.number += number
            point.progress[progress] += number
            point.acceptance[acceptance] += number
    promises = population.promises(Commitment.id, Commitment.created_at, Commitment.state)
    for _, first, last, (state,) in stretches(
        population, "commitment", promises.subquery(), ("state",), moments
    ):
        for point in points[first:last]:
            point.promises[state] += 1
    return points


def seen_stretches(
    population: Population, found: list[Stretch]
) -> Counter[tuple[int, int, tuple[str, ...]]]:
    """Return how often each of the stretches *found* occurs, without those the actor did not see.

    What was done to a record while it was internal is for who has to do with it, and the staff.
    """
    view = view_of(population.actor)
    inside = {number for number, _, _, how in found if how[-1] == INTERNAL} if view.own else ()
    own = handled_now(population.session, population.actor, Recommendation, inside)
    counted: Counter[tuple[int, int, tuple[str, ...]]] = Counter()
    for number, first, last, how in found:
        is_own = number in own
        if sees(view, how[-1], lambda is_own=is_own: is_own):  # type: ignore[misc]
            counted[first, last, how] += 1
    return counted


def stretches(
    population: Population,
    kind: str,
    rows: sa.Subquery,
    names: Sequence[str],
    moments: Sequence[datetime],
) -> list[Stretch]:
    """Return how each record of *rows* stood before each of *moments*, by the columns *names*.

    *rows* has the number of a record, when it was made, and how it stands now.
    """
    records = population.session.execute(sa.select(rows)).all()
    changed: dict[int, list[tuple[datetime, Values]]] = {}
    for number, at, changes in population.session.execute(
        changing(kind, sa.select(rows.c.id), names).where(Event.at >= moments[0])
    ):
        changed.setdefault(number, []).append((at, json.loads(changes)))
    found: list[Stretch] = []
    for number, made, *now in records:
        history = History(made, tuple(map(str, now)), changed.get(number, ()))
        found += [(number, *stretch) for stretch in history.stretches(names, moments)]
    return found


def changing(kind: str, ids: sa.Select, names: Sequence[str]) -> sa.Select:
    """Return the SELECT of the events by which one of *names* changed of the records *ids*."""
    named = [Event.changes.contains(f'"{name}":', autoescape=True) for name in names]
    statement = sa.select(Event.record_id, Event.at, Event.changes).where(
        Event.record_type == kind, Event.record_id.in_(ids), Event.outcome == Outcome.DONE
    )
    return statement.where(sa.or_(*named)).order_by(Event.sequence)
