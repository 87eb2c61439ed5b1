"""One page of a list, by keyset: the rows after the last one seen, in a total order.

Values are parameters by name, so that a statement is built once for each shape of a list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.rules.sizes import COUNTED
from app.core.types import Expression, Given, Row, Values


@dataclass(frozen=True)
class Order:
    """One order of a list: what it sorts by, the last of it unique, and which way round.

    *columns* are never null, *read* turns the texts of a cursor into their values, *key* gives
    those values of a row. It is *stable* where no change moves a row to before the cursor.
    """

    columns: tuple[Any, ...]
    read: tuple[Callable[[str], Any], ...]
    key: Callable[[Any], list[Any]]
    descending: bool = False
    stable: bool = False


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


def by_number(column: Expression, name: str) -> dict[str, Order]:
    """Return both orders by *column*, a number that rows have under *name* and that stays."""

    def key(row: Row) -> list[object]:
        return [getattr(row, name)]

    return {
        name: Order((column,), (read_number,), key, stable=True),
        f"-{name}": Order((column,), (read_number,), key, descending=True, stable=True),
    }


def by_change(columns: Any) -> dict[str, Order]:
    """Return the orders by id, and by the latest change, of the rows of *columns*.

    What changes goes to the end of the order by change, so that nobody who pages misses it; in
    the opposite order it goes to where they have been.
    """
    changed = (columns.updated_at, columns.id), (read_moment, read_number)

    def key(row: Row) -> list[object]:
        return [row.updated_at, row.id]

    return {
        **by_number(columns.id, "id"),
        "updated_at": Order(*changed, key, stable=True),
        "-updated_at": Order(*changed, key, descending=True),
    }


ONE: sa.ColumnClause[int] = sa.literal_column("1", sa.Integer)


def counting(rows: sa.Select) -> sa.Select:
    """Return the SELECT that counts *rows*, as far as totals are counted and one more."""
    some = rows.with_only_columns(ONE, maintain_column_froms=True).order_by(None)
    return sa.select(sa.func.count()).select_from(some.limit(COUNTED + 1).subquery())


def ordered(statement: sa.Select, order: Order, goes_on: bool) -> sa.Select:
    """Return one page of *statement*; its parameters are those of page_values()."""
    if goes_on:
        statement = statement.where(beyond(order))
    return statement.order_by(*sorted_by(order)).limit(PAGE_ROWS)


def sorted_by(order: Order) -> list[Expression]:
    """Return what a statement in *order* is sorted by."""
    return [c.desc() if order.descending else c.asc() for c in order.columns]


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
