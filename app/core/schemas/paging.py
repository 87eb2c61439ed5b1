"""What every list takes and answers, and what operations take that are about one record."""

from marshmallow import fields

from app.core.schemas.date_fields import Instant
from app.core.schemas.fields import Flag, Input, Line, Number, Output


class PageFilterSchema(Input):
    """How much of a list, and from where."""

    limit = Number(1, 200, query=True, load_default=50, metadata={"description": "Page size."})
    cursor = Line(
        1000, metadata={"description": "The `next` of the page before; only with equal filters."}
    )


class MomentFilterSchema(Input):
    """The moment to look at."""

    as_of = Instant(metadata={"description": "Show the state at this past moment."})


class NoFilterSchema(Input):
    """An operation without query parameters."""


class CountedFilterSchema(PageFilterSchema):
    """The same, with a count on request."""

    with_total = Flag(
        load_default=False,
        metadata={"description": "Also count every record of the list; costs time on long lists."},
    )


class PageSchema(Output):
    """One page of a list; each list declares its items."""

    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The cursor of the next page, or null on the last one."},
    )


class CountedPageSchema(PageSchema):
    """One page of a list that can be counted."""

    total = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "How many records the list has; null unless asked for."},
    )
