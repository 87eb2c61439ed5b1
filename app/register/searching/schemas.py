"""What someone searches for, as lists take it, and what a search answers."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Choice, Code, Flag, Line, Output
from app.core.schemas.filters import Named, Several
from app.core.schemas.messages import Messages, say
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

    field = fields.String(required=True, metadata={"description": "Which text of the record."})
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

    kind = Choice(KINDS, named="HitKind", required=True)
    id = fields.Integer(required=True)
    reference = fields.String(
        required=True, metadata={"description": "Of a report: that of its recommendation."}
    )
    title = fields.String(required=True, metadata={"description": "What it is, or is about."})
    href = fields.String(
        required=True,
        metadata={"description": "Where it can be read.", "format": "uri-reference"},
    )
    written_at = fields.AwareDateTime(
        required=True,
        metadata={"description": "When it was entered; of a reply the day of its draft."},
    )
    highlights = fields.List(
        fields.Nested(HighlightSchema), required=True, metadata={"description": "Where, if known."}
    )


class FacetSchema(Output):
    """How many hits one more filter would leave."""

    filter = fields.String(required=True, metadata={"description": "The parameter."})
    name = fields.String(required=True, metadata={"description": "Its value."})
    number = fields.Integer(required=True, metadata={"description": "Hits left."})
    is_exact = fields.Boolean(
        required=True, metadata={"description": "False: at least so many; not all were counted."}
    )


class WideningSchema(Output):
    """A word that a tag is called by, and what was found by it as well."""

    word = fields.String(required=True, metadata={"description": "As it was asked for, folded."})
    tag = fields.String(required=True, metadata={"description": "That tag, or one below."})
    words = fields.List(
        fields.String(), required=True, metadata={"description": "What `tag` is called."}
    )


class HitPageSchema(PageSchema):
    """One page of hits."""

    items = fields.List(fields.Nested(HitSchema), required=True)
    widened_by = fields.List(
        fields.Nested(WideningSchema),
        required=True,
        metadata={"description": "Which tags added words."},
    )
    considered = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Of how many of the newest hits the relevance was compared."},
    )
    facets = fields.List(
        fields.Nested(FacetSchema),
        required=True,
        allow_none=True,
        metadata={"description": "The 50 most frequent values of each filter that was not given."},
    )
