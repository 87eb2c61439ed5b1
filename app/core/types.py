"""Names for shapes that stand everywhere: values by name, and what changed."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

Values = dict[str, Any]
"""Name → value: what a body or a query says once it is loaded, or the columns of a row."""

Given = Mapping[str, Any]
"""The same, where it is only read."""

Pair = tuple[Any, Any]
"""(from, to), in JSON values."""

Changes = Mapping[str, Pair]
"""Field → (from, to): what an event tells."""

NewChanges = dict[str, Pair]
"""The same, while it is put together."""

Model = type[Any]
"""The class of a table's records."""

Row = sa.Row
"""A row of a statement's answer."""

Condition = sa.ColumnElement[bool]
"""What holds of a row or does not, in SQL."""

Conditions = dict[str, Callable[[Any], Any]]
"""Filter → the condition on a row, given its value."""

Expression = sa.SQLColumnExpression[Any]
"""A column, or what is worked out of columns, in SQL."""

Function = Callable[..., Any]
"""A function of any parameters: a view, what a decorator makes of one."""
