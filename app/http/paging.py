"""Cursors: opaque, good only for the list they came from, refused when altered."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask import request

from app.core.queries.keyset import Order, ordered, page, page_values, read_number
from app.core.schemas.messages import say
from app.core.types import Given
from app.http.call import Answer, Call
from app.http.problems import Invalid
from app.http.responses import Listed, next_link
from app.register.people.queries.reference_data import ReferenceData

PAGING = ("limit", "cursor", "with_total")
MARK_LENGTH = 12


def mark_of(values: list[str], filters: Given) -> str:
    """Return the check of a cursor: over its values, and the list and filters it belongs to."""
    named = {name: str(value) for name, value in filters.items() if name not in PAGING}
    text = json.dumps([request.path, values, sorted(named.items())], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]


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
    order: Order,
    values: Given | None = None,
    shown: Callable[[Sequence[Any]], Sequence[Any]] | None = None,
) -> Answer:
    """Return one page of *statement* in *order*; *values* are its parameters by name.

    Where the filters ask for the total, it is counted.
    """
    after = read_cursor(filters, order.read)
    paged = ordered(statement, order, after is not None)
    total = None
    if filters.get("with_total"):
        every = sa.select(sa.func.count()).select_from(statement.subquery())
        total = call.session.scalar(every, dict(values or {}))
    return listed_page(call, Page(paged, order, after, values or {}, total), filters, shown)


@dataclass(frozen=True)
class Page:
    """One page that is to be read: its *statement* in *order*, *after* the key of the one before.

    *values* are its parameters by name, *total* how many rows there are, where that was counted.
    """

    statement: sa.Select
    order: Order
    after: list[Any] | None
    values: Given
    total: int | None = None


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

    return Answer(
        Listed(shown(rows) if shown else rows, cursor, wanted.total, going_on),
        headers=next_link(cursor),
        vocabulary=call.vocabulary(known),
    )


def sliced(filters: Given, rows: Iterable[Any], key: Callable[[Any], int]) -> Listed:
    """Return one page of *rows*, which are in the order of their *key* and begin after the cursor.

    No more of them are asked for than tell whether it goes on.
    """
    limit = filters["limit"]
    found = list(islice(rows, limit + 1))

    def after(number: int) -> str:
        return write_cursor([key(found[number - 1])], filters)

    cursor = after(limit) if len(found) > limit else None
    return Listed(found[:limit], cursor, None, after)


def number_after(filters: Given) -> int:
    """Return the key after which a page of sliced() begins: 0 for the first."""
    key = read_cursor(filters, (read_number,))
    return 0 if key is None else int(key[0])


def page_answer(page: Listed, vocabulary: ReferenceData | None = None) -> Answer:
    """Return *page* with the link to the next, dumped with the names of *vocabulary*."""
    return Answer(page, headers=next_link(page.next), vocabulary=vocabulary)
