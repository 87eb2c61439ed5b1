"""Lists of the contract that one answer does not hold, read on page by page."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.console.calls import ask
from app.core.types import Given, Values

AT_ONCE, MOST_PAGES = 200, 5
"""How many records one call lists at most, and how many calls a page makes for one list."""


@dataclass(frozen=True)
class ReadOn:
    """The first *rows* of a list, and the cursor of those that were not read; None for whole."""

    rows: list[Values]
    next: str | None

    @property
    def is_whole(self) -> bool:
        """Return whether nothing of the list is missing."""
        return self.next is None


def most_read() -> int:
    """Return how many records of a list a page reads at most."""
    return AT_ONCE * MOST_PAGES


def read_on(operation: str, cursor: str | None = None, **query: object) -> ReadOn:
    """Return what *operation* lists from *cursor* on, `most_read` at most; raise Refusal.

    It is one call where one answer holds them all.
    """
    rows: list[Values] = []
    for _ in range(MOST_PAGES):
        shown = ask(operation, None, limit=AT_ONCE, cursor=cursor, **query)
        rows += shown["items"]
        cursor = shown["next"]
        if cursor is None:
            break
    return ReadOn(rows, cursor)


def every(operation: str, path: Given | None = None, **query: object) -> Iterator[Values]:
    """Yield all that *operation* lists, under *path* if it has one; for short lists alone."""
    cursor: str | None = None
    while True:
        shown = ask(operation, path, limit=AT_ONCE, cursor=cursor, **query)
        yield from shown["items"]
        cursor = shown["next"]
        if cursor is None:
            return
