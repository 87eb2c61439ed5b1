"""Documents, sessions, persons, organizations and proposals."""

from marshmallow import fields

from app.rules import vocabularies as words
from app.schemas.fields import (
    Cached,
    Code,
    Flag,
    Input,
    Line,
    Number,
    Object,
    Output,
    Slug,
    Switch,
    Text,
)
from app.schemas.handling import NextStepSchema
from app.schemas.paging import PageFilterSchema, PageSchema
from app.schemas.references import (
    DocumentRefSchema,
    OrganizationRefSchema,
    PassageSchema,
    ProposalRefSchema,
    ProposerSchema,
    RecommendationRefSchema,
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


class ProposalSchema(Output):
    """A proposal, as lists show it; without recommendations it is a statement."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    case_no = fields.String(required=True, allow_none=True)
    kind = Code(words.ProposalKind, required=True)
    source_kind = Code(words.SourceKind, required=True)
    title = fields.String(required=True)
    title_is_printed = fields.Boolean(
        required=True, metadata={"description": "False: an editor gave the title."}
    )
    document = Object(DocumentRefSchema, required=True, allow_none=True)
    session = Object(SessionRefSchema, required=True, allow_none=True)
    proposers = fields.List(fields.Nested(ProposerSchema), required=True)
    handling_state = Code(words.HandlingState, required=True)
    publication = Code(words.Publication, required=True)
    is_key = fields.Boolean(required=True)
    recommendation_count = fields.Integer(required=True)
    note = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class ProposalDetailSchema(ProposalSchema):
    """A proposal with its words and its recommendations."""

    passages = fields.List(fields.Nested(PassageSchema), required=True)
    recommendations = fields.List(fields.Nested(RecommendationRefSchema), required=True)
    profile = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The edition of the rules that its handling began under."},
    )
    not_filed_reason = Code(words.NotFiledReason, required=True, allow_none=True)
    merged_into = fields.Nested(ProposalRefSchema, required=True, allow_none=True)
    merged = fields.List(
        fields.Nested(ProposalRefSchema),
        required=True,
        metadata={"description": "Those merged into this one; their proposers are answered too."},
    )
    supervisor = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="supervisor_id",
        required=True,
        allow_none=True,
    )
    allowed_steps = fields.List(
        fields.Nested(NextStepSchema),
        required=True,
        metadata={"description": "What the caller may do now; empty without a key."},
    )


class ProposalPageSchema(PageSchema):
    """One page of proposals."""

    items = fields.List(fields.Nested(ProposalSchema), required=True)


class ProposalFilterSchema(PageFilterSchema):
    """Which proposals to list."""

    kind = Code(words.ProposalKind)
    source_kind = Code(words.SourceKind)
    handling_state = Code(words.HandlingState)
    is_key = Flag()
    document = Number(1, query=True)
    session = Slug()
    proposer = Slug()
    q = Line(100, metadata={"description": "Words in the title."})


class ProposalPatchSchema(Input):
    """What a registrar may correct; what is left out stays."""

    case_no = Line(40, allow_none=True)
    title = Line(300)
    publication = Code(words.Publication)
    is_key = Switch(metadata={"description": "Whether it is a key proposal."})
    supervisor = Slug(allow_none=True, metadata={"description": "Who watches over it."})
    note = Text(2000)


class ProposalStepSchema(Input):
    """A step of a proposal, with what it needs."""

    to = Code(words.HandlingState, required=True)
    reason = Text(2000)
    reason_code = Code(words.NotFiledReason, metadata={"description": "When it is not filed."})
    into = Line(40, metadata={"description": "When it is merged: the other's reference."})
    case_no = Line(40, metadata={"description": "When it is filed."})


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
