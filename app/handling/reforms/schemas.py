"""A reform of organizations over the interface."""

from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Input, Items, Line, Text
from app.core.schemas.filters import Named
from app.core.schemas.output_fields import Object
from app.register.people.schemas.organizations import OrganizationInputSchema

WHICH = {"description": "Slug of the organization."}
MOST = 200
"""How many organizations each part of a reform may be about."""


class RenamingInputSchema(Input):
    """What an organization is called from the day on."""

    organization = Named(required=True, metadata=WHICH)
    name_zh = Line(100, required=True)
    name_en = Line(200, allow_none=True)


class MovingInputSchema(Input):
    """Under which one an organization stands from the day on."""

    organization = Named(required=True, metadata=WHICH)
    parent = Named(
        required=True, metadata={"description": "Slug of the one above it from then on."}
    )


class EndingInputSchema(Input):
    """An organization that ends, and who succeeds it."""

    organization = Named(required=True, metadata=WHICH)
    successors = Items(
        Named(),
        20,
        load_default=list,
        metadata={
            "description": "Slugs of those that succeed it; the first takes over what is open, and"
            " the accounts. Empty where nothing is."
        },
    )


class ReformInputSchema(Input):
    """A reform in one act: what is made, renamed, moved and ended from a day on."""

    effective_on = Day(
        required=True,
        metadata={"description": "The first day on which it is so; today or before."},
    )
    paper = Line(
        200, required=True, metadata={"description": "The paper that says so, with its number."}
    )
    created = Items(
        Object(OrganizationInputSchema),
        MOST,
        load_default=list,
        metadata={"description": "Organizations that come into being; later parts may name them."},
    )
    renamed = Items(
        Object(RenamingInputSchema),
        MOST,
        load_default=list,
        metadata={"description": "Those that are called otherwise from then on."},
    )
    moved = Items(
        Object(MovingInputSchema),
        MOST,
        load_default=list,
        metadata={"description": "Those that stand elsewhere in the tree from then on."},
    )
    ended = Items(
        Object(EndingInputSchema),
        MOST,
        load_default=list,
        metadata={"description": "Those that are no more: merged, split, or dissolved."},
    )
    reason = Text(2000, required=True)
