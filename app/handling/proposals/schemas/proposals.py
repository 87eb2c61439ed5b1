"""Proposals: drafts, lists, details, corrections, steps."""

from marshmallow import fields

from app.core import codes as words
from app.core.rules.sizes import RELATED, SHOWN
from app.core.schemas.date_fields import BACK_DATED, Day
from app.core.schemas.fields import (
    Code,
    Flag,
    Input,
    Items,
    Line,
    Output,
    Switch,
    Text,
)
from app.core.schemas.filters import BY_CHANGE, CASE_NO, Asking, CaseNo, Named, Several, sort_by
from app.core.schemas.lateness import DUE_AFTER, DUE_BEFORE, NEXT_DUE_ON, OVERDUE
from app.core.schemas.output_fields import Cached, Object
from app.core.schemas.paging import ChangedFilterSchema, PastPageSchema, as_of_day
from app.core.schemas.references import (
    CategorySchema,
    DocumentRefSchema,
    MarkSchema,
    OrganizationRefSchema,
    PassageSchema,
    ProposalRefSchema,
    ProposerSchema,
    RecommendationRefSchema,
    SessionRefSchema,
)
from app.core.schemas.selection import expand_of, fields_of
from app.handling.assignments.schemas.assignments import NextStepSchema, TaskSchema
from app.handling.proposals.schemas.drafts import DraftProposerInputSchema
from app.register.counting.rules.figure import CountedUnit
from app.register.counting.schemas import FigurePart, within
from app.register.searching.schemas import SearchWords

CATEGORY = (
    "Code or label of a category, also as `scheme:code` or `scheme@edition:code`; `none` or"
    " `scheme:none`: what is in none."
)


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
    categories = Cached(
        CategorySchema,
        "categories",
        many=True,
        required=True,
        metadata={"description": "At most one of each scheme: see `listCategorySchemes`."},
    )
    marks = fields.List(
        fields.Nested(MarkSchema),
        required=True,
        metadata={"description": "Those that stand, one of a kind; the history has the others."},
    )
    submitted_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={
            "description": "The day it was last submitted; the limit to dispatch it counts from"
            " then, or from the day of a later review. Null for a draft, after a return for edit,"
            " and where it came in as filed."
        },
    )
    filed_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={
            "description": "The day it was filed; null before, while it is reviewed again, and"
            " where it came in as filed."
        },
    )
    recommendation_count = fields.Integer(required=True)
    next_due_on = fields.Date(required=True, allow_none=True, metadata={"description": NEXT_DUE_ON})
    next_clock = Code(words.Clock, required=True, allow_none=True)
    note = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "A remark of the editors on the record; null where there is none."
        },
    )
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    passages = fields.List(
        fields.Nested(PassageSchema),
        metadata={"description": "With `expand=passages`: where it stands, in reading order."},
    )
    recommendations = fields.List(
        fields.Nested(RecommendationRefSchema),
        metadata={
            "description": "With `expand=recommendations`: those that the caller may see, in order."
        },
    )


class CosignatureSchema(Output):
    """That a joint proposer signs a draft or will not."""

    proposer = fields.Nested(ProposerSchema, required=True)
    agrees = fields.Boolean(required=True)
    on = fields.Date(required=True)
    paper = fields.String(required=True)


class ProposalDetailSchema(ProposalSchema):
    """A proposal with its words and its recommendations."""

    passages = fields.List(fields.Nested(PassageSchema), required=True)
    recommendations = fields.List(fields.Nested(RecommendationRefSchema), required=True)
    profile = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The edition of the rules that its handling began under; null before"
            " the first dispatch."
        },
    )
    not_filed_reason = Code(words.NotFiledReason, required=True, allow_none=True)
    merged_into = fields.Nested(ProposalRefSchema, required=True, allow_none=True)
    merged = fields.List(
        fields.Nested(ProposalRefSchema),
        required=True,
        metadata={
            "description": "Those merged into this one, the newest"
            f" {RELATED}; `listProposals` has all by `merged_into`. Their proposers are answered"
            " too."
        },
    )
    merged_total = fields.Integer(required=True)
    supervisor = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="supervisor_id",
        required=True,
        allow_none=True,
    )
    cosign_until = fields.Date(
        required=True,
        allow_none=True,
        metadata={
            "description": "The last day on which joint proposers may sign the draft; null where"
            " they are not asked."
        },
    )
    cosignatures = fields.List(
        fields.Nested(CosignatureSchema),
        required=True,
        allow_none=True,
        metadata={
            "description": "Who among the joint proposers signed, or refused to; for the staff,"
            " null for everyone else."
        },
    )
    tasks = fields.List(
        fields.Nested(TaskSchema),
        required=True,
        metadata={
            "description": f"What intake waits for, and the newest that ended: {SHOWN} of them,"
            " every date explained."
        },
    )
    tasks_total = fields.Integer(required=True)
    allowed_steps = fields.List(
        fields.Nested(NextStepSchema),
        required=True,
        metadata={"description": "What the caller may do now; empty without a key."},
    )
    as_of = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={
            "description": "The past moment that is shown; null: now. Of a past moment passages,"
            " proposers, `next_due_on` and `next_clock` are those of now, `merged` leaves out what"
            " was released since, and `tasks` are those that had begun by that day."
        },
    )


