"""Tagging one recommendation, or many at once."""

from marshmallow import fields

from app.core.schemas.fields import Input, Items, Number, Output, Text
from app.core.schemas.filters import Named
from app.core.schemas.output_fields import Object
from app.register.recommendations.schemas.recommendations import EXPANDS, RecommendationSchema


class TagChangeInputSchema(Input):
    """Tags to add and to take away, by slug."""

    add = Items(Named(), 50, load_default=list)
    remove = Items(Named(), 50, load_default=list)
    note = Text(2000)


class TagTargetInputSchema(Input):
    """One recommendation to tag, in the version that was seen."""

    id = Number(1, required=True)
    version = Number(1, required=True)


class BulkTagInputSchema(TagChangeInputSchema):
    """Tags to add to and take from many recommendations: all of them or none."""

    recommendations = Items(Object(TagTargetInputSchema), 200, least=1, required=True)


class BulkTagResultSchema(Output):
    """The recommendations after the change, and which of them changed."""

    expands = EXPANDS

    items = fields.List(fields.Nested(RecommendationSchema), required=True)
    changed = fields.List(
        fields.String(), required=True, metadata={"description": "References of those changed."}
    )
