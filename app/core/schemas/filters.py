"""The kinds of filters that lists take: names of records, repeated values, and an order."""

from collections.abc import Iterable
from typing import Any

from marshmallow import fields

from app.core.rules.folding import folded
from app.core.schemas.fields import Choice, Line
from app.core.schemas.messages import Messages, say
from app.core.types import Given

MOST_VALUES = 50
"""How often one filter may stand in a query."""


class Named(Line):
    """The name of a record that there is: its slug, its reference or its number.

    Whatever else is written is looked for as well, so that the answer can say what was meant.
    """

    def __init__(self, **kwargs: Any) -> None:
        """Allow 100 characters."""
        super().__init__(100, **kwargs)


class CaseNo(Line):
    """A case number that is looked for: it comes out as numbers are compared."""

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> str:
        return folded(super()._deserialize(value, attr, data, **kwargs))


class Several(fields.List):
    """One value or several, each by a parameter of the same name: any of them will do.

    They come out sorted and each once, so that the same question is the same filter. With *commas*
    one parameter may hold several.
    """

    default_error_messages: Messages = {
        "often": say(f"最多写 {MOST_VALUES} 次", f"may stand {MOST_VALUES} times at most"),
    }

    def __init__(self, inner: fields.Field[Any], *, commas: bool = False, **kwargs: Any) -> None:
        """Take values of the field *inner*."""
        self.commas = commas
        metadata = {"minItems": 1, "maxItems": MOST_VALUES} | kwargs.pop("metadata", {})
        super().__init__(inner, metadata=metadata, **kwargs)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> list[Any]:
        given = value if isinstance(value, list) else [value]
        if self.commas:
            given = [part for one in given for part in str(one).split(",")]
        if len(given) > MOST_VALUES:
            raise self.make_error("often")
        return sorted({self.inner.deserialize(one, attr, data, **kwargs) for one in given})


BY_ID = ("id", "-id")
BY_CHANGE = (*BY_ID, "updated_at", "-updated_at")
"""The orders of a list whose records change."""


ORDERS = {
    ("-id", "id"): "OrderById",
    ("-id", "-updated_at", "id", "updated_at"): "OrderByChange",
    ("-id", "-updated_at", "due_on", "id", "updated_at"): "OrderByChangeOrDueDay",
    ("-id", "-updated_at", "due_on", "id", "promised_on", "updated_at"): "OrderOfPromises",
    ("-id", "due_on", "id"): "OrderByDueDay",
    ("-id", "expires_at", "id"): "OrderByEnd",
    ("-number", "number"): "OrderByNumber",
    ("-sequence", "sequence"): "OrderBySequence",
}
"""What the contract calls each closed list of orders."""


def sort_by(orders: Iterable[str], usual: str | None = None) -> Choice:
    """Return the parameter `sort` that takes *orders*, the *usual* one or the first by default."""
    names = tuple(orders)
    first, called = usual or names[0], ORDERS[tuple(sorted(names))]
    return Choice(
        tuple(sorted(names)), named=called, load_default=first, metadata={"description": SORT}
    )


SORT = "The order; `-` turns it round. What is equal in it stands in the order of the id."
CASE_NO = "This case number, in whatever width and case; each session and kind counts anew."
UPDATED_SINCE = "Changed at or after this moment."


class Asking(Line):
    """The query of a list of recommendations, inside that of another list."""

    def __init__(self) -> None:
        """Allow what fits into an address."""
        super().__init__(4000, metadata={"description": ASKING})


ASKING = "With one of the recommendations that `listRecommendations` lists for this query."
