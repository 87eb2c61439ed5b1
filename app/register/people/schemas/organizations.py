"""Bodies, parties, districts and offices over the interface."""

import re
from typing import Any

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Code, Flag, Input, Items, Line, Output, Slug, Switch, Text
from app.core.schemas.filters import Asking, Named, Several
from app.core.schemas.messages import Messages, say
from app.core.schemas.output_fields import Cached
from app.core.schemas.paging import ChangedFilterSchema, PageSchema
from app.core.schemas.references import OrganizationRefSchema
from app.core.types import Given
from app.register.searching.schemas import SearchWords


class Region(Line):
    """The code of a place in GB/T 2260, or of one below it in GB/T 10114."""

    trimmed = False
    default_error_messages: Messages = {
        "region": say("必须是 6 位或 12 位行政区划代码", "must be a code of 6 or 12 digits")
    }

    def __init__(self, **kwargs: Any) -> None:
        """Allow 12 digits."""
        super().__init__(12, **kwargs)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(r"[0-9]{6}([0-9]{6})?", text):
            raise self.make_error("region")
        return text


class FormerNameSchema(Output):
    """What an organization was called until a day."""

    name_zh = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)
    until = fields.Date(
        required=True, metadata={"description": "The first day on which it was called otherwise."}
    )


class OrganizationSchema(Output):
    """A body, party, district or office."""

    slug = fields.String(required=True)
    kind = Code(words.OrganizationKind, required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)
    aliases = fields.List(fields.String(), required=True)
    parent = Cached(
        OrganizationRefSchema, "organization", attribute="parent_id", required=True, allow_none=True
    )
    region_code = fields.String(required=True)
    is_office = fields.Boolean(required=True)
    is_vertical = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={
            "description": "True: it is led from above its city, as a tax service is; the one above"
            " it here gives it no orders. Null: nobody said so."
        },
    )
    name_status = Code(
        words.NameStatus,
        required=True,
        allow_none=True,
        metadata={
            "description": "Whether it still exists under this name, as `name_source` says; null"
            " where nobody said."
        },
    )
    name_source = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "From which source that is known, and as of when."},
    )
    ended_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "The first day on which it is no more; null while it is."},
    )
    successor = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="successor_id",
        required=True,
        allow_none=True,
        metadata={"description": "Who took over what was open then; null where nobody did."},
    )
    former_names = Cached(
        FormerNameSchema,
        "names_before",
        many=True,
        attribute="id",
        required=True,
        metadata={"description": "What it was called before, oldest first."},
    )
    version = fields.Integer(required=True)
    updated_at = fields.AwareDateTime(required=True)


class OrganizationTextsSchema(Input):
    """What may be said of an organization, new or not."""

    name_en = Line(200, allow_none=True)
    is_vertical = Switch(
        allow_none=True, metadata={"description": "True: it is led from above its city."}
    )
    name_status = Code(
        words.NameStatus,
        allow_none=True,
        metadata={"description": "Whether it still exists under this name."},
    )
    name_source = Text(
        1000,
        allow_none=True,
        metadata={"description": "From which source that is known, and as of when."},
    )
    note = Text(2000)


class OrganizationInputSchema(OrganizationTextsSchema):
    """A body, party, district or office to add."""

    slug = Slug(required=True, metadata={"description": "Never changes."})
    kind = Code(words.OrganizationKind, required=True)
    name_zh = Line(100, required=True)
    aliases = Items(Line(100), 50, load_default=list)
    parent = Named(metadata={"description": "The one above it; left out at the top."})
    region_code = Region(required=True)
    is_office = Switch(load_default=False)


class OrganizationEditInputSchema(OrganizationTextsSchema):
    """What is corrected of an organization; what is left out stays."""

    kind = Code(words.OrganizationKind)
    name_zh = Line(100)
    aliases = Items(Line(100), 50)
    region_code = Region()
    is_office = Switch()


class OrganizationFilterSchema(ChangedFilterSchema):
    """Which organizations to list."""

    kind = Several(Code(words.OrganizationKind))
    parent = Several(Named())
    is_office = Flag()
    name_status = Several(Code(words.NameStatus))
    q = SearchWords("In a name or an alias.")
    asking = Asking()


class OrganizationPageSchema(PageSchema):
    """One page of organizations."""

    items = fields.List(fields.Nested(OrganizationSchema), required=True)
