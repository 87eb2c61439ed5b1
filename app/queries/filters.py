"""Filters of a list whose conditions are built from their values."""

from collections.abc import Callable, Mapping
from typing import Any


def asked(conditions: Mapping[str, Callable[[Any], Any]], filters: Mapping[str, Any]) -> list[Any]:
    """Return the *conditions* that *filters* name, each with its value."""
    return [condition(filters[name]) for name, condition in conditions.items() if name in filters]
