"""A session: what was proposed at it, how far that is, and its ledger."""

from flask import Response

from app.console.calls import Refusal, ask
from app.console.pages import Pages, page
from app.console.public.offices import figures_within
from app.core.types import Values

blueprint = Pages("sessions", __name__)

OF_SESSIONS = ("funnel", "stages", "late_recommendations")


@blueprint.get("/sessions/<slug>")
def session_page(slug: str) -> Response:
    """Show a session with its proposals, its documents and its ledger."""
    return page(
        "public/session.html",
        session=ask("getSession", {"slug": slug}),
        proposals=ask("listProposals", session=slug, limit=50, with_total=True),
        documents=ask("listDocuments", session=slug, limit=50),
        figures=figures_within(f"session:{slug}", OF_SESSIONS),
        ledger=ledger_of(slug),
    )


def ledger_of(slug: str) -> Values | None:
    """Return the ledger of a session; None where the visitor may not see it."""
    try:
        return ask("getSessionLedger", {"slug": slug})
    except Refusal as refusal:
        if refusal.status not in (401, 403):
            raise
        return None
