"""Figures with their formulas, each number with its list, and the pictures of them."""

from urllib.parse import urlencode

from flask import Response, request

from app.console.calls import Refusal, ask, ask_file
from app.console.forms import Form
from app.console.pages import Pages, page
from app.console.public import filters
from app.core.types import Values

blueprint = Pages("figure_pages", __name__)


@blueprint.get("/figures")
def figure_list() -> Response:
    """Show all figures with their formulas."""
    return page("public/figures.html", definitions=ask("listFigures")["items"])


@blueprint.get("/figures/<figure>")
def figure_page(figure: str) -> Response:
    """Show a figure with its formula, its numbers and its picture, as the address asks for it."""
    definition = definition_of(figure)
    refusal, found = None, None
    try:
        found = ask("getFigure", {"figure": figure}, **filters.passed_on())
    except Refusal as error:
        if error.status not in (400, 422) or definition is None:
            raise
        refusal = error
    known = filters.names_in(filters.tags(), filters.offices(), filters.sessions())
    return page(
        "public/figure.html",
        status=refusal.status if refusal else 200,
        form=Form(request.args, refusal),
        definition=definition,
        found=found,
        narrowings=filters.narrowings(known),
        picture_query=urlencode(filters.passed_on(), doseq=True),
    )


def definition_of(figure: str) -> Values | None:
    """Return how the figure is defined; None where there is none of that name."""
    defined = ask("listFigures")["items"]
    return next((own for own in defined if own["id"] == figure), None)


@blueprint.get("/figures/<figure>.svg")
def figure_picture(figure: str) -> Response:
    """Give the picture of a figure."""
    return ask_file("getFigurePicture", {"figure": figure}, **filters.passed_on())  # type: ignore[return-value]
