"""Pages of lists: each takes the query of the list of the contract, so each number leads there."""

from flask import Response, request

from app.console.calls import Refusal, ask
from app.console.forms import Form
from app.console.pages import Pages, page
from app.console.paging import ReadOn
from app.console.public import filters
from app.core.types import Given, Values

blueprint = Pages("lists", __name__)

EMPTY: Values = {"items": [], "next": None, "total": None, "total_is_exact": None}


def list_page(
    operation: str,
    template: str,
    *groups: ReadOn,
    only: Given | None = None,
    **values: object,
) -> Response:
    """Return the page of the list of *operation*, as the address asks for it.

    What is wrong with the query is shown at its field. *groups* are records whose names are known;
    *only* is what the list is limited to where the address does not say otherwise.
    """
    query: Values = {"with_total": "true", **(only or {}), **filters.passed_on()}
    refusal, found = None, EMPTY
    try:
        found = ask(operation, **query)
    except Refusal as error:
        if error.status not in (400, 422):
            raise
        refusal = error
    return page(
        template,
        status=refusal.status if refusal else 200,
        form=Form(request.args, refusal),
        found=found,
        narrowings=filters.narrowings(filters.names_in(*groups)),
        **values,
    )


@blueprint.get("/recommendations")
def recommendation_list() -> Response:
    """Show the recommendations that the address asks for."""
    known = filters.tags(), filters.offices(), filters.sessions()
    named = zip(("tag", "office", "session"), known, strict=True)
    options = {name: filters.choices(rows, request.args.getlist(name)) for name, rows in named}
    return list_page("listRecommendations", "public/recommendations.html", *known, options=options)


@blueprint.get("/proposals")
def proposal_list() -> Response:
    """Show the proposals that the address asks for."""
    known = filters.offices(), filters.sessions()
    named = zip(("office", "session"), known, strict=True)
    options = {name: filters.choices(rows, request.args.getlist(name)) for name, rows in named}
    return list_page("listProposals", "public/proposals.html", *known, options=options)


@blueprint.get("/documents")
def document_list() -> Response:
    """Show the documents."""
    return list_page("listDocuments", "public/documents.html", filters.sessions())


@blueprint.get("/sessions")
def session_list() -> Response:
    """Show the sessions."""
    return list_page("listSessions", "public/sessions.html")


@blueprint.get("/commitments")
def commitment_list() -> Response:
    """Show what offices promised."""
    known = filters.tags(), filters.offices()
    return list_page("listCommitments", "public/commitments.html", *known)


@blueprint.get("/assignments")
def assignment_list() -> Response:
    """Show which office has which case."""
    return list_page("findAssignments", "public/assignments.html", filters.offices())


@blueprint.get("/replies")
def reply_list() -> Response:
    """Show the replies of offices."""
    return list_page("findReplies", "public/replies.html", filters.offices())


@blueprint.get("/evaluations")
def evaluation_list() -> Response:
    """Show how proposers rated replies."""
    return list_page("findEvaluations", "public/evaluations.html", filters.offices())


@blueprint.get("/persons")
def person_list() -> Response:
    """Show the persons who propose."""
    return list_page("listPersons", "public/persons.html")


@blueprint.get("/organizations")
def organization_list() -> Response:
    """Show all bodies: those that propose and those that are given work."""
    return list_page("listOrganizations", "public/organizations.html")
