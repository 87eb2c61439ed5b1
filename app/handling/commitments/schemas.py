"""Promises, their milestones and what is said of them."""

from marshmallow import fields

from app.core import codes as words
from app.core.rules.sizes import SHOWN
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import (
    Code,
    Flag,
    Input,
    Items,
    Line,
    Output,
    Text,
)
from app.core.schemas.filters import BY_CHANGE, CASE_NO, CaseNo, Named, Several, sort_by
from app.core.schemas.lateness import DUE_AFTER, DUE_BEFORE, OVERDUE
from app.core.schemas.output_fields import Cached, Object, Stored
from app.core.schemas.paging import (
    ChangedFilterSchema,
    PageSchema,
    PastPageSchema,
    as_of_day,
)
from app.core.schemas.references import (
    OrganizationRefSchema,
    ProposerSchema,
    RecommendationRefSchema,
    withheld,
)
from app.core.schemas.selection import fields_of
from app.handling.assignments.schemas.assignments import NextStepSchema, TaskSchema
from app.register.counting.rules.figure import CountedUnit
from app.register.counting.schemas import FigurePart, within
from app.register.files.schemas import EvidenceInputSchema, EvidenceSchema


class CommitmentSchema(Output):
    """What an office promised, as lists show it."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    recommendation = Object(
        RecommendationRefSchema,
        prefix="recommendation_",
        required=True,
        metadata={"description": "The recommendation that it is about."},
    )
    proposal_id = fields.Integer(
        required=True, metadata={"description": "Number of the proposal on which it was promised."}
    )
    office = Cached(
        OrganizationRefSchema, "organization", attribute="office_id", on="ended_on", required=True
    )
    state = Code(words.CommitmentState, required=True)
    text = fields.String(
        required=True, metadata={"description": "What was promised, in the reply's own words."}
    )
    strength = Code(words.PromiseStrength, required=True)
    promised_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "The day promised now; null where none was named."},
    )
    first_promised_on = fields.Date(required=True, allow_none=True)
    made_on = fields.Date(required=True)
    missed_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    next_due_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={
            "description": "Its own day or that of a milestone, whichever comes first; null where"
            " nothing is due."
        },
    )
    next_clock = Code(words.Clock, required=True, allow_none=True)
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class CommitmentPageSchema(PastPageSchema):
    """One page of promises."""

    items = fields.List(fields.Nested(CommitmentSchema), required=True)


class CommitmentFilterSchema(ChangedFilterSchema):
    """Which promises to list, and in which order."""

    state = Several(Code(words.CommitmentState))
    office = Several(Named())
    proposal = Several(Named())
    case_no = Several(CaseNo(40), metadata={"description": CASE_NO})
    recommendation = Several(Named())
    reference = Several(Line(60), metadata={"description": "Exactly this reference."})
    tag = Several(Named(), metadata={"description": "With the narrower tags of each."})
    strength = Several(Code(words.PromiseStrength))
    promised_before = Day(metadata={"description": "Promised for a day before this one."})
    promised_after = Day(metadata={"description": "Promised for a day after this one."})
    overdue = Flag(metadata={"description": OVERDUE})
    due_before = Day(metadata={"description": DUE_BEFORE})
    due_after = Day(metadata={"description": DUE_AFTER})
    counted_in = FigurePart(CountedUnit.COMMITMENTS)
    within = within()
    as_of = as_of_day()
    sort = sort_by((*BY_CHANGE, "promised_on", "due_on"))
    shown_fields = fields_of(CommitmentPageSchema)


TO_REACH = {"description": "What is to be reached."}


class MilestoneSchema(Output):
    """A step on the way to what was promised."""

    id = fields.Integer(required=True)
    number = fields.Integer(
        required=True, metadata={"description": "Its number within the promise, counted from 1."}
    )
    text = fields.String(required=True, metadata=TO_REACH)
    due_on = fields.Date(required=True, allow_none=True)
    done_on = fields.Date(required=True, allow_none=True)
    evidence = Stored(EvidenceSchema, many=True, required=True)
    withheld = withheld()


class RemarkSchema(Output):
    """What was said of a promise, by whom."""

    id = fields.Integer(required=True)
    kind = Code(words.RemarkKind, required=True)
    on = fields.Date(required=True)
    text = fields.String(required=True)
    proposer = fields.Nested(
        ProposerSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Whose rating it is; null in a remark of another kind."},
    )
    rating = Code(words.Satisfaction, required=True, allow_none=True, attribute="value")
    evidence = Stored(EvidenceSchema, many=True, required=True)
    entered_by = fields.String(required=True, allow_none=True)
    withheld = withheld()


NEWEST = f"The newest {SHOWN}, oldest first, fewer where they are long."


class MilestonePageSchema(PageSchema):
    """One page of the milestones of a promise, in order."""

    items = fields.List(fields.Nested(MilestoneSchema), required=True)


class RemarkPageSchema(PageSchema):
    """One page of what was said of a promise, oldest first."""

    items = fields.List(fields.Nested(RemarkSchema), required=True)


class CommitmentDetailSchema(CommitmentSchema):
    """A promise with its milestones and everything that was said of it."""

    milestones = fields.List(
        fields.Nested(MilestoneSchema),
        required=True,
        metadata={"description": f"{NEWEST} `listMilestones` has all."},
    )
    milestones_total = fields.Integer(required=True)
    remarks = fields.List(
        fields.Nested(RemarkSchema),
        required=True,
        metadata={"description": f"{NEWEST} `listRemarks` has all."},
    )
    remarks_total = fields.Integer(required=True)
    tasks = fields.List(
        fields.Nested(TaskSchema),
        required=True,
        metadata={
            "description": f"What waits, and the newest that ended: {SHOWN} of them, every date"
            " explained."
        },
    )
    tasks_total = fields.Integer(required=True)
    allowed_steps = fields.List(fields.Nested(NextStepSchema), required=True)


class CommitmentStepInputSchema(Input):
    """A step of a promise, with what it needs."""

    to = Code(words.CommitmentState, required=True)
    on = Day(metadata={"description": "The day it was; today when left out."})
    reason = Text(2000)
    evidence = Items(Object(EvidenceInputSchema), 50, load_default=list)
    promised_on = Day(metadata={"description": "For one that was missed: the new day."})


class MilestoneInputSchema(Input):
    """A step on the way, perhaps with its day."""

    text = Text(2000, required=True, metadata=TO_REACH)
    due_on = Day()


class MilestoneReachedInputSchema(Input):
    """When a milestone was reached, and what shows it."""

    on = Day(metadata={"description": "The day it was; today when left out."})
    evidence = Items(Object(EvidenceInputSchema), 50, load_default=list)


class RemarkInputSchema(Input):
    """An explanation, a yearly confirmation, a proposer's rating, or what a look back found."""

    kind = Code(words.RemarkKind, required=True)
    on = Day(metadata={"description": "The day it was; today when left out."})
    text = Text(2000, required=True)
    proposer = Named(metadata={"description": "With a rating: whose."})
    rating = Code(words.Satisfaction, metadata={"description": "Whether the promise was kept."})
    evidence = Items(Object(EvidenceInputSchema), 50, load_default=list)
