"""A tag that is split into others."""

from marshmallow import fields

from app.core.schemas.fields import Input, Items, Line, Output, Switch, Text
from app.core.schemas.filters import Named
from app.core.schemas.output_fields import Object
from app.core.schemas.references import RecommendationRefSchema
from app.register.tags.schemas.tags import TagInputSchema, TagSchema


class SplitPartInputSchema(Input):
    """One part of a tag that is split: a tag that stands, or a new one; one of the two."""

    tag = Named(metadata={"description": "Slug of a tag that stands."})
    new = Object(TagInputSchema, metadata={"description": "A tag to add."})
    words = Items(
        Line(50),
        50,
        metadata={
            "description": "Go there where these stand in the summary or the quoted words; the"
            " part's names and synonyms when left out."
        },
    )
    recommendations = Items(
        Line(48),
        500,
        load_default=list,
        metadata={"description": "References of those that go there, whatever their words."},
    )


class TagSplitInputSchema(Input):
    """The parts of a tag, and what goes to which."""

    parts = Items(Object(SplitPartInputSchema), 10, least=2, required=True)
    rest = Named(
        metadata={
            "description": "Slug of the part that gets all others; left out, they keep the tag."
        }
    )
    reason = Text(2000, required=True)
    dry_run = Switch(load_default=True)
    digest = Line(64, metadata={"description": "Of the dry run that is carried out."})


class SplitReasonSchema(Output):
    """A part that a recommendation goes to, and why: named, or by words; neither: the rest."""

    slug = fields.String(required=True)
    named = fields.Boolean(required=True)
    words = fields.List(fields.String(), required=True)


class SplitRowSchema(Output):
    """Where one recommendation goes: to several parts, to one, or to none: it keeps the tag."""

    recommendation = Object(RecommendationRefSchema, required=True)
    parts = fields.List(fields.Nested(SplitReasonSchema), required=True)


class TagSplitSchema(Output):
    """What a tag is split into, or would be."""

    tag = Object(TagSchema, required=True)
    dry_run = fields.Boolean(required=True)
    digest = fields.String(required=True)
    numbers = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    several = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    rows = fields.List(fields.Nested(SplitRowSchema), required=True)
