"""The vocabulary of tags."""

from marshmallow import fields

from app.core.schemas.fields import Flag, Input, Items, Line, Output, Slug, Text
from app.core.schemas.filters import Named, Several
from app.core.schemas.output_fields import Cached
from app.core.schemas.paging import ChangedFilterSchema, PageSchema
from app.core.schemas.references import TagRefSchema
from app.register.searching.schemas import SearchWords


class TagSchema(Output):
    """A tag with its place in the tree."""

    slug = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    definition = fields.String(required=True)
    synonyms = fields.List(fields.String(), required=True)
    broader = Cached(TagRefSchema, "tag", attribute="broader_id", required=True, allow_none=True)
    narrower = Cached(TagRefSchema, "narrower_tags", many=True, attribute="id", required=True)
    ended_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "From when it is given to nothing; null while it stands."},
    )
    merged_into = Cached(
        TagRefSchema,
        "tag",
        attribute="merged_into_id",
        required=True,
        allow_none=True,
        metadata={"description": "The tag that has its recommendations; null where none has."},
    )
    split_into = Cached(TagRefSchema, "tags", many=True, attribute="split_into_ids", required=True)
    version = fields.Integer(required=True)
    updated_at = fields.AwareDateTime(required=True)


class TagFilterSchema(ChangedFilterSchema):
    """Which tags to list."""

    broader = Several(Named(), metadata={"description": "Only the tags directly below these."})
    q = SearchWords("In a name or a synonym.")
    ended = Flag(
        load_default=False,
        metadata={"description": "True: those that ended; otherwise those that stand."},
    )


class TagPageSchema(PageSchema):
    """One page of tags."""

    items = fields.List(fields.Nested(TagSchema), required=True)


class TagInputSchema(Input):
    """A tag to add; its slug and its broader tag never change."""

    slug = Slug(required=True)
    name_zh = Line(50, required=True)
    name_en = Line(100, required=True)
    definition = Text(1000, required=True)
    synonyms = Items(Line(50), 50, load_default=list)
    broader = Named(
        metadata={
            "description": "Slug of the tag one step further up the tree; left out at the top."
        }
    )
    note = Text(2000)


class TagEditInputSchema(Input):
    """What may be changed of a tag; what is left out stays."""

    name_zh = Line(50)
    name_en = Line(100)
    definition = Text(1000)
    synonyms = Items(Line(50), 50)
    note = Text(2000)


class TagEndInputSchema(Input):
    """Why a tag ends, and what takes its place."""

    into = Named(
        metadata={
            "description": "Slug of the tag that its recommendations get; left out, they keep it."
        }
    )
    reason = Text(2000, required=True)
