"""Sessions, persons and organizations over the interface."""

import re
from typing import Any

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import (
    Code,
    Flag,
    Input,
    Items,
    Line,
    Number,
    Output,
    Slug,
    Switch,
    Text,
)
from app.core.schemas.filters import Named, Several
from app.core.schemas.messages import Messages, say
from app.core.schemas.output_fields import Cached
from app.core.schemas.paging import ChangedFilterSchema, PageSchema
from app.core.schemas.references import OrganizationRefSchema
from app.core.types import Given


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


class SessionSchema(Output):
    """A session or meeting of a deliberative body."""

    slug = fields.String(required=True)
    kind = Code(words.SessionKind, required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)
    body = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="body_id",
        on="starts_on",
        required=True,
        metadata={"description": "The body whose session it is."},
    )
    term = fields.Integer(required=True, allow_none=True)
    meeting = fields.Integer(required=True, allow_none=True)
    starts_on = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    updated_at = fields.AwareDateTime(required=True)


class SessionFilterSchema(ChangedFilterSchema):
    """Which sessions to list."""

    body = Several(Named())
    kind = Several(Code(words.SessionKind))


class SessionTextsSchema(Input):
    """What may be said of a session, new or not."""

    name_en = Line(200, allow_none=True)
    term = Number(1, 99, allow_none=True)
    meeting = Number(1, 99, allow_none=True)
    starts_on = Day(allow_none=True)
    ends_on = Day(allow_none=True)
    note = Text(2000, allow_none=True, metadata={"description": "A remark on the record."})
    reason = Text(2000)


class SessionInputSchema(SessionTextsSchema):
    """A session or meeting of a deliberative body to add."""

    slug = Slug(required=True, metadata={"description": "Never changes."})
    body = Named(required=True, metadata={"description": "The body whose session it is."})
    kind = Code(words.SessionKind, required=True)
    name_zh = Line(100, required=True)


class SessionEditInputSchema(SessionTextsSchema):
    """What is corrected of a session; what is left out stays, null takes it away."""

    kind = Code(words.SessionKind)
    name_zh = Line(100)


class SessionPageSchema(PageSchema):
    """One page of sessions."""

    items = fields.List(fields.Nested(SessionSchema), required=True)


PRINTED = {"description": "Name, as sources print it."}
TO_HANDLERS = "for the offices that handle a proposal of theirs, and for"
TO_STAFF = "registrars, dispatchers and auditors; null for everyone else, and where none is known"


class PersonSchema(Output):
    """Someone who proposes."""

    slug = fields.String(required=True)
    name = fields.String(required=True, metadata=PRINTED)
    capacity = Code(words.Capacity, required=True)
    body = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="body_id",
        required=True,
        metadata={"description": "The body they sit in."},
    )
    version = fields.Integer(required=True)
    updated_at = fields.AwareDateTime(required=True)


class PersonFilterSchema(ChangedFilterSchema):
    """Which persons to list."""

    body = Several(Named())
    capacity = Several(Code(words.Capacity))
    q = Line(50, metadata={"description": "Characters of the name."})


class PersonDetailSchema(PersonSchema):
    """Someone who proposes, and how they are reached as far as the caller may know."""

    phone = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"Telephone number; {TO_HANDLERS} {TO_STAFF}."},
    )
    email = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"E-mail address; {TO_HANDLERS} {TO_STAFF}."},
    )
    address = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"Postal address; for {TO_STAFF}."},
    )


class PersonInputSchema(Input):
    """Someone who may propose."""

    slug = Slug(required=True)
    name = Line(100, required=True, metadata=PRINTED)
    capacity = Code(words.Capacity, required=True)
    body = Named(required=True, metadata={"description": "Slug of the body they sit in."})


class PersonEditInputSchema(Input):
    """How a person is reached; what is left out stays, null takes it away."""

    phone = Line(
        40, allow_none=True, metadata={"description": "Telephone number; null takes it away."}
    )
    email = Line(
        254, allow_none=True, metadata={"description": "E-mail address; null takes it away."}
    )
    address = Line(
        300, allow_none=True, metadata={"description": "Postal address; null takes it away."}
    )
    note = Text(2000)


class PersonPageSchema(PageSchema):
    """One page of persons."""

    items = fields.List(fields.Nested(PersonSchema), required=True)


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
    q = Line(50, metadata={"description": "Words in a name or an alias."})


class OrganizationPageSchema(PageSchema):
    """One page of organizations."""

    items = fields.List(fields.Nested(OrganizationSchema), required=True)
