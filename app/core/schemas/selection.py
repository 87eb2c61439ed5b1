"""Which fields a list shows of each record: all, some, and what is brought along."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from app.core.schemas.dump import Dump, compile_dump
from app.core.schemas.fields import Choice
from app.core.schemas.filters import Several
from app.core.schemas.paging import PageSchema
from app.core.types import Values

MEDIA_TYPE = "application/vnd.proposal-register.selection+json"
"""Of a page whose items have only the fields that were asked for."""


class SelectionSchema(PageSchema):
    """One page of a list whose items have only the fields that were asked for."""

    as_of = fields.Date(
        allow_none=True, metadata={"description": "As in the whole list, where that has it."}
    )
    items = fields.List(fields.Dict(), required=True)


def expansions_of(answers: type[Schema]) -> tuple[str, ...]:
    """Return what the list *answers* brings along when asked: what its items need not have."""
    return tuple(getattr(answers, "expands", ()))


@cache
def dump_with(answers: type[Schema], expand: tuple[str, ...] = ()) -> Dump:
    """Return the dump of *answers* with the expansions *expand*, and no others."""
    left_out = [f"items.{name}" for name in expansions_of(answers) if name not in expand]
    return compile_dump(answers(exclude=left_out))


def fields_of(answers: type[PageSchema]) -> Several:
    """Return the parameter `fields` of the list *answers*; schemas have an attribute so called."""
    items: Any = answers().fields["items"]
    named = f"{answers.__name__.removesuffix('PageSchema')}Field"
    names = Choice(tuple(items.inner.schema.fields), named=named)
    said = f"{FIELDS} {EXPANDED}" if answers.expands else FIELDS
    own = {"data_key": "fields", "attribute": "fields", "metadata": {"description": said}}
    return Several(names, commas=True, **own)


def expand_of(answers: type[PageSchema]) -> Several:
    """Return the parameter `expand` of the list *answers*, which has what it `expands`."""
    named = f"{answers.__name__.removesuffix('PageSchema')}Expansion"
    names = Choice(answers.expands, named=named)
    return Several(names, commas=True, metadata={"description": EXPAND})


FIELDS = (
    f"Only these fields of each item, one by one or with commas; the answer is `{MEDIA_TYPE}` then."
)
EXPANDED = "What is in `expand` is named here as well."
EXPAND = (
    "What else is shown of each item, as its own page shows it; several may be joined by commas."
)


def selected(written: Values, names: Sequence[str]) -> Values:
    """Return the page *written* with items that have the fields *names* alone."""
    items = [{name: item[name] for name in names if name in item} for item in written["items"]]
    return written | {"items": items}
