"""Filters of a list whose conditions are built from their values."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from app.core.base import Head
from app.core.types import Given


def asked(conditions: Mapping[str, Callable[[Any], Any]], filters: Given) -> list[Any]:
    """Return the *conditions* that *filters* name, each with its value."""
    return [condition(filters[name]) for name, condition in conditions.items() if name in filters]


VERSION = sa.select(Head.vocabulary_version).scalar_subquery().label("vocabulary_version")
"""A column for any SELECT: the version a process must know to show the row."""