class ProposalPageSchema(PastPageSchema):
    """One page of proposals."""

    expands = ("passages", "recommendations")

    items = fields.List(fields.Nested(ProposalSchema), required=True)


class ProposalFilterSchema(ChangedFilterSchema):
    """Which proposals to list, and in which order."""

    kind = Several(Code(words.ProposalKind))
    source_kind = Several(Code(words.SourceKind))
    handling_state = Several(Code(words.HandlingState))
    is_key = Flag()
    category = Several(Named(), metadata={"description": CATEGORY})
    mark = Several(Code(words.MarkKind), metadata={"description": "Marked so, as of now."})
    document = Several(Named())
    session = Several(Named())
    case_no = Several(CaseNo(40), metadata={"description": CASE_NO})
    proposer = Several(Named())
    supervisor = Several(
        Named(), metadata={"description": "The organization that watches over it."}
    )
    reference = Several(Line(40), metadata={"description": "Exactly this reference."})
    office = Several(
        Named(),
        metadata={
            "description": "Was given it or what it was merged into, or has a part in one of its"
            " recommendations."
        },
    )
    merged_into = Several(Named(), metadata={"description": "Those merged into this proposal."})
    overdue = Flag(metadata={"description": OVERDUE})
    due_before = Day(metadata={"description": DUE_BEFORE})
    due_after = Day(metadata={"description": DUE_AFTER})
    q = SearchWords("In the title.")
    counted_in = FigurePart(CountedUnit.PROPOSALS)
    within = within()
    as_of = as_of_day()
    asking = Asking()
    sort = sort_by((*BY_CHANGE, "due_on"))
    expand = expand_of(ProposalPageSchema)
    shown_fields = fields_of(ProposalPageSchema)


class ProposalEditInputSchema(Input):
    """What a registrar may correct; what is left out stays."""

    case_no = Line(40, allow_none=True)
    title = Line(300)
    kind = Code(words.ProposalKind)
    session = Named()
    proposers = Items(Object(DraftProposerInputSchema), 500, least=1)
    publication = Code(words.Publication)
    categories = Items(
        Line(100),
        10,
        metadata={
            "description": "All its categories, each by code or label, `scheme:code` where several"
            " schemes have it; what is left out of the list goes, which needs a `note`."
        },
    )
    is_key = Switch(metadata={"description": "Whether it is a key proposal."})
    supervisor = Named(allow_none=True)
    note = Text(2000)


class CosignatureInputSchema(Input):
    """What a joint proposer says of a draft, and by what paper."""

    proposer = Named(required=True)
    agrees = Switch(load_default=True)
    on = Day(metadata={"description": "The day it was; today when left out."})
    paper = Line(300, required=True)


class ProposalStepInputSchema(Input):
    """A step of a proposal, with what it needs."""

    to = Code(words.HandlingState, required=True)
    on = Day(metadata={"description": "The day it was taken; today when left out."})
    paper = Line(300, metadata=BACK_DATED)
    reason = Text(2000)
    reason_code = Code(words.NotFiledReason, metadata={"description": "Why, when it is not filed."})
    into = Line(40, metadata={"description": "When it is merged: the other's reference."})
    case_no = Line(40, metadata={"description": "The case number, when it is filed."})
    without_recommendations = Switch(
        load_default=False,
        metadata={
            "description": "True: it is filed although no recommendation of it is registered."
        },
    )
