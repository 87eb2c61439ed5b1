"""What someone searches for, as lists take it, and what a search answers."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Choice, Code, Flag, Line, Output
from app.core.schemas.filters import Named, Several
from app.core.schemas.messages import Messages, say
from app.core.schemas.output_fields import Object
from app.core.schemas.paging import PageFilterSchema, PageSchema
from app.core.types import Given
from app.register.searching.rules.search_words import REASONS, Misread, read_words

LONGEST_SEARCH = 200


class SearchWords(Line):
    """Words and phrases that are looked for; what cannot be understood is refused."""

    default_error_messages: Messages = {reason: say(zh, en) for reason, (zh, en) in REASONS.items()}

    def __init__(self, found_in: str, *, required: bool = False) -> None:
        """Say that words are *found_in* something."""
        said = {"description": f"{found_in} {HOW}"}
        super().__init__(LONGEST_SEARCH, required=required, metadata=said)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: object
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            read_words(text)
        except Misread as error:
            raise self.make_error(str(error)) from None
        return text


HOW = 'All words are needed; `"a phrase"`, `-without`, `this OR that`.'


KINDS = ("document", "proposal", "recommendation", "reply", "reply_point", "report")
SORTS = ("-written_at", "relevance", "written_at")
OF_SEARCH = "Leaves out kinds that have none: see the operation."


class SearchFilterSchema(PageFilterSchema):
    """What to search for, where, and in which order."""

    q = SearchWords("Words of a tag also find its synonyms, unless quoted.", required=True)
    kind = Several(Choice(KINDS, named="HitKind"))
    tag = Several(Named(), metadata={"description": "With the narrower tags of each."})
    office = Several(Named(), metadata={"description": "Has a part in it, answered or reported."})
    session = Several(Named())
    progress = Several(Code(words.Progress))
    document = Several(Named())
    widen = Choice(
        ("tags", "none"),
        data_key="expand",
        load_default="tags",
        metadata={"description": "`none`: words of tags find nothing but themselves."},
    )
    facets = Flag(load_default=False, metadata={"description": "Also count the hits."})
    sort = Choice(
        SORTS,
        named="OrderOfHits",
        load_default=SORTS[0],
        metadata={"description": "`relevance` looks at the newest 1,000 hits alone."},
    )


class HighlightSchema(Output):
    """A stretch of a stored text in which words were found."""

    field = fields.String(required=True)
    text = fields.String(required=True)
    offset = fields.Integer(
        required=True, metadata={"description": "Where it begins in that text, in characters."}
    )
    spans = fields.List(
        fields.List(fields.Integer()),
        required=True,
        metadata={"description": "Begin and end of what was found, counted as `offset` is."},
    )
    document_id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "Whose text (`getDocumentText`) is counted in; null: the field's."
        },
    )


class HitSchema(Output):
    """A record that was found."""

    kind = fields.String(required=True)
    id = fields.Integer(required=True)
    reference = fields.String(
        required=True, metadata={"description": "Of a report: that of its recommendation."}
    )
    title = fields.String(required=True, metadata={"description": "What it is, or is about."})
    href = fields.String(required=True, metadata={"format": "uri-reference"})
    written_at = fields.AwareDateTime(
        required=True,
        metadata={"description": "When it was entered; of a reply the day of its draft."},
    )
    highlights = fields.List(fields.Nested(HighlightSchema), required=True)


class FacetSchema(Output):
    """How many hits a filter would leave."""

    name = fields.String(required=True, metadata={"description": "The value of the filter."})
    number = fields.Integer(required=True)
    is_exact = fields.Boolean(
        required=True, metadata={"description": "False: at least so many; not all were counted."}
    )


class FacetsSchema(Output):
    """The 50 most frequent values of each filter that was not given; null where it was."""

    kind = fields.List(fields.Nested(FacetSchema), required=True, allow_none=True)
    tag = fields.List(fields.Nested(FacetSchema), required=True, allow_none=True)
    office = fields.List(fields.Nested(FacetSchema), required=True, allow_none=True)
    session = fields.List(fields.Nested(FacetSchema), required=True, allow_none=True)
    progress = fields.List(fields.Nested(FacetSchema), required=True, allow_none=True)
    document = fields.List(fields.Nested(FacetSchema), required=True, allow_none=True)


class WideningSchema(Output):
    """A word that a tag is called by, and the words of that tag, or of one below, found as well."""

    word = fields.String(required=True)
    tag = fields.String(required=True)
    words = fields.List(fields.String(), required=True)


class HitPageSchema(PageSchema):
    """One page of hits."""

    items = fields.List(fields.Nested(HitSchema), required=True)
    widened_by = fields.List(fields.Nested(WideningSchema), required=True)
    considered = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Of how many of the newest hits the relevance was compared."},
    )
    facets = Object(FacetsSchema, required=True, allow_none=True)
