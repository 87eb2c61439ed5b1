"""Which fields a list shows of each record: all, some, and what is brought along."""

from collections.abc import Sequence
from functools import cache

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

    items = fields.List(fields.Dict(), required=True)


def expansions_of(answers: type[Schema]) -> tuple[str, ...]:
    """Return what the list *answers* brings along when asked: what its items need not have."""
    return tuple(getattr(answers, "expands", ()))


@cache
def dump_with(answers: type[Schema], expand: tuple[str, ...] = ()) -> Dump:
    """Return the dump of *answers* with the expansions *expand*, and no others."""
    left_out = [f"items.{name}" for name in expansions_of(answers) if name not in expand]
    return compile_dump(answers(exclude=left_out))


def fields_of(item: type[Schema]) -> Several:
    """Return the parameter `fields` of a list of *item*; schemas have an attribute of that name."""
    names = Choice(tuple(item().fields), named=f"{item.__name__.removesuffix('Schema')}Field")
    own = {"data_key": "fields", "attribute": "fields", "metadata": {"description": FIELDS}}
    return Several(names, commas=True, **own)


def expand_of(answers: type[PageSchema]) -> Several:
    """Return the parameter `expand` of the list *answers*, which has what it `expands`."""
    named = f"{answers.__name__.removesuffix('PageSchema')}Expansion"
    names = Choice(answers.expands, named=named)
    return Several(names, commas=True, metadata={"description": EXPAND})


FIELDS = (
    f"Only these fields of each item, one by one or with commas; the answer is `{MEDIA_TYPE}` then."
    " What is in `expand` is named here as well."
)
EXPAND = "What is shown besides of each item, as its own page shows it; may have commas."


def selected(written: Values, names: Sequence[str]) -> Values:
    """Return the page *written* with items that have the fields *names* alone."""
    items = [{name: item[name] for name in names if name in item} for item in written["items"]]
    return written | {"items": items}
