"""The front page: what is asked, what was promised, what is done, what is late.

Every number of it is a counter's, so it costs the same at any size.
"""

from flask import Response

from app.console.calls import Refusal, ask
from app.console.pages import Pages, page
from app.core.types import Values

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
        promised=ask("getFigure", {"figure": "promised_recommendations"}),
        subjects=[own for own in map(subject, FIRST_TAGS) if own],
        latest=ask("listRecommendations", sort="-updated_at", limit=8)["items"],
    )


def subject(slug: str) -> Values | None:
    """Return the tag *slug* with how far it is and what is late; None where there is none."""
    try:
        tag = ask("getTag", {"slug": slug})
    except Refusal as refusal:
        if refusal.status == 404:
            return None
        raise
    within = {"within": f"tag:{slug}"}
    return {
        "tag": tag,
        "stages": ask("getFigure", {"figure": "stages"}, **within),
        "late": ask("getFigure", {"figure": "late_recommendations"}, **within),
    }
