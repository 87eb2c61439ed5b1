"""Replies, joint opinions, contacts and evaluations."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.date_fields import BACK_DATED, Day
from app.core.schemas.fields import Code, Input, Items, Line, Output, Switch, Text
from app.core.schemas.filters import CASE_NO, CaseNo, Named, Several
from app.core.schemas.output_fields import Cached, Object, Stored
from app.core.schemas.paging import OrderedFilterSchema, PageSchema
from app.core.schemas.references import (
    OrganizationRefSchema,
    ProposerSchema,
    RecommendationRefSchema,
    corrected_by,
    corrects,
    mends,
    withheld,
)
from app.handling.assignments.schemas.assignment_list import CaseRefSchema
from app.handling.assignments.schemas.assignments import (
    WHICH_VERSION,
    NextStepSchema,
    ReplyRefSchema,
)
from app.register.counting.rules.figure import CountedUnit
from app.register.counting.schemas import FigurePart, within
from app.register.files.schemas import EvidenceInputSchema, EvidenceSchema
from app.register.recommendations.schemas.recommendation_offices import OF_ONE, PROMISE

TO_OTHERS = "and for everyone but the offices that handle the proposal, and the staff"
"""To whom it is null what stays inside the handling."""

AGREES = {"description": "Whether the office agrees."}
LETTER = {"description": "The whole letter."}
FORM = {"description": "The form on which the proposer said so."}


class PointSchema(Output):
    """What a reply says of one recommendation."""

    recommendation = fields.Nested(RecommendationRefSchema, required=True)
    text = fields.String(required=True, metadata=OF_ONE)
    acceptance = Code(words.Acceptance, required=True)
    outcome = Code(words.ReplyOutcome, required=True)
    label = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The letter of the place; null where it has none for this."},
    )
    checked_outcome = Code(
        words.ReplyOutcome,
        required=True,
        allow_none=True,
        metadata={"description": "What a check put in its place; null: nothing."},
    )
    checked_label = fields.String(required=True, allow_none=True)
    check_reason = fields.String(required=True, allow_none=True)
    promise = fields.String(required=True, allow_none=True)
    promised_on = fields.Date(required=True, allow_none=True)
    promise_strength = Code(words.PromiseStrength, required=True, allow_none=True)


class CountersignatureSchema(Output):
    """What a joint office says of a version."""

    office = Cached(
        OrganizationRefSchema, "organization", attribute="office_id", on="signed_on", required=True
    )
    agrees = fields.Boolean(required=True, metadata=AGREES)
    signed_on = fields.Date(required=True)
    note = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "What the office wrote beside it; null where it wrote nothing,"
            f" {TO_OTHERS}."
        },
    )


class EvaluationSchema(Output):
    """How a proposer rates a reply, by what paper, and who entered it."""

    id = fields.Integer(required=True)
    proposer = fields.Nested(ProposerSchema, required=True)
    attitude = Code(words.Satisfaction, required=True)
    result = Code(words.Satisfaction, required=True)
    rated_on = fields.Date(required=True)
    paper = fields.String(required=True, metadata=FORM)
    comment = fields.String(required=True, allow_none=True)
    entered_by = fields.String(required=True)
    corrects = corrects()
    corrected_by = corrected_by()
    withheld = withheld()


class ReplySchema(Output):
    """A version of the reply of an office, or of the opinion of a joint one."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    assignment_id = fields.Integer(required=True)
    number = fields.Integer(required=True, metadata=WHICH_VERSION)
    round = fields.Integer(required=True)
    state = Code(words.ReplyState, required=True)
    text = fields.String(required=True, metadata=LETTER)
    drafted_on = fields.Date(required=True)
    checked_on = fields.Date(required=True, allow_none=True)
    remark = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Why it was returned, or was not to be published; null where it was"
            f" neither, {TO_OTHERS}."
        },
    )
    document_no = fields.String(required=True, allow_none=True)
    signed_by = fields.String(required=True, allow_none=True)
    sent_on = fields.Date(required=True, allow_none=True)
    published_on = fields.Date(required=True, allow_none=True)
    points = fields.List(fields.Nested(PointSchema), required=True)
    attachments = Stored(EvidenceSchema, many=True, required=True)
    countersignatures = fields.List(fields.Nested(CountersignatureSchema), required=True)
    evaluations = fields.List(
        fields.Nested(EvaluationSchema),
        required=True,
        allow_none=True,
        metadata={
            "description": "How the proposers rate it; for the offices that handle the proposal,"
            " and for the staff, null for everyone else."
        },
    )
    allowed_steps = fields.List(fields.Nested(NextStepSchema), required=True)
    withheld = withheld()
    version = fields.Integer(
        required=True, metadata={"description": "That of the assignment, for If-Match."}
    )


