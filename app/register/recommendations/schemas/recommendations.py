"""Recommendations, and what can be done to them."""

from marshmallow import fields

from app.core import codes as words
from app.core.rules.sizes import RELATED, SHOWN
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import (
    Code,
    Input,
    Items,
    Line,
    Output,
    Text,
)
from app.core.schemas.filters import Named
from app.core.schemas.lateness import NEXT_DUE_ON
from app.core.schemas.output_fields import Cached, Lines, Object
from app.core.schemas.paging import PastPageSchema
from app.core.schemas.references import (
    DocumentRefSchema,
    OrganizationRefSchema,
    PassageSchema,
    ProposalRefSchema,
    ProposerSchema,
    RecommendationRefSchema,
    SessionRefSchema,
    TagRefSchema,
)
from app.register.files.schemas import EvidenceInputSchema
from app.register.recommendations.schemas.recommendation_offices import (
    OfficePartSchema,
    WaitingSchema,
)
from app.register.recommendations.schemas.reports import ReportSchema

EXPANDS = ("document", "passages", "proposers", "session")
"""What a list shows of each only when it is asked to."""


class RecommendationSchema(Output):
    """A recommendation, as lists show it; some fields only with `expand`."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    number = fields.Integer(required=True)
    summary_zh = fields.String(required=True)
    summary_en = fields.String(required=True, allow_none=True)
    stance = Code(words.Stance, required=True)
    specificity = Code(words.Specificity, required=True)
    acceptance = Code(words.Acceptance, required=True)
    progress = Code(words.Progress, required=True)
    lead_office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="lead_office_id",
        required=True,
        allow_none=True,
    )
    lead_status = Code(words.LeadStatus, required=True, allow_none=True)
    joint_offices = Cached(
        OrganizationRefSchema,
        "organizations",
        many=True,
        attribute="joint_office_ids",
        required=True,
    )
    separate_offices = Cached(
        OrganizationRefSchema,
        "organizations",
        many=True,
        attribute="separate_office_ids",
        required=True,
        metadata={"description": "Those that answer for it each by itself; then nobody leads."},
    )
    due_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "The day that the office itself named; null where it named none."},
    )
    next_due_on = fields.Date(required=True, allow_none=True, metadata={"description": NEXT_DUE_ON})
    next_clock = Code(words.Clock, required=True, allow_none=True)
    percent = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "The last one reported; null where none was reported."},
    )
    last_reported_at = fields.AwareDateTime(required=True, allow_none=True)
    review_on = fields.Date(required=True, allow_none=True)
    tags = Cached(TagRefSchema, "tags", many=True, attribute="tag_ids", required=True)
    proposal = Object(ProposalRefSchema, prefix="proposal_", required=True)
    proposer_names = Lines(required=True, metadata={"description": "As printed, in their order."})
    ended_as = Code(
        words.HandlingState,
        required=True,
        allow_none=True,
        metadata={
            "description": "The state in which its proposal ended, and it with it; null while it"
            " stands."
        },
    )
    publication = Code(words.Publication, required=True)
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    passages = fields.List(
        fields.Nested(PassageSchema),
        metadata={"description": "With `expand=passages`: where it stands, in reading order."},
    )
    document = Object(
        DocumentRefSchema,
        allow_none=True,
        metadata={"description": "With `expand=document`; null where it has none."},
    )
    session = Object(
        SessionRefSchema,
        allow_none=True,
        metadata={"description": "With `expand=session`; null where it has none."},
    )
    proposers = fields.List(
        fields.Nested(ProposerSchema), metadata={"description": "With `expand=proposers`."}
    )


class RecommendationPageSchema(PastPageSchema):
    """One page of recommendations."""

    expands = EXPANDS

    items = fields.List(fields.Nested(RecommendationSchema), required=True)


class RecommendationStepSchema(Output):
    """A step that may be taken now, and what it needs."""

    axis = Code(words.Axis, required=True)
    to = fields.String(required=True)
    to_zh = fields.String(required=True)
    to_en = fields.String(required=True)
    needs = fields.List(Code(words.Need), required=True)


class LineageSchema(Output):
    """How another recommendation relates to this one; outgoing: this one to the other."""

    kind = Code(words.LineageKind, required=True)
    outgoing = fields.Boolean(required=True)
    recommendation = Object(RecommendationRefSchema, required=True)


class RecommendationDetailSchema(RecommendationSchema):
    """A recommendation with everything that belongs to it."""

    targets = fields.List(fields.String(), required=True)
    suggested_joint_offices = Cached(
        OrganizationRefSchema,
        "organizations",
        many=True,
        attribute="suggested_joint_ids",
        required=True,
        metadata={
            "description": "Those that its words call for beside the lead: a suggestion, by which"
            " they have no part in it yet."
        },
    )
    note = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "What was settled, and why, when it was split off its proposal; null"
            " where nothing needed it."
        },
    )
    claimed_by_office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="claimed_by_office_id",
        required=True,
        allow_none=True,
    )
    look_back_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={
            "description": "When supervisors look back at what was verified, six months later;"
            " null where it is not verified, or someone has."
        },
    )
    passages = fields.List(
        fields.Nested(PassageSchema),
        required=True,
        metadata={"description": "Where it stands, in reading order."},
    )
    document = Object(DocumentRefSchema, required=True, allow_none=True)
    session = Object(SessionRefSchema, required=True, allow_none=True)
    proposers = fields.List(fields.Nested(ProposerSchema), required=True)
    offices = fields.List(
        fields.Nested(OfficePartSchema),
        required=True,
        metadata={"description": "Who has it, its lead first; empty where it is only suggested."},
    )
    waiting = fields.List(
        fields.Nested(WaitingSchema),
        required=True,
        metadata={
            "description": "What is waited for about it, on whose desk, most overdue first; the"
            f" first {SHOWN}."
        },
    )
    waiting_total = fields.Integer(required=True)
    lineage = fields.List(
        fields.Nested(LineageSchema),
        required=True,
        metadata={
            "description": "How others relate to it, those it points at first; the first"
            f" {RELATED}. The history tells of all."
        },
    )
    lineage_total = fields.Integer(required=True)
    reports = fields.List(
        fields.Nested(ReportSchema),
        required=True,
        metadata={
            "description": f"The newest {SHOWN}, oldest first, fewer where they are long."
            " `listReports` has all."
        },
    )
    reports_total = fields.Integer(required=True)
    allowed_steps = fields.List(
        fields.Nested(RecommendationStepSchema),
        required=True,
        metadata={"description": "What the caller may do now; empty without a key."},
    )
    as_of = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={
            "description": "The past moment that is shown; null: now. Of a past moment `offices`,"
            " `waiting` and `allowed_steps` are empty, `next_due_on` and `next_clock` are null, and"
            " passages, proposers and proposal are those of now."
        },
    )


class RecommendationEditInputSchema(Input):
    """What a registrar may correct; what is left out stays."""

    summary_zh = Line(500)
    summary_en = Line(1000, allow_none=True)
    targets = Items(Line(200), 50)
    specificity = Code(words.Specificity)
    due_on = Day(allow_none=True)
    note = Text(2000)


class RecommendationStepInputSchema(Input):
    """A step on one axis, with what it needs; see /workflows."""

    axis = Code(words.Axis, required=True)
    to = Line(32, required=True, metadata={"description": "A word of the axis's vocabulary."})
    note = Text(2000)
    reason = Text(2000)
    evidence = Items(Object(EvidenceInputSchema), 50, load_default=list)
    review_on = Day(metadata={"description": "For `deferred`: when to look again."})
    superseded_by = Line(48, metadata={"description": "For `superseded`: the other's reference."})


class TakeOnInputSchema(Input):
    """An office that takes a recommendation on."""

    office = Named(required=True)
    role = Code(words.OfficeRole, load_default=words.OfficeRole.LEAD)
    due_on = Day(metadata={"description": "The day by which the office promises it."})
    note = Text(2000)
