"""The bodies by which a proposal is entered."""

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Code, Input, Items, Line, Number, Switch, Text
from app.core.schemas.filters import Named
from app.core.schemas.output_fields import Object


class DraftProposerInputSchema(Input):
    """Who proposes: the slug of a person or of an organization."""

    proposer = Named(required=True)
    role = Code(words.ProposerRole, required=True)
    capacity_confirmed = Switch(
        load_default=False,
        metadata={
            "description": "True: they propose this although they sit in another body or capacity,"
            " or not in this term, as far as the register knows."
        },
    )


class QuoteInputSchema(Input):
    """Words of the text; the passage that is kept has the text's own characters."""

    text = Text(
        5000,
        required=True,
        metadata={
            "description": "They are found whichever way their lines end or run on: blanks do not"
            " count, all quotation marks are one sign, and all dashes; letters, digits and marks"
            " of full width are those of half width."
        },
    )
    nth = Number(1, 1000)


class DraftRecommendationInputSchema(Input):
    """One recommendation of a draft, and the words in which it stands."""

    summary_zh = Line(500, required=True)
    summary_en = Line(1000)
    quotes = Items(Object(QuoteInputSchema), 20, least=1, required=True)
    stance = Code(words.Stance, load_default=words.Stance.ASKS)
    specificity = Code(words.Specificity, load_default=words.Specificity.CONCRETE)
    targets = Items(Line(200), 20, load_default=list)
    tags = Items(Named(), 50, load_default=list)
    suggested_office = Named()


class DraftInputSchema(Input):
    """A text with what it asks for; for the staff only until it is filed and published."""

    kind = Code(words.ProposalKind, required=True)
    title = Line(300, required=True)
    text = Text(100_000, required=True, metadata={"description": "Kept character for character."})
    session = Named(required=True)
    proposers = Items(Object(DraftProposerInputSchema), 500, least=1, required=True)
    recommendations = Items(Object(DraftRecommendationInputSchema), 100, load_default=list)
    cosign_until = Day()
    categories = Items(
        Line(100),
        10,
        load_default=list,
        metadata={"description": "One of each scheme at most, by code or label."},
    )
    replaces = Line(40)
    note = Text(2000)
