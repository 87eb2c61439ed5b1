"""The filters by which a list shows just what a part of a figure counts."""

from app.core.schemas.fields import Choice, Line
from app.core.schemas.filters import Several
from app.register.counting.rules.figure import CountedUnit, Dimension
from app.register.counting.rules.figures import parts_of

WITHIN = (
    f"Of one `dimension:name`: {', '.join(map(str, Dimension))} (2026-03, 2026); `none`: of none."
)


def counted_in(unit: CountedUnit) -> Choice:
    """Return the filter for what a part of a figure of *unit* counts."""
    words = {"description": "Those that this part of a figure counts; see /figures."}
    return Choice(tuple(sorted(parts_of(unit))), metadata=words)


def within() -> Several:
    """Return the filter for what is of one office, tag, session or another dimension."""
    return Several(Line(120), metadata={"description": WITHIN})
