"""Worklists: what lies on a desk, and what is brought to mind."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Code, Flag, Output
from app.core.schemas.filters import BY_ID, CASE_NO, CaseNo, Named, Several, sort_by
from app.core.schemas.output_fields import Cached, Object
from app.core.schemas.paging import PageFilterSchema, PageSchema
from app.core.schemas.references import (
    OrganizationRefSchema,
    ProposalRefSchema,
    RecommendationRefSchema,
)
from app.handling.assignments.schemas.assignments import NextStepSchema

ROLE = {
    "description": "The part of the office whose assignment it is about, or that is to carry the"
    " recommendation out; null in all others."
}


class TaskReplySchema(Output):
    """The version of a reply that a task is about."""

    assignment_id = fields.Integer(required=True)
    number = fields.Integer(required=True)
    reference = fields.String(required=True)
    state = Code(words.ReplyState, required=True)


class TaskItemSchema(Output):
    """Something on a desk: what, about what, until when, and what may be done next."""

    id = fields.Integer(required=True)
    kind = Code(words.TaskKind, required=True)
    clock = Code(
        words.Clock,
        required=True,
        allow_none=True,
        metadata={"description": "Null: nobody is late with it, whatever its day."},
    )
    office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="desk_office_id",
        required=True,
        allow_none=True,
        metadata={
            "description": "The office whose desk it lies on; null on the desks of dispatchers and"
            " supervisors."
        },
    )
    role = Code(words.AssignmentRole, required=True, allow_none=True, metadata=ROLE)
    began_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    original_due_on = fields.Date(required=True, allow_none=True)
    is_provisional = fields.Boolean(required=True)
    bucket = Code(words.Bucket, required=True)
    days_late = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "Natural days after the due date; negative: days left; null without one."
        },
    )
    objection_until = fields.Date(
        required=True,
        allow_none=True,
        metadata={
            "description": "The last day of the time to object; null where none runs or ran."
        },
    )
    assignment_id = fields.Integer(required=True, allow_none=True)
    assignment_reference = fields.String(required=True, allow_none=True)
    assignment_office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="assignment_office_id",
        required=True,
        allow_none=True,
        metadata={
            "description": "Whose assignment it is about, on whoever's desk it lies; null where it"
            " is about none."
        },
    )
    assignment_state = Code(words.AssignmentState, required=True, allow_none=True)
    commitment_id = fields.Integer(required=True, allow_none=True)
    commitment_reference = fields.String(required=True, allow_none=True)
    commitment_state = Code(words.CommitmentState, required=True, allow_none=True)
    proposal = Object(ProposalRefSchema, prefix="proposal_", required=True)
    recommendation = fields.Nested(RecommendationRefSchema, required=True, allow_none=True)
    reply = fields.Nested(
        TaskReplySchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "To countersign, check, rate or publish; else the newest one; null where"
            " there is none."
        },
    )
    milestone_number = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(
        required=True,
        metadata={
            "description": "For If-Match: that of the assignment, else the commitment, else the"
            " recommendation, else the proposal that it is about."
        },
    )
    next_steps = fields.List(fields.Nested(NextStepSchema), required=True)
    operations = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "The operations that bring it to its end, by operationId, of those that"
            " the caller may call."
        },
    )


class BucketCountsSchema(Output):
    """How much lies on the desk, by how near its day is; all filters but `bucket` apply."""

    overdue = fields.Integer(required=True)
    soon = fields.Integer(required=True)
    later = fields.Integer(required=True)
    undated = fields.Integer(required=True)


class LateOfficeSchema(Output):
    """How much is late in an office, of what has a clock."""

    office = Cached(OrganizationRefSchema, "organization", attribute="office_id", required=True)
    overdue = fields.Integer(required=True)
    oldest_due_on = fields.Date(required=True)


class WorklistSchema(PageSchema):
    """One page of a desk, what is most overdue first."""

    desk = Code(words.Desk, required=True)
    counts = fields.Nested(BucketCountsSchema, required=True)
    late_by_office = fields.List(
        fields.Nested(LateOfficeSchema),
        required=True,
        metadata={
            "description": "What is late in every office, most of it first; on the desks of"
            " supervisors and dispatchers, whatever the filters. Empty elsewhere."
        },
    )
    items = fields.List(fields.Nested(TaskItemSchema), required=True)


class NoticeSchema(Output):
    """A reminder that fired."""

    id = fields.Integer(required=True)
    task_id = fields.Integer(
        required=True, metadata={"description": "What it is about, as worklists have it."}
    )
    point = Code(words.ReminderPoint, required=True)
    urgency = Code(words.Urgency, required=True)
    fired_on = fields.Date(required=True)
    due_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "As it was when this fired; null where there was none."},
    )
    kind = Code(
        words.TaskKind, required=True, metadata={"description": "Which kind of task it is about."}
    )
    role = Code(words.AssignmentRole, required=True, allow_none=True, metadata=ROLE)
    ended_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "When its cause did, or its task; null: it still waits."},
    )
    office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="about_office_id",
        required=True,
        allow_none=True,
        metadata={
            "description": "Whose assignment, recommendation or promise it is about; null where it"
            " is nobody's."
        },
    )
    recommendation_id = fields.Integer(required=True, allow_none=True)
    recommendation_reference = fields.String(required=True, allow_none=True)
    assignment_id = fields.Integer(required=True, allow_none=True)
    assignment_reference = fields.String(required=True, allow_none=True)
    commitment_id = fields.Integer(required=True, allow_none=True)
    commitment_reference = fields.String(required=True, allow_none=True)
    proposal = Object(ProposalRefSchema, prefix="proposal_", required=True)
    raised_in = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The proposal that raised it again, when the caller sees it; null"
            " otherwise."
        },
    )


class InboxSchema(PageSchema):
    """One page of an inbox."""

    desk = Code(words.Desk, required=True)
    items = fields.List(fields.Nested(NoticeSchema), required=True)


WHICH_DESK = {
    "description": "Which desk; when left out your own office's, otherwise that of your role."
}


class InboxFilterSchema(PageFilterSchema):
    """Which of the caller's inboxes, and which part of it."""

    sort = sort_by(BY_ID, "-id")
    desk = Code(words.Desk, metadata=WHICH_DESK)
    waiting = Flag(
        metadata={"description": "True: those whose cause still holds; false: the others."}
    )


class WorklistFilterSchema(PageFilterSchema):
    """Which part of a desk to show."""

    kind = Several(Code(words.TaskKind))
    role = Several(Code(words.AssignmentRole))
    state = Several(
        Code(words.AssignmentState), metadata={"description": "That of the assignment."}
    )
    bucket = Several(Code(words.Bucket))
    case_no = Several(CaseNo(40), metadata={"description": CASE_NO})
    proposal = Several(Named())
    session = Several(Named(), metadata={"description": "That of the proposal."})
    due_before = Day(metadata={"description": "Due before this day."})
    due_after = Day(metadata={"description": "Due after this day, or without a day."})
    sort = sort_by(("due_on", *BY_ID))


class MyWorklistFilterSchema(WorklistFilterSchema):
    """Which of the caller's desks, and which part of it."""

    desk = Code(words.Desk, metadata=WHICH_DESK)
