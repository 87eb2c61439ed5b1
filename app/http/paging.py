"""Cursors: opaque, good only for the list they came from, refused when altered."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import request

from app.core.queries.keyset import (
    Order,
    counting,
    ordered,
    page,
    page_values,
    read_number,
)
from app.core.queries.register_state import STATE
from app.core.rules.sizes import COUNTED
from app.core.schemas.messages import say
from app.core.types import Given
from app.http.call import Answer, Call
from app.http.problems import Invalid
from app.http.responses import Listed, next_link
from app.register.people.queries.reference_data import ReferenceData

Item = TypeVar("Item")

PAGING = ("limit", "cursor", "with_total", "expand", "fields", "facets")
"""What says how a list is shown, and not which."""
MARK_LENGTH = 12


def mark_of(values: list[str], filters: Given) -> str:
    """Return the check of a cursor: over its values, and the list and filters it belongs to."""
    named = {name: plain(value) for name, value in filters.items() if name not in PAGING}
    text = json.dumps([request.path, values, sorted(named.items())], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]


def check_cursor(filters: Given, orders: Mapping[str, Order]) -> None:
    """Raise Invalid when the cursor is none of a list in the order that *filters* ask for."""
    read_cursor(filters, orders[filters["sort"]].read)


def plain(value: object) -> str | list[str]:
    """Return the value of a filter as text, of one that stands several times as texts."""
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def write_cursor(key: list[Any], filters: Given) -> str:
    """Return the cursor that goes on after *key*."""
    values = [v.isoformat() if isinstance(v, date | datetime) else str(v) for v in key]
    content = json.dumps([mark_of(values, filters), *values])
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def read_cursor(filters: Given, readers: tuple[Callable[[str], Any], ...]) -> list[Any] | None:
    """Return the key after which the page begins, or None for the first page.

    Raises Invalid for a cursor that was altered, or that belongs to other filters.
    """
    cursor = filters.get("cursor")
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        mark, *values = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if mark != mark_of(values, filters):
            raise ValueError(mark)
        key = [read(value) for read, value in zip(readers, values, strict=True)]
        if write_cursor(key, filters) != cursor:  # written in another way than we write it
            raise ValueError(cursor)
        return key
    except (ValueError, TypeError, OverflowError, RecursionError):
        message = say(
            "游标无效：请原样使用上一页的 next，并保持其他筛选条件不变",
            "no valid cursor: use the next of the page before, with equal filters",
        )
        raise Invalid({"cursor": [message]}) from None


def listing(
    call: Call,
    statement: sa.Select,
    filters: Given,
    orders: Mapping[str, Order],
    values: Given | None = None,
    shown: Callable[[Sequence[Any]], Sequence[Any]] | None = None,
) -> Answer:
    """Return one page of *statement* in the one of *orders* that *filters* ask for.

    *values* are its parameters by name. Where the filters ask for the total, it is counted.
    """
    order = orders[filters["sort"]]
    after = read_cursor(filters, order.read)
    paged = ordered(statement.add_columns(STATE), order, after is not None)
    number = None
    if filters["with_total"]:
        number = call.session.scalar(counting(statement), dict(values or {}))
    return listed_page(call, Page(paged, order, after, values or {}, number), filters, shown)


@dataclass(frozen=True)
class Page:
    """One page that is to be read: its *statement* in *order*, *after* the key of the one before.

    *values* are its parameters by name, *number* how many rows there are, where that was counted.
    """

    statement: sa.Select
    order: Order
    after: list[Any] | None
    values: Given
    number: int | None = None


def listed_page(
    call: Call,
    wanted: Page,
    filters: Given,
    shown: Callable[[Sequence[Any]], Sequence[Any]] | None = None,
) -> Answer:
    """Return the page that is *wanted*, as *shown*, with the link to the next."""
    limit, order = filters["limit"], wanted.order
    parameters = {**wanted.values, **page_values(wanted.after, limit)}
    rows, key = page(call.session, wanted.statement, order, parameters, limit)
    cursor = write_cursor(key, filters) if key else None
    known = getattr(rows[0], "vocabulary_version", None) if rows else None

    def going_on(number: int) -> str:
        return write_cursor(order.key(rows[number - 1]), filters)

    items = shown(rows) if shown else rows
    return Answer(
        Listed(items, cursor, wanted.number, going_on, order.stable, filters.get("as_of")),
        headers=next_link(cursor),
        vocabulary=call.vocabulary(known),
        state=rows[0].register_state if rows else None,
        fields=filters.get("fields", ()),
    )


def sliced(
    filters: Given,
    rows: Callable[[int, bool], Iterable[Item]],
    key: Callable[[Item], int],
) -> Listed:
    """Return one page of what is found out row by row, in an order that does not change.

    *rows* gives those beyond a number, 0 for all of them, upwards or backwards; *key* is the number
    of one. No more of them are asked for than tell whether it goes on, and for the total.
    """
    limit, backwards = filters["limit"], filters["sort"].startswith("-")
    begun = read_cursor(filters, (read_number,))
    found = list(islice(rows(int(begun[0]) if begun else 0, backwards), limit + 1))
    number = None
    if filters["with_total"]:
        number = sum(1 for _ in islice(rows(0, False), COUNTED + 1))

    def after(kept: int) -> str:
        return write_cursor([key(found[kept - 1])], filters)

    cursor = after(limit) if len(found) > limit else None
    return Listed(found[:limit], cursor, number, after, is_stable=True)


def page_answer(page: Listed, state: str, vocabulary: ReferenceData | None = None) -> Answer:
    """Return *page*, read in *state*, with the link to the next, dumped with *vocabulary*."""
    return Answer(page, headers=next_link(page.next), vocabulary=vocabulary, state=state)
