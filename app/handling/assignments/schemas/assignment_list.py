"""Assignments over all proposals, as their list shows them."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Choice, Code, Flag, Line, Number, Output, Slug
from app.core.schemas.lateness import BACKWARDS, DUE_AFTER, DUE_BEFORE, NEXT_DUE_ON, OVERDUE
from app.core.schemas.output_fields import Cached, Object
from app.core.schemas.paging import CountedFilterSchema, CountedPageSchema
from app.core.schemas.references import (
    OrganizationRefSchema,
    ProposalRefSchema,
    RecommendationRefSchema,
)

SORTS = ("id", "-id", "due_on")


class CaseRefSchema(ProposalRefSchema):
    """A proposal, in short, with its case number."""

    case_no = fields.String(required=True, allow_none=True)


class AssignmentSchema(Output):
    """What an office was given to handle, as lists show it."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True, metadata={"description": "Never changes."})
    proposal = Object(CaseRefSchema, prefix="proposal_", required=True)
    recommendation = fields.Nested(
        RecommendationRefSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null: the whole proposal."},
    )
    office = Cached(OrganizationRefSchema, "organization", attribute="office_id", required=True)
    role = Code(words.AssignmentRole, required=True)
    state = Code(words.AssignmentState, required=True)
    dispatched_on = fields.Date(required=True)
    received_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    next_due_on = fields.Date(required=True, allow_none=True, metadata={"description": NEXT_DUE_ON})
    next_clock = Code(words.Clock, required=True, allow_none=True)
    outcome = Code(
        words.TaskOutcome,
        required=True,
        allow_none=True,
        metadata={
            "description": "Of its answers: late where one of them was; null before the first."
        },
    )
    version = fields.Integer(required=True)


class AssignmentPageSchema(CountedPageSchema):
    """One page of assignments."""

    items = fields.List(fields.Nested(AssignmentSchema), required=True)


class AssignmentFilterSchema(CountedFilterSchema):
    """Which assignments to list, and in which order."""

    office = Slug()
    state = Code(words.AssignmentState)
    role = Code(words.AssignmentRole)
    session = Slug(metadata={"description": "That of the proposal."})
    case_no = Line(40, metadata={"description": "Exactly this case number."})
    proposal = Number(1, query=True, metadata={"description": "A proposal's id."})
    open = Flag(metadata={"description": "False: those that ended; both when left out."})
    answered = Choice(
        ("in_time", "late"), metadata={"description": "By the `outcome` of what was answered."}
    )
    clock = Code(words.Clock, metadata={"description": "What is next due."})
    overdue = Flag(metadata={"description": OVERDUE})
    due_before = Day(metadata={"description": DUE_BEFORE})
    due_after = Day(metadata={"description": DUE_AFTER})
    sort = Choice(SORTS, load_default="id", metadata={"description": BACKWARDS})
