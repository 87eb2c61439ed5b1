"""What rows are made of: columns that come later, and what is found beside them."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from app.core.types import Model, Row

KEPT_BACK = ("version", "created_at", "updated_at")
"""What lists of reference data do not show."""


def later(model: Model, *known: Any) -> tuple[Any, ...]:
    """Return the columns of *model* that are none of the *known* ones: names, or columns.

    A list of what answers show is complete when it is written; a column that comes later is read
    with it, so that a field of a schema finds it. What answers never show is named as known.
    """
    names = {one if isinstance(one, str) else one.key for one in known}
    return tuple(c for c in model.__table__.columns if c.key not in names)


def expanded(rows: Sequence[Row], **parts: Mapping[int, Any]) -> list[SimpleNamespace]:
    """Return *rows* with further attributes: name → value by the row's id."""
    return [
        SimpleNamespace(
            **row._mapping, **{name: found.get(row.id) for name, found in parts.items()}
        )
        for row in rows
    ]
