"""The page of a tag: how far its recommendations are."""

from marshmallow import fields

from app.audit.schemas.events import HistoryEventSchema
from app.core import codes as words
from app.core.schemas.fields import Code, Flag, Input, Number, Output
from app.core.schemas.filters import Several
from app.core.schemas.output_fields import Cached, Object
from app.core.schemas.references import (
    DocumentRefSchema,
    OrganizationRefSchema,
    RecommendationRefSchema,
    SessionRefSchema,
)
from app.register.tags.schemas.tags import TagSchema


class TagProgressFilterSchema(Input):
    """Which recommendations of the tag to count."""

    specificity = Several(
        Code(words.Specificity),
        load_default=[words.Specificity.CONCRETE],
        metadata={
            "description": "Which are counted: those that could be proven done, when left out."
        },
    )

    months = Number(
        0,
        60,
        query=True,
        load_default=12,
        metadata={"description": "How many months `over_time` goes back; 0: it is empty."},
    )
    with_figures = Flag(
        load_default=True,
        metadata={"description": "Whether `figures` are counted, which takes long of many."},
    )


class StageSchema(Output):
    """How many recommendations stand at one progress, and the list that has just those."""

    progress = Code(words.Progress, required=True)
    label_zh = fields.String(required=True)
    label_en = fields.String(required=True)
    number = fields.Integer(required=True)
    list = fields.String(required=True)


BY_PROGRESS = {
    "description": "How many stand at each progress, by its code; those at which none stands are"
    " left out."
}


class DocumentStagesSchema(Output):
    """How many recommendations of the tag one document holds."""

    document = Object(DocumentRefSchema, required=True)
    number = fields.Integer(required=True)
    progress = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, metadata=BY_PROGRESS
    )
    list = fields.String(required=True)


class SessionStagesSchema(Output):
    """How many recommendations of the tag came from one session."""

    session = Object(SessionRefSchema, required=True, metadata={"description": "The session."})
    number = fields.Integer(required=True)
    progress = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, metadata=BY_PROGRESS
    )
    list = fields.String(required=True)


class CountSchema(Output):
    """How many there are of one code, and the list that has just those."""

    code = fields.String(required=True)
    label_zh = fields.String(required=True)
    label_en = fields.String(required=True)
    number = fields.Integer(required=True)
    list = fields.String(required=True)


class OfficeCountsSchema(Output):
    """How many recommendations of the tag one office has, in each part."""

    office = Cached(OrganizationRefSchema, "organization", attribute="office_id", required=True)
    list = fields.String(required=True)
    parts = fields.List(fields.Nested(CountSchema), required=True)


class DatedCountsSchema(Output):
    """How many there are, by code, and the first day among them."""

    number = fields.Integer(required=True)
    list = fields.String(required=True)
    first_due_on = fields.Date(required=True, allow_none=True)
    parts = fields.List(fields.Nested(CountSchema), required=True)


class PercentFigureSchema(Output):
    """What was reported last of each recommendation of which a percentage was."""

    number = fields.Integer(required=True)
    mean = fields.Float(required=True, allow_none=True)
    median = fields.Float(required=True, allow_none=True)
    list = fields.String(required=True)


BY_CODE = {"description": "How many, by code."}


def by_code() -> fields.Dict:
    """Return a field that has a number for each code."""
    return fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, metadata=BY_CODE
    )


class MonthSchema(Output):
    """How it stood at the end of a month, or stands today."""

    on = fields.Date(required=True)
    number = fields.Integer(required=True)
    progress = by_code()
    acceptance = by_code()
    promises = by_code()
    list = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Those of `number`; with `&progress=` or `&acceptance=` and a code,"
            " those of that one. Null before the register began."
        },
    )
    promises_list = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The promises, likewise with `&state=`."},
    )


class MoveSchema(Output):
    """The latest move of a recommendation."""

    recommendation = Object(
        RecommendationRefSchema,
        required=True,
        metadata={"description": "The recommendation that moved."},
    )
    event = Object(HistoryEventSchema, required=True)


class TagFiguresSchema(Output):
    """Who has the recommendations of a tag, and what they answered, each with its list."""

    acceptance = fields.List(fields.Nested(CountSchema), required=True)
    offices = fields.List(
        fields.Nested(OfficeCountsSchema),
        required=True,
        metadata={"description": "The fifty offices that have most."},
    )
    offices_total = fields.Integer(required=True)
    percent = Object(PercentFigureSchema, required=True)
    late = Object(
        DatedCountsSchema,
        required=True,
        metadata={"description": "Those whose next day has passed, by clock, as `overdue` lists."},
    )
    promises = Object(
        DatedCountsSchema,
        required=True,
        metadata={"description": "What offices promised about any of the tag, by state."},
    )


class TagProgressSchema(Output):
    """How far the recommendations of a tag, its narrower tags included, have come."""

    tag = Object(TagSchema, required=True)
    as_of = fields.AwareDateTime(required=True)
    total = fields.Integer(required=True)
    not_counted = fields.Integer(
        required=True,
        metadata={"description": "How many of the tag are of a specificity not asked for."},
    )
    list = fields.String(required=True)
    stages = fields.List(fields.Nested(StageSchema), required=True)
    documents = fields.List(
        fields.Nested(DocumentStagesSchema),
        required=True,
        metadata={"description": "The latest twenty documents."},
    )
    sessions = fields.List(
        fields.Nested(SessionStagesSchema),
        required=True,
        metadata={"description": "The latest twenty sessions."},
    )
    figures = Object(
        TagFiguresSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "Counted at each reading; null where `total` is more than 100,000, or"
            " `with_figures` is false."
        },
    )
    over_time = fields.List(
        fields.Nested(MonthSchema),
        required=True,
        metadata={
            "description": "Where those of `list`, and the promises, stood at each month's end,"
            " and today. Empty where there are more than 10,000."
        },
    )
    latest_moves = fields.List(
        fields.Nested(MoveSchema),
        required=True,
        metadata={"description": "The ten recommendations that moved last, latest first."},
    )
