"""What the values of dimensions are called, in lists of groups."""

from collections.abc import Mapping, Sequence

from app.accounts.queries.visibility import INTERNAL, view_of
from app.core.codes import ProposalKind
from app.core.errors import Sentence
from app.core.rules.permissions import Actor
from app.http.call import Call
from app.register.counting.api import NONE
from app.register.counting.queries.dimensions import Value
from app.register.counting.rules.figure import Dimension
from app.register.documents.queries import documents_by_id
from app.register.people.queries.sittings import sittings_by_id

Named = tuple[str, Sentence]
"""What a value is called in an address, and for people."""

NAMELESS: Named = (NONE, ("无", "none"))


class Labels:
    """The names of all values of a page of groups, looked up once."""

    def __init__(
        self, call: Call, by: Sequence[Dimension], groups: Sequence[Sequence[Value]]
    ) -> None:
        """Look up what the values in each place of *groups* are called."""
        self.by = by
        self.names = [
            named(call, dimension, {values[place] for values in groups} - {None})
            for place, dimension in enumerate(by)
        ]

    def of(self, values: Sequence[Value]) -> tuple[list[str], Sentence]:
        """Return a group's values as ``dimension:name`` each, and what it is called."""
        found = [
            NAMELESS if value is None else self.names[place][value]
            for place, value in enumerate(values)
        ]
        names = [f"{dimension}:{name}" for dimension, (name, _) in zip(self.by, found, strict=True)]
        words = [label for _, label in found]
        return names, ("，".join(zh for zh, _ in words), ", ".join(en for _, en in words))


def named(call: Call, dimension: Dimension, values: set[Value]) -> Mapping[Value, Named]:
    """Return what the *values* of *dimension* are called."""
    if dimension in (Dimension.MONTH, Dimension.YEAR):
        return {value: dated(str(value)) for value in values}
    if dimension is Dimension.KIND:
        return {value: (str(value), ProposalKind(str(value)).labels) for value in values}
    numbers = {value for value in values if isinstance(value, int)}
    if dimension is Dimension.SESSION:
        sittings = sittings_by_id(call.session, set(numbers))
        return {
            n: (row.slug, (row.name_zh, row.name_en or row.name_zh)) for n, row in sittings.items()
        }
    if dimension is Dimension.DOCUMENT:
        documents = documents_by_id(call.session, set(numbers))
        return {n: (row.reference, (row.title, row.title)) for n, row in documents.items()}
    return curated(call, dimension, numbers)


def curated(call: Call, dimension: Dimension, numbers: set[int]) -> Mapping[Value, Named]:
    """Return what tags, or organizations, are called."""
    known = call.cache.fresh(call.session)
    found: dict[Value, Named] = {}
    for number in numbers:
        shown = (
            known.tag_by_id[number].shown
            if dimension is Dimension.TAG
            else known.organization_by_id[number]
        )
        found[number] = (shown["slug"], (shown["name_zh"], shown["name_en"] or shown["name_zh"]))
    return found


def dated(text: str) -> Named:
    """Return what a year, or a month such as 202603, is called."""
    if len(text) <= 4:
        return text, (f"{text}年", text)
    year, month = text[:4], text[4:]
    return f"{year}-{month}", (f"{year}年{int(month)}月", f"{year}-{month}")


def scope(actor: Actor) -> tuple[str, str]:
    """Return which records are counted for *actor*, in zh and en."""
    view = view_of(actor)
    if view.everything:
        return "全部记录", "all records"
    if INTERNAL in view.whole:
        return "已公开的和内部的记录", "published and internal records"
    if view.own:
        return "已公开的记录和本单位承办的记录", "published records, and what your office handles"
    return "已公开的记录", "published records"
