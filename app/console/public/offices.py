"""Offices and persons: what an office has and how far it is, what a person proposed."""

from flask import Response, redirect

from app.console.calls import Refusal, ask
from app.console.pages import Pages, done, page, say
from app.console.public.lists import list_page
from app.core.types import Values

blueprint = Pages("offices", __name__)

OF_OFFICES = ("stages", "late_recommendations", "commitment_kept_rate")
"""The figures of an office; who may see them is decided by the operation."""


@blueprint.get("/offices")
def office_list() -> Response:
    """Show the offices that can be given work."""
    return list_page("listOrganizations", "public/organizations.html", only={"is_office": "true"})


@blueprint.get("/organizations/<slug>")
def organization_page(slug: str) -> Response:
    """Lead to the page of the body, which is one of its office too."""
    return redirect(f"/offices/{slug}")  # type: ignore[return-value]


@blueprint.get("/offices/<slug>")
def office_page(slug: str) -> Response:
    """Show what an office, or another body, has and what it proposed."""
    return page(
        "public/office.html",
        office=ask("getOrganization", {"slug": slug}),
        has=ask("listRecommendations", office=slug, sort="-updated_at", limit=10, with_total=True),
        proposed=ask("listProposals", proposer=slug, limit=10, with_total=True),
        figures=figures_within(f"office:{slug}", OF_OFFICES),
    )


@blueprint.get("/persons/<slug>")
def person_page(slug: str) -> Response:
    """Show what a person proposed; one who was entered twice leads to the one who stands."""
    person = ask("getPerson", {"person": slug})
    if person["merged_into"]:
        notice = say("此人曾登记两次，已合并到本页。", "Entered twice; this page stands for both.")
        return done(f"/persons/{person['merged_into']}", str(notice))
    return page(
        "public/person.html",
        person=person,
        proposed=ask("listProposals", proposer=slug, limit=50, with_total=True),
        asked=ask("listRecommendations", proposer=slug, limit=10, with_total=True),
    )


def figures_within(within: str, ids: tuple[str, ...]) -> list[Values]:
    """Return those of the figures *ids* within what is named that the visitor may see."""
    found = (figure_within(within, own) for own in ids)
    return [own for own in found if own]


def figure_within(within: str, figure: str) -> Values | None:
    """Return a figure within what is named; None where the visitor may not see it."""
    try:
        return ask("getFigure", {"figure": figure}, within=within)
    except Refusal as refusal:
        if refusal.status not in (401, 403):
            raise
        return None
