"""Assignments, their clocks, and worklists."""

from marshmallow import fields

from app.rules import vocabularies as words
from app.schemas.deadlines import ExplanationSchema, PauseInputSchema
from app.schemas.fields import (
    Cached,
    Choice,
    Code,
    Day,
    Flag,
    Input,
    Line,
    Object,
    Output,
    Slug,
    Switch,
    Text,
)
from app.schemas.paging import PageFilterSchema, PageSchema
from app.schemas.references import (
    OrganizationRefSchema,
    ProposalRefSchema,
    ProposerSchema,
    RecommendationRefSchema,
)

DECISIONS = {
    "grant": words.ExtensionState.GRANTED,
    "refuse": words.ExtensionState.REFUSED,
}


class TaskSchema(Output):
    """Something that is waited for, until when, and how that day came about."""

    id = fields.Integer(required=True)
    kind = Code(words.TaskKind, required=True)
    desk = Code(words.Desk, required=True)
    began_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    original_due_on = fields.Date(required=True, allow_none=True)
    is_provisional = fields.Boolean(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    outcome = Code(words.TaskOutcome, required=True, allow_none=True)
    explanation = fields.List(
        fields.Nested(ExplanationSchema),
        required=True,
        metadata={"description": "Line by line; one line where the office named the day."},
    )


class ExtensionSchema(Output):
    """A request for more time, and what became of it."""

    state = Code(words.ExtensionState, required=True)
    asked_on = fields.Date(required=True)
    extended_to = fields.Date(required=True, attribute="until")
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "For the office and the staff."}
    )
    decided_on = fields.Date(required=True, allow_none=True)
    decision = fields.String(required=True, allow_none=True)


class NextStepSchema(Output):
    """A step that the caller may take now, and what it needs."""

    operation = fields.String(
        required=True, metadata={"description": "The operation that takes it, by operationId."}
    )
    axis = Code(
        words.Axis,
        required=True,
        allow_none=True,
        metadata={"description": "Of a recommendation: the axis to name along with `to`."},
    )
    to = fields.String(required=True)
    to_zh = fields.String(required=True)
    to_en = fields.String(required=True)
    needs = fields.List(Code(words.Need), required=True)


class ReplyRefSchema(Output):
    """A version of a reply, in short."""

    reference = fields.String(required=True)
    number = fields.Integer(required=True)
    round = fields.Integer(required=True)
    state = Code(words.ReplyState, required=True)
    document_no = fields.String(required=True, allow_none=True)
    drafted_on = fields.Date(required=True)
    sent_on = fields.Date(required=True, allow_none=True)
    published_on = fields.Date(required=True, allow_none=True)


