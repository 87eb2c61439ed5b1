"""One page for each list: what stands in it, found by words, each with what may be done."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Response, request

from app.console.calls import ask
from app.console.pages import page
from app.console.registry.access import check_may_call
from app.core.errors import Sentence
from app.core.types import Given, Values

AT_ONCE = 50
"""How many records a page of a list shows."""

Link = tuple[str, Sentence]


@dataclass(frozen=True)
class ListedRow:
    """A row of a list: its *name*, what is said of it, and where what may be done leads."""

    name: str
    detail: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Listing:
    """A list: its *title*, the reading *operation*, the one that *opens* it, and how rows look.

    *query* narrows and sorts what the operation lists.
    """

    title: Sentence
    operation: str
    opens: str
    row: Callable[[Values], ListedRow]
    links: tuple[Link, ...]
    is_searched: bool = True
    query: Given = field(default_factory=dict)


def list_page(listing: Listing) -> Response:
    """Return the page of *listing*, of what the address searches."""
    check_may_call(listing.opens)
    words = request.args.get("q", "").strip()
    query = {**listing.query, **({"q": words or None} if listing.is_searched else {})}
    shown = ask(listing.operation, None, limit=AT_ONCE, cursor=request.args.get("cursor"), **query)
    return page(
        "registry/list.html",
        listing=listing,
        rows=[listing.row(one) for one in shown["items"]],
        words=words,
        following=shown["next"],
    )


def said(*parts: object) -> str:
    """Return what is said of a row: its *parts* that are there, with marks between."""
    return " · ".join(str(part) for part in parts if part)
