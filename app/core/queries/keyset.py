"""One page of a list, by keyset: the rows after the last one seen, in a total order.

Values are parameters by name, so that a statement is built once for each shape of a list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.types import Expression, Given, Row, Values


@dataclass(frozen=True)
class Order:
    """One order of a list: what it sorts by, the last of it unique, and which way round.

    *columns* are never null, *read* turns the texts of a cursor into their values, *key* gives
    those values of a row.
    """

    columns: tuple[Any, ...]
    read: tuple[Callable[[str], Any], ...]
    key: Callable[[Any], list[Any]]
    descending: bool = False


LONGEST_ID = 18

PAGE_ROWS = sa.bindparam("page_rows", type_=sa.Integer, literal_execute=True)
"""Written into the statement: a planner that does not know it guesses a tenth of all rows."""


def read_number(text: str) -> int:
    """Return the id that *text* stands for; raise ValueError when no record can have it."""
    if len(text) > LONGEST_ID:
        raise ValueError(text)
    return int(text)


def read_moment(text: str) -> datetime:
    """Return the moment that *text* stands for, in UTC; raise ValueError without an offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def by_id(column: Expression, descending: bool = False) -> Order:
    """Return the order by *column*, which rows call ``id``."""
    return Order((column,), (read_number,), lambda row: [row.id], descending)


def ordered(statement: sa.Select, order: Order, goes_on: bool) -> sa.Select:
    """Return one page of *statement*; its parameters are those of page_values()."""
    if goes_on:
        statement = statement.where(beyond(order))
    sorts = [c.desc() if order.descending else c.asc() for c in order.columns]
    return statement.order_by(*sorts).limit(PAGE_ROWS)


def beyond(order: Order) -> Any:
    """Return the condition that a row stands after the key that the page goes on from."""
    after = [sa.bindparam(f"after_{n}", type_=c.type) for n, c in enumerate(order.columns)]
    left: Any = order.columns[0]
    right: Any = after[0]
    if len(after) > 1:
        left, right = sa.tuple_(*order.columns), sa.tuple_(*after)
    return left < right if order.descending else left > right


def page_values(after: Sequence[Row] | None, limit: int) -> Values:
    """Return the parameters of a page: one row more is asked for, to know whether it goes on."""
    return {"page_rows": limit + 1} | {f"after_{n}": v for n, v in enumerate(after or ())}


def page(
    session: Session,
    statement: sa.Select,
    order: Order,
    values: Given,
    limit: int,
) -> tuple[Sequence[Row], list[Any] | None]:
    """Return at most *limit* rows, and the key of the last one when more follow."""
    rows = session.connection().execute(statement, values).all()
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], order.key(rows[limit - 1])
