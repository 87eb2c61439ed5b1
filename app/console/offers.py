"""What a form offers to choose from: the records of a list, as far as a page reads it."""

from collections.abc import Iterable

from app.console.labels import office_name
from app.console.paging import ReadOn
from app.core.types import Values


class Offer(list[tuple[str, str]]):
    """Pairs of what is sent and the word that people read.

    *is_whole* says whether it is all that can be chosen; where it is not, a form has a field to
    type into, with these below it.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]] = (), *, is_whole: bool = True) -> None:
        super().__init__(pairs)
        self.is_whole = is_whole


def offer_of(found: ReadOn, rows: Iterable[Values] | None = None) -> Offer:
    """Return the slugs and names of what was *found*, or of these *rows* of it in their order."""
    pairs = ((one["slug"], office_name(one)) for one in (found.rows if rows is None else rows))
    return Offer(pairs, is_whole=found.is_whole)
