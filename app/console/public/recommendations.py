"""A recommendation as a story: its words, who asked, who has it, what was promised and done."""

from itertools import groupby

from flask import Response, request

from app.console.calls import Refusal, ask, record_named
from app.console.pages import Pages, page
from app.console.public.documents import text_of
from app.console.public.marking import NamedSpan, marked, part_at, part_starts
from app.console.withholdings.access import withholder
from app.core.types import Given, Values

blueprint = Pages("recommendation_story", __name__)

AROUND = 70
"""How many characters of the document are shown around the words of a recommendation."""


@blueprint.get("/recommendations/<reference:reference>")
def recommendation_page(reference: str) -> Response:
    """Show the recommendation that *reference* stands for, from its words to the last step."""
    named = {"recommendation_id": record_named(reference, "recommendation")["id"]}
    found = ask("getRecommendation", named)
    return page(
        "public/recommendation.html",
        row=found,
        withholder=withholder(),
        excerpts=excerpts_of(found),
        reports=ask("listReports", named, limit=20, sort="-id", cursor=request.args.get("reports")),
        history=ask(
            "getRecommendationHistory", named, limit=50, cursor=request.args.get("history")
        ),
    )


def excerpts_of(row: Given) -> list[Values]:
    """Return the words of a recommendation with those around them, place by place.

    Where the document itself may not be read they are shown alone.
    """
    found: list[Values] = []
    for document_id, passages in groupby(row["passages"], key=lambda own: own["document_id"]):
        text = readable_text(document_id)
        starts = part_starts(text) if text else [0]
        for own in passages:
            span = NamedSpan(own["start"], own["end"], row["reference"])
            part = part_at(starts, span.start) if len(starts) > 1 else None
            found.append({"words": around(text, span, own["text"]), "part": part})
    return found


def around(text: str | None, span: NamedSpan, own: str) -> list[object]:
    """Return the words at *span* of *text*, marked, with what stands before and after them."""
    if text is None:
        return [*marked(own, span.start, [span])]
    begin, end = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
    return [*marked(text[begin:end], begin, [span])]


def readable_text(document_id: int) -> str | None:
    """Return the text of a document; None where the visitor may not read it."""
    try:
        return text_of(document_id)
    except Refusal as refusal:
        if refusal.status not in (403, 404):
            raise
        return None
