"""Assignments over all proposals, as their list shows them."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Choice, Code, Flag, Line, Output
from app.core.schemas.filters import BY_CHANGE, CASE_NO, CaseNo, Named, Several, sort_by
from app.core.schemas.lateness import DUE_AFTER, DUE_BEFORE, NEXT_DUE_ON, OVERDUE
from app.core.schemas.output_fields import Cached, Object
from app.core.schemas.paging import ChangedFilterSchema, PastPageSchema, as_of_day
from app.core.schemas.references import (
    OrganizationRefSchema,
    ProposalRefSchema,
    RecommendationRefSchema,
)
from app.core.schemas.selection import fields_of
from app.register.counting.rules.figure import CountedUnit
from app.register.counting.schemas import FigurePart, within


class CaseRefSchema(ProposalRefSchema):
    """A proposal, in short, with its case number."""

    case_no = fields.String(required=True, allow_none=True)


class AssignmentSchema(Output):
    """What an office was given to handle, as lists show it."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    proposal = Object(CaseRefSchema, prefix="proposal_", required=True)
    recommendation = fields.Nested(
        RecommendationRefSchema,
        required=True,
        allow_none=True,
    )
    office = Cached(
        OrganizationRefSchema, "organization", attribute="office_id", on="ended_on", required=True
    )
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
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class AssignmentPageSchema(PastPageSchema):
    """One page of assignments."""

    items = fields.List(fields.Nested(AssignmentSchema), required=True)


class AssignmentFilterSchema(ChangedFilterSchema):
    """Which assignments to list, and in which order."""

    office = Several(Named())
    state = Several(Code(words.AssignmentState))
    role = Several(Code(words.AssignmentRole))
    session = Several(Named(), metadata={"description": "That of the proposal."})
    case_no = Several(CaseNo(40), metadata={"description": CASE_NO})
    proposal = Several(Named())
    recommendation = Several(
        Named(), metadata={"description": "What was given by itself; not with the whole proposal."}
    )
    reference = Several(Line(48), metadata={"description": "Exactly this reference."})
    open = Flag(
        metadata={
            "description": "True: those that are open; false: those that ended; both when left out."
        }
    )
    answered = Choice(
        ("in_time", "late"),
        metadata={
            "description": "`in_time`: those whose `outcome` is `done`; `late`: those whose it is"
            " `late`."
        },
    )
    clock = Several(Code(words.Clock), metadata={"description": "What is next due."})
    overdue = Flag(metadata={"description": OVERDUE})
    due_before = Day(metadata={"description": DUE_BEFORE})
    due_after = Day(metadata={"description": DUE_AFTER})
    counted_in = FigurePart(CountedUnit.ASSIGNMENTS)
    within = within()
    as_of = as_of_day()
    sort = sort_by((*BY_CHANGE, "due_on"))
    shown_fields = fields_of(AssignmentPageSchema)
