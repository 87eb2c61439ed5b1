"""The forms on which proposers rated replies, as their list shows them."""

from marshmallow import fields

from app.core.schemas.filters import Named, Several
from app.core.schemas.output_fields import Cached, Object
from app.core.schemas.paging import OrderedFilterSchema, PageSchema
from app.core.schemas.references import OrganizationRefSchema
from app.handling.assignments.schemas.assignment_list import CaseRefSchema
from app.handling.replies.schemas import EvaluationSchema
from app.register.counting.rules.figure import CountedUnit
from app.register.counting.schemas import FigurePart, within


class EvaluationItemSchema(EvaluationSchema):
    """A form, with the version of the reply that it rates."""

    reply = fields.String(required=True, metadata={"description": "The version it rates."})
    assignment_id = fields.Integer(required=True)
    office = Cached(OrganizationRefSchema, "organization", attribute="office_id", required=True)
    proposal = Object(CaseRefSchema, prefix="proposal_", required=True)


class EvaluationPageSchema(PageSchema):
    """One page of forms."""

    items = fields.List(fields.Nested(EvaluationItemSchema), required=True)


class EvaluationFilterSchema(OrderedFilterSchema):
    """Which forms to list."""

    office = Several(Named())
    proposal = Several(Named())
    session = Several(Named(), metadata={"description": "That of the proposal."})
    counted_in = FigurePart(CountedUnit.EVALUATIONS)
    within = within()
