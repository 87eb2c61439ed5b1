"""Filters of a list whose conditions are built from their values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.sql.visitors import replacement_traverse

from app.core.base import Head
from app.core.types import Condition, Expression, Given, Values


def asked(conditions: Mapping[str, Callable[[Any], Any]], filters: Given) -> list[Any]:
    """Return the *conditions* that *filters* name, each with its value."""
    return [condition(filters[name]) for name, condition in conditions.items() if name in filters]


def as_kept(values: Iterable[object]) -> list[object]:
    """Return *values* as the database keeps them: codes as their text."""
    return [str(one) if isinstance(one, StrEnum) else one for one in values]


def among(column: Expression) -> Callable[[Sequence[object]], Condition]:
    """Return the condition that *column* is one of the values of a filter: codes, ids, texts."""

    def condition(values: Sequence[object]) -> Condition:
        plain = as_kept(values)
        return column == plain[0] if len(plain) == 1 else column.in_(plain)

    return condition


def value(name: str, of: Any) -> sa.BindParameter:
    """Return the parameter *name*, of the type of the column *of*."""
    return sa.bindparam(name, type_=of.type)


def one_of(name: str, column: Any) -> Condition:
    """Return the condition that *column* is one of the values of the parameter *name*."""
    return column.in_(sa.bindparam(name, expanding=True, type_=column.type))


def either(columns: Mapping[str, Expression]) -> Values:
    """Return for each of *columns* by name: the condition that it is the value of that name, and
    that it is one of several, as spread() names them.
    """
    single = {name: column == value(name, column) for name, column in columns.items()}
    return single | {f"any_{n}": one_of(f"any_{n}", column) for n, column in columns.items()}


def inside(rows: sa.Select, values: Given) -> sa.Select:
    """Return *rows* with the *values* of its parameters, to stand in a statement that has its own.

    Their names change, so that the other's of the same name keep theirs.
    """

    def named(element: object, **_: object) -> sa.BindParameter[object] | None:
        if not isinstance(element, sa.BindParameter) or element.key not in values:
            return None
        key, kind = element.key, element.type
        name = f"inside_{key}"
        return sa.bindparam(name, values[key], type_=kind, expanding=element.expanding)

    return cast("sa.Select", replacement_traverse(rows, {}, named))


def spread(filters: Given, names: Iterable[str]) -> Values:
    """Return what *filters* have under *names*: one value under its name, several under ``any_``
    and that, codes as text. So the parameters of a statement that is built once are named.
    """
    found: Values = {}
    for name in names:
        if name in filters:
            several = as_kept(filters[name])
            found |= {name: several[0]} if len(several) == 1 else {f"any_{name}": several}
    return found


VERSION = sa.select(Head.vocabulary_version).scalar_subquery().label("vocabulary_version")
"""A column for any SELECT: the version a process must know to show the row."""
