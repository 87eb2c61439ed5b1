"""What rows are made of: columns that come later, and what is found beside them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import sqlalchemy as sa

from app.core.base import CodeText
from app.core.types import Model, Row

KEPT_BACK = ("created_at",)
"""What lists of reference data do not show."""


def later(model: Model, *known: Any) -> tuple[Any, ...]:
    """Return the columns of *model* that are none of the *known* ones: names, or columns.

    A list of what answers show is complete when it is written; a column that comes later is read
    with it, so that a field of a schema finds it. What answers never show is named as known.
    """
    names = {one if isinstance(one, str) else one.key for one in known}
    return tuple(c for c in model.__table__.columns if c.key not in names)


def labelled(columns: object, prefix: str, names: Iterable[str]) -> tuple[Any, ...]:
    """Return the *names* of *columns*, those of another record in a row: each after *prefix*."""
    return tuple(getattr(columns, name).label(f"{prefix}_{name}") for name in names)


def as_text(columns: Iterable[Any]) -> tuple[sa.ColumnElement, ...]:
    """Return *columns* with codes read as the text they are kept as.

    Rows of lists go out as they are, and members would have to be written back one by one.
    """
    return tuple(
        sa.type_coerce(c, sa.String).label(c.key) if isinstance(c.type, CodeText) else c
        for c in columns
    )


class View:
    """What an answer shows of one record: the columns of its row, and what was found beside it.

    It never changes: having() gives another one, with more values or with others.
    """

    __slots__ = ("__dict__",)

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    @classmethod
    def of(cls, row: Row, **beside: Any) -> "View":
        """Return a view of the columns of *row*, with what is *beside* it."""
        return cls(**{**row._mapping, **beside})

    @classmethod
    def of_record(cls, record: object, names: Iterable[str], **beside: Any) -> "View":
        """Return a view of the columns *names* of an entity, with what is *beside* it."""
        return cls(**{**{name: getattr(record, name) for name in names}, **beside})

    def having(self, **values: Any) -> "View":
        """Return this with *values*, whatever it had under their names."""
        return View(**{**self.__dict__, **values})

    def __getattr__(self, name: str) -> Any:
        """Tell which value is missing."""
        raise AttributeError(f"nothing was read under the name {name}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse to change."""
        raise AttributeError(f"{name}: a view does not change")


def expanded(rows: Sequence[Row], **parts: Mapping[int, Any]) -> list[View]:
    """Return *rows* with further attributes: name → value by the row's id."""
    return [
        View.of(row, **{name: found.get(row.id) for name, found in parts.items()}) for row in rows
    ]
