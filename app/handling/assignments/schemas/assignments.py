"""Assignments, their clocks, and worklists."""

from marshmallow import fields

from app.core import codes as words
from app.core.rules.sizes import SHOWN
from app.core.schemas.fields import Code, Output
from app.core.schemas.lateness import NEXT_DUE_ON
from app.core.schemas.output_fields import Cached
from app.core.schemas.paging import PageSchema
from app.core.schemas.references import (
    OrganizationRefSchema,
    ProposalRefSchema,
    ProposerSchema,
    RecommendationRefSchema,
    corrected_by,
    corrects,
    withheld,
)
from app.deadlines.schemas import ExplanationSchema
from app.handling.assignments.schemas.supervision import (
    INSIDERS,
    DelayExplanationSchema,
    PressSchema,
)

TO_OTHERS = "and for everyone but the office, the one above it and the staff"
"""To whom it is null what INSIDERS are told."""

WHICH_VERSION = {"description": "Which version it is, counted from 1 within the assignment."}
NEWEST = f"The newest {SHOWN}, oldest first; the history of the proposal tells of all."


class TaskSchema(Output):
    """Something that is waited for, until when, and how that day came about."""

    id = fields.Integer(required=True)
    kind = Code(words.TaskKind, required=True)
    desk = Code(words.Desk, required=True)
    began_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    original_due_on = fields.Date(required=True, allow_none=True)
    is_provisional = fields.Boolean(required=True)
    awaits_receipt = fields.Boolean(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    outcome = Code(words.TaskOutcome, required=True, allow_none=True)
    explanation = fields.List(
        fields.Nested(ExplanationSchema),
        required=True,
        metadata={
            "description": "How the day came about, line by line; one line where a person named"
            " it, none where there is none."
        },
    )


class ExtensionSchema(Output):
    """A request for more time, and what became of it."""

    state = Code(words.ExtensionState, required=True)
    asked_on = fields.Date(required=True)
    extended_to = fields.Date(required=True, attribute="until")
    reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"Why. {INSIDERS}; null for others."},
    )
    decided_on = fields.Date(required=True, allow_none=True)
    decision = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "What the one who decided wrote; null where they wrote nothing or"
            f" nobody decided, {TO_OTHERS}."
        },
    )


class NextStepSchema(Output):
    """A step that the caller may take now, and what it needs."""

    operation = fields.String(
        required=True, metadata={"description": "The operation that takes it, by operationId."}
    )
    axis = Code(
        words.Axis,
        required=True,
        allow_none=True,
        metadata={
            "description": "Of a recommendation: the axis to name along with `to`; null for all"
            " others."
        },
    )
    to = fields.String(required=True)
    to_zh = fields.String(required=True)
    to_en = fields.String(required=True)
    needs = fields.List(Code(words.Need), required=True)


class ReplyRefSchema(Output):
    """A version of a reply, in short."""

    reference = fields.String(required=True)
    number = fields.Integer(required=True, metadata=WHICH_VERSION)
    round = fields.Integer(required=True)
    state = Code(words.ReplyState, required=True)
    document_no = fields.String(required=True, allow_none=True)
    drafted_on = fields.Date(required=True)
    sent_on = fields.Date(required=True, allow_none=True)
    published_on = fields.Date(required=True, allow_none=True)


class ContactSchema(Output):
    """A contact of the office with the proposers; with whom and what, for those who handle it."""

    id = fields.Integer(required=True)
    channel = Code(words.Channel, required=True)
    on = fields.Date(required=True)
    proposer = fields.Nested(ProposerSchema, required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    entered_by = fields.String(required=True, allow_none=True)
    corrects = corrects()
    corrected_by = corrected_by()
    withheld = withheld()


class AssignmentDetailSchema(Output):
    """What an office was given to handle, with every clock of it."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    number = fields.Integer(required=True)
    proposal = fields.Nested(ProposalRefSchema, required=True)
    recommendation = fields.Nested(
        RecommendationRefSchema,
        required=True,
        allow_none=True,
    )
    parent_id = fields.Integer(required=True, allow_none=True)
    office = Cached(
        OrganizationRefSchema, "organization", attribute="office_id", on="ended_on", required=True
    )
    role = Code(words.AssignmentRole, required=True)
    state = Code(words.AssignmentState, required=True)
    in_recess = fields.Boolean(required=True)
    profile = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The edition of the rules that the proposal began under; null where"
            " none was kept."
        },
    )
    dispatched_on = fields.Date(required=True)
    received_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    next_due_on = fields.Date(required=True, allow_none=True, metadata={"description": NEXT_DUE_ON})
    next_clock = Code(words.Clock, required=True, allow_none=True)
    objection = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": f"Why the office objected; null where it did not, {TO_OTHERS}."},
    )
    suggested_office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="suggested_office_id",
        required=True,
        allow_none=True,
        metadata={
            "description": "The office that would be the right one, as the objection says; null"
            f" where it names none, {TO_OTHERS}."
        },
    )
    tasks = fields.List(
        fields.Nested(TaskSchema),
        required=True,
        metadata={"description": f"What waits, and the newest that ended: {SHOWN} of them."},
    )
    tasks_total = fields.Integer(required=True)
    awaited = fields.List(
        Code(words.TaskKind),
        required=True,
        metadata={
            "description": "What its office still owes now, by the kind of task: a joint office"
            " that agreed to the reply still owes its own opinion, say."
        },
    )
    extensions = fields.List(
        fields.Nested(ExtensionSchema), required=True, metadata={"description": NEWEST}
    )
    extensions_total = fields.Integer(required=True)
    replies = fields.List(
        fields.Nested(ReplyRefSchema),
        required=True,
        metadata={
            "description": f"Versions, the newest {SHOWN}, oldest first; for the public those"
            " published. `getReply` has each by its number."
        },
    )
    replies_total = fields.Integer(required=True)
    contacts = fields.List(
        fields.Nested(ContactSchema),
        required=True,
        metadata={"description": f"The newest {SHOWN}, oldest first. `listContacts` has all."},
    )
    contacts_total = fields.Integer(required=True)
    explanations = fields.List(
        fields.Nested(DelayExplanationSchema),
        required=True,
        metadata={"description": f"Why it is late. {INSIDERS}; empty for others. {NEWEST}"},
    )
    explanations_total = fields.Integer(required=True)
    presses = fields.List(
        fields.Nested(PressSchema),
        required=True,
        metadata={
            "description": f"What the office was pressed for. {INSIDERS}; empty for others."
            f" {NEWEST}"
        },
    )
    presses_total = fields.Integer(required=True)
    allowed_steps = fields.List(fields.Nested(NextStepSchema), required=True)
    as_of = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={
            "description": "The past moment that is shown; null: now. Of a past moment the"
            " proposal and the recommendation are named as they are now, due days are worked out"
            " by the calendars that are loaded now, `next_due_on` and `next_clock` are those of"
            " now, and `tasks` are those that had begun by that day."
        },
    )
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class AssignmentDetailPageSchema(PageSchema):
    """One page of the assignments of a proposal, in order."""

    items = fields.List(fields.Nested(AssignmentDetailSchema), required=True)


class ContactPageSchema(PageSchema):
    """One page of the contacts of an assignment, oldest first."""

    items = fields.List(fields.Nested(ContactSchema), required=True)
