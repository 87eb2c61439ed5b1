"""The front page: what is asked, what was promised, what is done, what is late."""

from flask import Response

from app.console.calls import ask
from app.console.pages import Pages, page

blueprint = Pages("front", __name__)

FIRST_TAGS = ("ai-industrial-park", "computing-power-center")
"""The subjects that the city follows first."""


@blueprint.get("/")
def front() -> Response:
    """Show within one glance how far what was asked is, and let the reader search."""
    return page(
        "public/front.html",
        funnel=ask("getFigure", {"figure": "funnel"}),
        late=ask("getFigure", {"figure": "late_recommendations"}),
        promises=ask("getFigure", {"figure": "commitment_kept_rate"}),
        tags=[ask("getTag", {"slug": slug}) for slug in FIRST_TAGS],
        latest=ask("listRecommendations", sort="-updated_at", limit=8)["items"],
    )
