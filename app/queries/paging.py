"""One page of a list, by keyset: the rows after the last one seen, in a total order."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

Columns = tuple[Any, ...]


def page(
    session: Session,
    statement: sa.Select,
    columns: Columns,
    *,
    descending: bool,
    after: Sequence[Any] | None,
    limit: int,
) -> tuple[list[sa.Row], list[Any] | None]:
    """Return at most *limit* rows after the key *after*, and the key of the last when more follow.

    *columns* make a total order, each not null; the last is unique. They come back as extra
    columns at the end of each row.
    """
    keys = [column.label(f"key_{n}") for n, column in enumerate(columns)]
    statement = statement.add_columns(*keys)
    if after is not None:
        statement = statement.where(beyond(columns, after, descending))
    order = [column.desc() if descending else column.asc() for column in columns]
    found = list(session.execute(statement.order_by(*order).limit(limit + 1)))
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], [getattr(last, f"key_{n}") for n in range(len(columns))]


def beyond(columns: Columns, after: Sequence[Any], descending: bool) -> Any:
    """Return the condition that a row stands after the key *after*."""
    if len(columns) == 1:
        return columns[0] < after[0] if descending else columns[0] > after[0]
    left = sa.tuple_(*columns)
    types = [column.type for column in columns]
    right = sa.tuple_(*(sa.literal(v, t) for v, t in zip(after, types, strict=True)))
    return left < right if descending else left > right