class ContactSchema(Output):
    """A contact of the office with the proposers; with whom and what, for those who handle it."""

    channel = Code(words.Channel, required=True)
    on = fields.Date(required=True)
    proposer = fields.Nested(ProposerSchema, required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    entered_by = fields.String(required=True, allow_none=True)


class OfficeAssignmentSchema(Output):
    """What an office was given to handle, with every clock of it."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True, metadata={"description": "Never changes."})
    number = fields.Integer(required=True)
    proposal = fields.Nested(ProposalRefSchema, required=True)
    recommendation = fields.Nested(
        RecommendationRefSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null: the whole proposal."},
    )
    parent_id = fields.Integer(required=True, allow_none=True)
    office = Cached(OrganizationRefSchema, "organization", attribute="office_id", required=True)
    role = Code(words.AssignmentRole, required=True)
    state = Code(words.AssignmentState, required=True)
    in_recess = fields.Boolean(required=True)
    profile = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The edition of the rules that the proposal began under."},
    )
    dispatched_on = fields.Date(required=True)
    received_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    objection = fields.String(
        required=True, allow_none=True, metadata={"description": "For the office and the staff."}
    )
    suggested_office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="suggested_office_id",
        required=True,
        allow_none=True,
    )
    tasks = fields.List(fields.Nested(TaskSchema), required=True)
    extensions = fields.List(fields.Nested(ExtensionSchema), required=True)
    replies = fields.List(
        fields.Nested(ReplyRefSchema),
        required=True,
        metadata={"description": "Versions, oldest first; for the public those published."},
    )
    contacts = fields.List(fields.Nested(ContactSchema), required=True)
    allowed_steps = fields.List(fields.Nested(NextStepSchema), required=True)
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class OfficeAssignmentListSchema(Output):
    """Every assignment of a proposal, in order."""

    items = fields.List(fields.Nested(OfficeAssignmentSchema), required=True)


class DispatchSchema(Input):
    """An office that gets the proposal, or one recommendation of it, to handle."""

    office = Slug(required=True)
    role = Code(words.AssignmentRole, required=True)
    recommendation = Line(48, metadata={"description": "Its reference; all of them when left out."})
    parent = Line(
        48,
        metadata={"description": "The assignment under which an office dispatches on."},
    )
    profile = Slug(
        metadata={
            "description": "At the first dispatch: the rules of the notice, where they are not"
            " those that body, kind and session choose."
        }
    )
    on = Day(metadata={"description": "The day of the dispatch; today when left out."})
    in_recess = Switch(load_default=False, metadata={"description": "Between two sessions."})
    note = Text(2000)


class AssignmentStepSchema(Input):
    """A step of an assignment, with what it needs."""

    to = Code(words.AssignmentState, required=True)
    on = Day(metadata={"description": "The day it was; today when left out."})
    reason = Text(2000)
    suggested_office = Slug(metadata={"description": "With an objection: who should have it."})
    note = Text(2000)


class ExtensionInputSchema(Input):
    """Until when more time is asked for, and why."""

    extended_to = Day(required=True)
    reason = Text(2000, required=True)
    on = Day(
        metadata={"description": "The day it was asked, today unless told; not after the due date."}
    )


class ClockPauseSchema(PauseInputSchema):
    """Days on which the clock stood still, both ends included, and why; ten years at most."""

    reason = Line(200, required=True)


class ExtensionDecisionSchema(Input):
    """What becomes of the request; a refusal needs a note."""

    decision = Choice(tuple(DECISIONS), required=True)
    note = Text(2000)


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
    office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="desk_office_id",
        required=True,
        allow_none=True,
    )
    role = Code(words.AssignmentRole, required=True, allow_none=True)
    began_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    original_due_on = fields.Date(required=True, allow_none=True)
    is_provisional = fields.Boolean(required=True)
    bucket = Code(words.Bucket, required=True)
    days_late = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Natural days after the due date; negative: days left."},
    )
    objection_until = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "The last day on which the office may object."},
    )
    assignment_id = fields.Integer(required=True, allow_none=True)
    assignment_reference = fields.String(required=True, allow_none=True)
    assignment_office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="assignment_office_id",
        required=True,
        allow_none=True,
        metadata={"description": "Whose assignment it is about, on whomever's desk it lies."},
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
        metadata={"description": "To countersign, check, rate or publish; else the newest one."},
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
    """How much lies on the desk, by how near its day is; filters but `bucket` count."""

    overdue = fields.Integer(required=True)
    soon = fields.Integer(required=True)
    later = fields.Integer(required=True)
    undated = fields.Integer(required=True)


class WorklistSchema(PageSchema):
    """One page of a desk, what is latest first."""

    desk = Code(words.Desk, required=True)
    counts = fields.Nested(BucketCountsSchema, required=True)
    items = fields.List(fields.Nested(TaskItemSchema), required=True)


class NoticeSchema(Output):
    """A reminder that fired."""

    id = fields.Integer(required=True)
    point = Code(words.ReminderPoint, required=True)
    urgency = Code(words.Urgency, required=True)
    fired_on = fields.Date(required=True)
    due_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "As it was when this fired."}
    )
    kind = Code(words.TaskKind, required=True)
    role = Code(words.AssignmentRole, required=True, allow_none=True)
    ended_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "Null: it still waits."}
    )
    assignment_id = fields.Integer(required=True, allow_none=True)
    assignment_reference = fields.String(required=True, allow_none=True)
    commitment_id = fields.Integer(required=True, allow_none=True)
    commitment_reference = fields.String(required=True, allow_none=True)
    proposal = Object(ProposalRefSchema, prefix="proposal_", required=True)
    raised_in = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The proposal that raised it again, when the caller sees it."},
    )


class InboxSchema(PageSchema):
    """One page of an inbox, newest first."""

    desk = Code(words.Desk, required=True)
    items = fields.List(fields.Nested(NoticeSchema), required=True)


class InboxFilterSchema(PageFilterSchema):
    """Which of the caller's inboxes, and which part of it."""

    desk = Code(
        words.Desk,
        metadata={
            "description": "When left out: the own office's, otherwise that of the caller's role."
        },
    )
    waiting = Flag(metadata={"description": "Whether what it is about still waits."})


class WorklistFilterSchema(PageFilterSchema):
    """Which part of a desk to show."""

    kind = Code(words.TaskKind)
    role = Code(words.AssignmentRole)
    state = Code(
        words.AssignmentState, metadata={"description": "That of the assignment it is about."}
    )
    bucket = Code(words.Bucket)
    due_before = Day(metadata={"description": "Due before this day."})
    due_after = Day(metadata={"description": "Due after this day."})


class MyWorklistFilterSchema(WorklistFilterSchema):
    """Which of the caller's desks, and which part of it."""

    desk = Code(
        words.Desk,
        metadata={
            "description": "When left out: the own office's, otherwise that of the caller's role."
        },
    )
