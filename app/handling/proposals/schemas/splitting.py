"""The bodies that mend what a case asks."""

from app.core import codes as words
from app.core.schemas.fields import Code, Input, Items, Line, Switch, Text
from app.core.schemas.output_fields import Object
from app.handling.proposals.schemas.drafts import (
    DraftRecommendationInputSchema,
    QuoteInputSchema,
)


class AddedRecommendationsInputSchema(Input):
    """Recommendations to add to a case, perhaps in the place of others of it."""

    recommendations = Items(
        Object(DraftRecommendationInputSchema),
        50,
        least=1,
        required=True,
        metadata={"description": "What is added, each with its words within the proposal."},
    )
    replaces = Items(
        Line(48),
        50,
        load_default=list,
        metadata={
            "description": "References of those whose place they take: one that is split, several"
            " that are joined."
        },
    )
    reason = Text(2000, required=True)


class WithdrawalInputSchema(Input):
    """Why a recommendation is taken back, and which other carries it on."""

    into = Line(
        48, metadata={"description": "Reference of the one it is joined to; of any document."}
    )
    reason = Text(2000, required=True)


class RestorationInputSchema(Input):
    """Why a recommendation stands again."""

    reason = Text(2000, required=True)


class RelationInputSchema(Input):
    """How a recommendation relates to another one of any document."""

    kind = Code(words.LineageKind, required=True)
    other = Line(48, required=True, metadata={"description": "Reference of the other one."})
    stands = Switch(
        load_default=True, metadata={"description": "False: the relation is over, or never was."}
    )
    reason = Text(2000, required=True)


class CarriedPassageInputSchema(Input):
    """In which words of the new text a recommendation stands."""

    recommendation = Line(48, required=True, metadata={"description": "Its reference."})
    quotes = Items(Object(QuoteInputSchema), 20, least=1, required=True)


class TextEditionInputSchema(Input):
    """A text as it should have been entered, and why it is another one."""

    text = Text(100_000, required=True, metadata={"description": "Kept character for character."})
    passages = Items(
        Object(CarriedPassageInputSchema),
        100,
        load_default=list,
        metadata={
            "description": "For recommendations whose words the new text does not hold just once."
        },
    )
    reason = Text(2000, required=True)
