"""Searching everything: what was found, where, and how to find less or more."""

from flask import Response, request

from app.console.calls import Refusal, ask
from app.console.forms import Form
from app.console.pages import Pages, address_with, page, say
from app.console.public import filters
from app.console.public.marking import highlighted
from app.core.types import Given, Values

blueprint = Pages("searching", __name__)

MOST = 12
"""How many values of a filter are offered."""

KINDS = {
    "document": ("文件", "Document"),
    "proposal": ("提案", "Proposal"),
    "recommendation": ("建议", "Recommendation"),
    "reply": ("答复", "Reply"),
    "reply_point": ("答复中的一条", "Point of a reply"),
    "report": ("进展报告", "Progress report"),
}
PLACES = {
    "document": "/documents/",
    "proposal": "/proposals/",
    "recommendation": "/recommendations/",
    "report": "/recommendations/",
    "reply": "/replies/",
    "reply_point": "/replies/",
}
"""Kind of hit → where the page of its reference is."""


@blueprint.get("/search")
def search_page() -> Response:
    """Show what was found, or the form alone where nothing was asked for."""
    refusal, found = None, None
    query: Values = dict(filters.passed_on())
    if "expand" in request.args:
        query["expand"] = request.args["expand"]
    if query:
        try:
            found = ask("search", facets=True, **query)
        except Refusal as error:
            if error.status not in (400, 422):
                raise
            refusal = error
    known = filters.names_in(filters.tags(), filters.offices(), filters.sessions())
    return page(
        "public/search.html",
        status=refusal.status if refusal else 200,
        form=Form(request.args, refusal),
        found=found,
        narrowings=filters.narrowings(known),
        facets=facets_of(found["facets"] or [], known) if found else {},
        known=known,
        kinds=KINDS,
        places=PLACES,
        highlighted=highlighted,
    )


def facets_of(rows: list[Given], known: Given) -> dict[str, list[Values]]:
    """Return what would narrow the search, by filter: its words, how many are left, the address."""
    found: dict[str, list[Values]] = {}
    for row in rows:
        name, value = row["filter"], row["name"]
        own = found.setdefault(name, [])
        if len(own) < MOST:
            words = say(*KINDS[value]) if name == "kind" else filters.worded(name, value, known)
            own.append(
                {**row, "words": words, "address": address_with(**{name: value}, cursor=None)}
            )
    return found
