"""What every list takes and answers, and what operations take that are about one record."""

from typing import ClassVar

from marshmallow import fields

from app.core.rules.sizes import COUNTED
from app.core.schemas.date_fields import Day, Instant
from app.core.schemas.fields import Flag, Input, Line, Number, Output
from app.core.schemas.filters import BY_CHANGE, BY_ID, UPDATED_SINCE, sort_by


class PageFilterSchema(Input):
    """How much of a list, and from where."""

    limit = Number(
        1,
        200,
        query=True,
        load_default=50,
        metadata={"description": "How many records a page has at most; fewer where they are long."},
    )
    cursor = Line(
        1000, metadata={"description": "The `next` of the page before; only with equal filters."}
    )
    with_total = Flag(
        load_default=False,
        metadata={"description": f"Also count the list, up to {COUNTED:,} records."},
    )


class OrderedFilterSchema(PageFilterSchema):
    """How much of a list, from where, and in which order."""

    sort = sort_by(BY_ID)


class NumberedFilterSchema(PageFilterSchema):
    """The same of what is numbered within one record."""

    sort = sort_by(("number", "-number"))


class EventFilterSchema(PageFilterSchema):
    """The same of events."""

    sort = sort_by(("sequence", "-sequence"))


class ChangedFilterSchema(PageFilterSchema):
    """The same of records that change, and since when they did."""

    updated_since = Instant(metadata={"description": UPDATED_SINCE})
    sort = sort_by(BY_CHANGE)


class MomentFilterSchema(Input):
    """The moment to look at."""

    as_of = Instant(metadata={"description": "Show the state at this past moment."})


def as_of_day() -> Day:
    """Return the filter of the day as of which a list is shown."""
    return Day(metadata={"description": "States as they stood when this day ended."})


class NoFilterSchema(Input):
    """An operation without query parameters."""


class PageSchema(Output):
    """One page of a list; each list declares its items, and what of them it `expands`."""

    expands: ClassVar[tuple[str, ...]] = ()

    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The cursor of the next page, or null on the last one."},
    )
    total = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "How many records the list has; null unless asked for."},
    )
    total_is_exact = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={
            "description": f"False: there are more than `total`, which is {COUNTED:,}. Null unless"
            " the total was asked for."
        },
    )
    is_stable = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether paging to the end meets every record, whatever changes"
            " meanwhile. False: in this order a record that changes may move to where you have"
            " been, and be missed. Mirrors sort by `id` or `updated_at`."
        },
    )


class PastPageSchema(PageSchema):
    """One page of a list that can be shown as of a past day."""

    as_of = fields.Date(
        required=True,
        allow_none=True,
        metadata={
            "description": "The day as of which states are shown and asked for; all else is as it"
            " is today. Null: all is."
        },
    )