class ReplyItemSchema(ReplyRefSchema):
    """A version of a reply, as lists show it."""

    id = fields.Integer(required=True)
    assignment_id = fields.Integer(required=True)
    office = Cached(
        OrganizationRefSchema, "organization", attribute="office_id", on="sent_on", required=True
    )
    role = Code(words.AssignmentRole, required=True)
    proposal = Object(CaseRefSchema, prefix="proposal_", required=True)
    withheld = withheld()


class ReplyPageSchema(PageSchema):
    """One page of versions of replies."""

    items = fields.List(fields.Nested(ReplyItemSchema), required=True)


class ReplyFilterSchema(OrderedFilterSchema):
    """Which versions of replies to list."""

    office = Several(Named())
    role = Several(
        Code(words.AssignmentRole),
        metadata={"description": "Of the office; `joint`: opinions."},
    )
    proposal = Several(Named())
    case_no = Several(CaseNo(40), metadata={"description": CASE_NO})
    session = Several(Named(), metadata={"description": "That of the proposal."})
    state = Several(Code(words.ReplyState))
    sent_before = Day(metadata={"description": "Sent before this day."})
    sent_after = Day(metadata={"description": "Sent after this day."})
    published_before = Day(metadata={"description": "Published before this day."})
    published_after = Day(metadata={"description": "Published after this day."})
    counted_in = FigurePart(CountedUnit.REPLIES)
    within = within()


class PromiseInputSchema(Input):
    """What the office promises, by which day; without one it says so."""

    text = Text(2000, required=True, metadata=PROMISE)
    on = Day()
    strength = Code(words.PromiseStrength)


class PointInputSchema(Input):
    """What is answered to one recommendation: an outcome, or the letter of the place."""

    recommendation = Line(48, required=True, metadata={"description": "Its reference."})
    text = Text(5000, required=True, metadata=OF_ONE)
    outcome = Code(words.ReplyOutcome)
    label = Line(8, metadata={"description": "As /label-schemes has it."})
    acceptance = Code(
        words.Acceptance, metadata={"description": "When left out: what the outcome says."}
    )
    promise = Object(PromiseInputSchema)


class ReplyInputSchema(Input):
    """The next version of a reply: a point for each recommendation that the office answers."""

    text = Text(20000, required=True, metadata=LETTER)
    points = Items(
        Object(PointInputSchema),
        200,
        load_default=list,
        metadata={
            "description": "A lead or sole office answers every recommendation it was given, a"
            " separate one at least one of them, a joint one any; what is missing is named."
        },
    )
    attachments = Items(Object(EvidenceInputSchema), 50, load_default=list)
    on = Day(metadata={"description": "The day it was drafted; today when left out."})
    paper = Line(300, metadata=BACK_DATED)


class RelabelInputSchema(Input):
    """An outcome or letter that a check puts in the place of the office's own."""

    recommendation = Line(48, required=True)
    outcome = Code(words.ReplyOutcome)
    label = Line(8)
    reason = Text(2000, required=True)


class ReplyStepInputSchema(Input):
    """A step of a version, with what it needs."""

    to = Code(words.ReplyState, required=True)
    on = Day(metadata={"description": "The day it was; today when left out."})
    paper = Line(300, metadata=BACK_DATED)
    reason = Text(2000)
    document_no = Line(80, metadata={"description": "The number of the letter, when it is sent."})
    signed_by = Line(100, metadata={"description": "When it is sent: who signed it."})
    labels = Items(
        Object(RelabelInputSchema),
        200,
        load_default=list,
        metadata={"description": "When it is checked: what is changed."},
    )


class CountersignatureInputSchema(Input):
    """Whether the joint office agrees to a version of the reply."""

    reply = Line(60, required=True, metadata={"description": "Its reference."})
    agrees = Switch(required=True, metadata=AGREES)
    on = Day(metadata={"description": "The day it was said; today when left out."})
    paper = Line(300, metadata=BACK_DATED)
    note = Text(2000, metadata={"description": "Needed when it does not agree."})


class ContactInputSchema(Input):
    """A contact with the proposers."""

    channel = Code(words.Channel, required=True)
    on = Day(metadata={"description": "The day it was; today when left out."})
    proposer = Named(metadata={"description": "With whom; all of them when left out."})
    note = Text(2000, required=True)
    corrects = mends("contact", "office")


class EvaluationInputSchema(Input):
    """A form that a proposer returned."""

    proposer = Named(required=True)
    attitude = Code(words.Satisfaction, required=True)
    result = Code(words.Satisfaction, required=True)
    on = Day(metadata={"description": "The day of the form; today when left out."})
    paper = Line(500, required=True, metadata=FORM)
    comment = Text(2000)
    corrects = mends("rating", "proposer")


class AssessmentInputSchema(Input):
    """What an assessment led to."""

    decision = Code(words.AssessmentDecision, required=True)
    note = Text(2000, required=True)
    on = Day(metadata={"description": "The day it was; today when left out."})
    paper = Line(300, metadata=BACK_DATED)
