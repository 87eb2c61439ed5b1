"""Which axes of records have periods, and what periods the changes of a record make."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from app.core.codes import Specificity
from app.core.types import Given


class StateAxis(NamedTuple):
    """The column that holds the state of an axis, and the state where it is empty."""

    column: str
    empty: str = ""


NOT_ENDED = "not_ended"

AXES: Mapping[str, Mapping[str, StateAxis]] = {
    "proposal": {"handling": StateAxis("handling_state")},
    "recommendation": {
        "progress": StateAxis("progress"),
        "acceptance": StateAxis("acceptance"),
        "ended": StateAxis("ended_as", NOT_ENDED),
        "specificity": StateAxis("specificity", Specificity.CONCRETE),
    },
    "assignment": {"state": StateAxis("state")},
    "commitment": {"state": StateAxis("state")},
}
"""Record, as events name it → axis → where its state stands.

The day on which an assignment is due is none of them: no event tells it when it begins.
"""

OFFICE = {
    "recommendation": "lead_office_id",
    "assignment": "office_id",
    "commitment": "office_id",
}
"""Record → the column of the office that its periods name; proposals have none."""

COLUMNS = {
    kind: (*(axis.column for axis in axes.values()), *([OFFICE[kind]] if kind in OFFICE else []))
    for kind, axes in AXES.items()
}
"""Record → the columns that its periods follow from."""

Standing = tuple[str, int | None]
"""A state, and the office that had the record then."""


class Period(NamedTuple):
    """That an axis stood so *from_at* a moment *until_at* another (None: still)."""

    axis: str
    state: str
    office_id: int | None
    from_at: datetime
    until_at: datetime | None


def standing_of(kind: str, values: Given) -> dict[str, Standing]:
    """Return how each axis of a record of *kind* stands that has *values* in its columns."""
    office = values[OFFICE[kind]] if kind in OFFICE else None
    return {
        name: (str(values[axis.column] or axis.empty), office) for name, axis in AXES[kind].items()
    }


def periods_of(
    kind: str, now: Given, made: datetime, changed: Sequence[tuple[datetime, Given]]
) -> list[Period]:
    """Return the periods of a record of *kind* that has the columns *now*, oldest first.

    *changed* are the changes that its events tell, in order; without any it stands so since it was
    *made*. What came later at the same moment counts.
    """
    values, points = dict(now), []
    for at, changes in reversed(changed):
        points.append((at, standing_of(kind, values)))
        values |= {name: changes[name][0] for name in COLUMNS[kind] if name in changes}
    by_moment = dict(reversed(points)) or {made: standing_of(kind, values)}
    return [period for axis in AXES[kind] for period in of_axis(axis, by_moment)]


def of_axis(axis: str, by_moment: Mapping[datetime, Mapping[str, Standing]]) -> list[Period]:
    """Return the periods of one *axis* of what stood so since each moment, in order."""
    found: list[Period] = []
    for at, standing in by_moment.items():
        state, office = standing[axis]
        if found and (found[-1].state, found[-1].office_id) == (state, office):
            continue
        if found:
            found[-1] = found[-1]._replace(until_at=at)
        found.append(Period(axis, state, office, at, None))
    return found
