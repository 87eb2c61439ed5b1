"""Documents, sessions, persons, organizations and proposals."""

from marshmallow import fields

from app.rules import vocabularies as words
from app.schemas.fields import (
    Cached,
    Code,
    Flag,
    Input,
    Line,
    Object,
    Output,
    Slug,
    Text,
)
from app.schemas.paging import PageFilterSchema, PageSchema
from app.schemas.references import (
    OrganizationRefSchema,
    SessionRefSchema,
)


class DocumentSchema(Output):
    """A document, as lists show it."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    title = fields.String(required=True)
    subtitle = fields.String(required=True, allow_none=True)
    kind = Code(words.DocumentKind, required=True)
    level = Code(words.Level, required=True)
    publisher = fields.String(required=True, allow_none=True)
    session = Object(SessionRefSchema, required=True, allow_none=True)
    sha256 = fields.String(
        required=True, metadata={"description": "Of the text's bytes in UTF-8, in hex."}
    )
    characters = fields.Integer(
        required=True, metadata={"description": "Unicode code points of the text."}
    )
    date_as_printed = fields.String(required=True, allow_none=True)
    earliest_on = fields.Date(required=True, allow_none=True)
    latest_on = fields.Date(required=True, allow_none=True)
    date_reason = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    publication = Code(words.Publication, required=True)
    version = fields.Integer(required=True)


class CorrectionSchema(Output):
    """A misprint or misreading; the text itself is never edited."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    as_printed = fields.String(required=True)
    as_meant = fields.String(required=True)
    reason = fields.String(required=True)
    confidence = Code(words.Confidence, required=True)


class StretchSchema(Output):
    """Characters that belong to no proposal, and why."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    reason = Code(words.StretchReason, required=True)
    note = fields.String(required=True, allow_none=True)


class DocumentDetailSchema(DocumentSchema):
    """A document with its misprints and what in it belongs to no proposal."""

    corrections = fields.List(fields.Nested(CorrectionSchema), required=True)
    stretches = fields.List(fields.Nested(StretchSchema), required=True)


class DocumentPageSchema(PageSchema):
    """One page of documents."""

    items = fields.List(fields.Nested(DocumentSchema), required=True)


class DocumentFilterSchema(PageFilterSchema):
    """Which documents to list."""

    session = Slug()
    level = Code(words.Level)


class SessionSchema(Output):
    """A session or meeting of a deliberative body."""

    slug = fields.String(required=True)
    kind = Code(words.SessionKind, required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)
    body = Cached(
        OrganizationRefSchema, "organization", attribute="body_id", required=True, allow_none=True
    )
    term = fields.Integer(required=True, allow_none=True)
    meeting = fields.Integer(required=True, allow_none=True)
    starts_on = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class SessionPageSchema(PageSchema):
    """One page of sessions."""

    items = fields.List(fields.Nested(SessionSchema), required=True)


class PersonSchema(Output):
    """Someone who proposes."""

    slug = fields.String(required=True)
    name = fields.String(required=True)
    capacity = Code(words.Capacity, required=True)
    body = Cached(
        OrganizationRefSchema, "organization", attribute="body_id", required=True, allow_none=True
    )


class PersonFilterSchema(PageFilterSchema):
    """Which persons to list."""

    body = Slug()
    q = Line(50, metadata={"description": "Characters of the name."})


class PersonDetailSchema(PersonSchema):
    """Someone who proposes, and how they are reached as far as the caller may know."""

    phone = fields.String(
        required=True, allow_none=True, metadata={"description": "For the offices that handle it."}
    )
    email = fields.String(
        required=True, allow_none=True, metadata={"description": "For the offices that handle it."}
    )
    address = fields.String(
        required=True, allow_none=True, metadata={"description": "For the register's staff."}
    )
    version = fields.Integer(required=True)


class PersonInputSchema(Input):
    """Someone who may propose."""

    slug = Slug(required=True, metadata={"description": "Never changes."})
    name = Line(100, required=True)
    capacity = Code(words.Capacity, required=True)
    body = Slug(required=True, metadata={"description": "Of which they are a member."})


class PersonPatchSchema(Input):
    """How a person is reached; what is left out stays, null takes it away."""

    phone = Line(40, allow_none=True)
    email = Line(254, allow_none=True)
    address = Line(300, allow_none=True)
    note = Text(2000)


class PersonPageSchema(PageSchema):
    """One page of persons."""

    items = fields.List(fields.Nested(PersonSchema), required=True)


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
    region_code = fields.String(required=True, metadata={"description": "GB/T 2260."})
    is_office = fields.Boolean(
        required=True, metadata={"description": "Can be assigned recommendations."}
    )


class OrganizationFilterSchema(PageFilterSchema):
    """Which organizations to list."""

    kind = Code(words.OrganizationKind)
    parent = Slug()
    is_office = Flag()
    q = Line(50, metadata={"description": "Words in a name or an alias."})


class OrganizationPageSchema(PageSchema):
    """One page of organizations."""

    items = fields.List(fields.Nested(OrganizationSchema), required=True)


class WordSchema(Output):
    """One word of a vocabulary."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class VocabulariesSchema(Output):
    """Every closed vocabulary by its name."""

    vocabularies = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Nested(WordSchema)), required=True
    )


class WorkflowStepSchema(Output):
    """One step of a workflow."""

    source = fields.String(required=True)
    target = fields.String(required=True)
    permission = fields.String(required=True)
    roles = fields.List(Code(words.Role), required=True)
    needs = fields.List(Code(words.Need), required=True)


class WorkflowSchema(Output):
    """The steps of one axis of a recommendation."""

    axis = Code(words.Axis, required=True)
    initial = fields.String(required=True)
    steps = fields.List(fields.Nested(WorkflowStepSchema), required=True)


class WorkflowsSchema(Output):
    """Both axes."""

    items = fields.List(fields.Nested(WorkflowSchema), required=True)


class MeSchema(Output):
    """Who the caller is to the register, and what they may do."""

    kind = Code(words.ActorKind, required=True)
    name = fields.String(required=True)
    office = Cached(
        OrganizationRefSchema, "organization", attribute="office_id", required=True, allow_none=True
    )
    roles = fields.List(Code(words.Role), required=True)
    permissions = fields.List(fields.String(), required=True)


class HealthSchema(Output):
    """Whether the service can work."""

    status = fields.String(required=True)
