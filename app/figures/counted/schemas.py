"""Figures: what can be asked, and what is answered."""

from marshmallow import fields, validate

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Choice, Code, Input, Number, Output
from app.core.schemas.filters import Several
from app.core.schemas.output_fields import Object
from app.register.counting.rules.figure import CountedUnit, Dimension, Viewers
from app.register.counting.schemas import within
from app.register.tags.schemas.tag_progress import CountSchema

MOST_GROUPS, MOST_MONTHS = 100, 24
BY = tuple(sorted(Dimension))


class FigureFilterSchema(Input):
    """Which records to count, on which day, and how to break the figure down."""

    by = Several(
        Choice(BY, named="FigureDimension"),
        commas=True,
        validate=validate.Length(max=2),
        metadata={
            "maxItems": 2,
            "description": "Break it down by one or two; by office for the staff alone.",
        },
    )
    within = within()
    as_of = Day(metadata={"description": "As of the end of this past day; today when left out."})
    specificity = Several(
        Code(words.Specificity),
        load_default=[words.Specificity.CONCRETE],
        metadata={"description": "Of recommendations: which are counted."},
    )
    months = Number(
        0,
        MOST_MONTHS,
        query=True,
        load_default=0,
        metadata={"description": "How many month ends before that day `over_time` has."},
    )


class LabelledSchema(Output):
    """A code with its labels."""

    code = fields.String(required=True)
    label_zh = fields.String(required=True)
    label_en = fields.String(required=True)


class DefinitionSchema(Output):
    """A figure: its formula, what it counts, its parts, and who may ask for it."""

    id = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    formula_zh = fields.String(required=True)
    formula_en = fields.String(required=True)
    unit = Code(CountedUnit, required=True)
    viewers = Code(Viewers, required=True)
    has_past = fields.Boolean(
        required=True, metadata={"description": "Whether it can be told as of a past day."}
    )
    parts = fields.List(fields.Nested(LabelledSchema), required=True)
    dimensions = fields.List(Choice(BY, named="FigureDimension"), required=True)


class DefinitionsSchema(Output):
    """Every figure."""

    items = fields.List(fields.Nested(DefinitionSchema), required=True)


class MeasuredSchema(Output):
    """The numbers of a figure: of the whole, of a group, or at the end of a day."""

    parts = fields.List(fields.Nested(CountSchema), required=True)
    rate = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Numerator over denominator; null of none, or where it is none."},
    )
    median_days = fields.Float(
        required=True, allow_none=True, metadata={"description": "Of a figure of days."}
    )
    p90_days = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Nine in ten took no longer (nearest rank)."},
    )


class GroupSchema(MeasuredSchema):
    """The figure of what has one value, or one combination of two, of what it is broken down by."""

    within = fields.List(fields.String(), required=True)
    label_zh = fields.String(required=True)
    label_en = fields.String(required=True)


class FigurePointSchema(MeasuredSchema):
    """The figure at the end of a day."""

    on = fields.Date(required=True)


class FigureSchema(MeasuredSchema):
    """A figure with its formula, its numbers, and the list of each."""

    definition = Object(
        DefinitionSchema, required=True, metadata={"description": "What is counted, and how."}
    )
    as_of = fields.Date(required=True)
    scope_zh = fields.String(
        required=True, metadata={"description": "Of which records: those that the caller may see."}
    )
    scope_en = fields.String(required=True)
    groups = fields.List(
        fields.Nested(GroupSchema),
        required=True,
        metadata={
            "description": f"By `by`, the largest first, {MOST_GROUPS} at most. What has several"
            " tags or offices is counted with each."
        },
    )
    groups_total = fields.Integer(required=True)
    over_time = fields.List(fields.Nested(FigurePointSchema), required=True)
