"""Progress reports: what offices tell of a recommendation, and what looks back at it found."""

from marshmallow import fields

from app.core.schemas.fields import Input, Items, Number, Output, Text
from app.core.schemas.filters import Named, Several
from app.core.schemas.output_fields import Cached, Object, Stored
from app.core.schemas.paging import OrderedFilterSchema, PageSchema
from app.core.schemas.references import (
    OrganizationRefSchema,
    corrected_by,
    corrects,
    mends,
    withheld,
)
from app.register.files.schemas import EvidenceInputSchema, EvidenceSchema


class ReportSchema(Output):
    """A progress report."""

    id = fields.Integer(required=True)
    sequence = fields.Integer(required=True, metadata={"description": "Its event's sequence."})
    text = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What was reported; null where a step brought evidence alone."},
    )
    percent = fields.Integer(required=True, allow_none=True)
    evidence = Stored(EvidenceSchema, many=True, required=True)
    office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="office_id",
        on="reported_at",
        required=True,
        allow_none=True,
        metadata={"description": "The office that reported; null where the staff did."},
    )
    reported_by = fields.String(required=True)
    reported_at = fields.AwareDateTime(required=True)
    corrects = corrects()
    corrected_by = corrected_by()
    withheld = withheld()


class ReportPageSchema(PageSchema):
    """One page of the reports of a recommendation, oldest first."""

    items = fields.List(fields.Nested(ReportSchema), required=True)


class ReportFilterSchema(OrderedFilterSchema):
    """Whose reports to list."""

    office = Several(Named(), metadata={"description": "Only those of these offices."})


class ReportInputSchema(Input):
    """A progress report to add."""

    text = Text(5000, required=True, metadata={"description": "What is reported."})
    percent = Number(
        0,
        100,
        allow_none=True,
        metadata={
            "description": "How much is done, from 0 to 100; null where that is not said. From 30"
            " on the recommendation must no longer be `not_started`."
        },
    )
    evidence = Items(Object(EvidenceInputSchema), 50, load_default=list)
    corrects = mends("report", "office")


class LookBackInputSchema(Input):
    """What a look back found."""

    text = Text(5000, required=True, metadata={"description": "What was found."})
    evidence = Items(Object(EvidenceInputSchema), 50, load_default=list)
