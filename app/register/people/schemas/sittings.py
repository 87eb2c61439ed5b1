"""Sessions over the interface."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Code, Input, Line, Number, Output, Slug, Text
from app.core.schemas.filters import Named, Several
from app.core.schemas.output_fields import Cached
from app.core.schemas.paging import ChangedFilterSchema, PageSchema
from app.core.schemas.references import OrganizationRefSchema


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
