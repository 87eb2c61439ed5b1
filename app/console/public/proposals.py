"""A proposal: who proposed it, in which words, what it asks for, who has it; and its files."""

from flask import Response, request

from app.console.calls import ask, ask_file, record_named
from app.console.pages import Pages, page
from app.console.registry.access import may_call
from app.console.registry.overview import STAFF

blueprint = Pages("proposal_pages", __name__)


@blueprint.get("/proposals/<reference:reference>")
def proposal_page(reference: str) -> Response:
    """Show the proposal that *reference* stands for."""
    named = {"proposal_id": record_named(reference, "proposal")["id"]}
    found = ask("getProposal", named)
    return page(
        "public/proposal.html",
        proposal=found,
        recommendations=ask(
            "listRecommendations",
            proposal=found["reference"],
            limit=100,
            cursor=request.args.get("cursor"),
        ),
        assignments=ask("listAssignments", named, limit=50),
        files=ask("listFiles", named, limit=50),
        may_handle=may_call(*STAFF),
        history=ask("getProposalHistory", named, limit=50, cursor=request.args.get("history")),
    )


@blueprint.get("/files/<int:file_id>/content")
def file_content(file_id: int) -> Response:
    """Give the content of a file that the visitor may see."""
    return ask_file("getFileContent", {"file_id": file_id})  # type: ignore[return-value]
