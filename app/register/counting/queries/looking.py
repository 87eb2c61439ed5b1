"""How a figure looks at records: as whom, and on which day."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.core.queries.filters import as_kept
from app.core.rules.permissions import Actor
from app.core.types import Condition, Expression
from app.register.periods.models import StatePeriod
from app.register.periods.queries.standing import stood_in


@dataclass(frozen=True)
class Looking:
    """As whom, and on which *day*: with a *moment*, as records stood just before it, else now."""

    actor: Actor
    day: date
    moment: datetime | None = None


Part = Callable[[Looking], list[Condition]]
"""What of the records of a list belongs to a part of a figure."""

State = Callable[[Looking], Condition]


def fixed(*conditions: Condition) -> State:
    """Return the condition that all *conditions* hold, however it is looked."""
    return lambda looking: sa.and_(sa.true(), *conditions)


def every(*states: State) -> Part:
    """Return the part for which all *states* hold."""
    return lambda looking: [state(looking) for state in states]


def stands(
    kind: str, axis: str, column: Expression, key: Expression, codes: Collection[str]
) -> State:
    """Return the condition that record *key* of *kind* stands in one of *codes* on *axis*.

    *column* is where it stands so now.
    """
    wanted = as_kept(sorted(codes))

    def condition(looking: Looking) -> Condition:
        if looking.moment is None:
            return column.in_(wanted)
        moment = sa.literal(looking.moment, StatePeriod.from_at.type)
        return stood_in(kind, axis, lambda state: state.in_(wanted), key, moment)

    return condition
