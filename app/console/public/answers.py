"""What an office answered and promised: one letter, one promise."""

from flask import Response

from app.console.calls import ask, record_named
from app.console.pages import Pages, page
from app.console.withholdings.access import withholder

blueprint = Pages("answers", __name__)


@blueprint.get("/replies/<reference:reference>")
def reply_page(reference: str) -> Response:
    """Show the letter that *reference* stands for, point by point."""
    record = record_named(reference, "reply")
    number = int(record["address"].rsplit("/", 1)[-1])
    case = {"assignment_id": record["id"]}
    found = ask("getReply", {**case, "number": number})
    return page(
        "public/reply.html",
        reply=found,
        case=ask("getAssignment", case),
        withholder=withholder(),
    )


@blueprint.get("/commitments/<reference:reference>")
def commitment_page(reference: str) -> Response:
    """Show the promise that *reference* stands for, its milestones and what was said of it."""
    named = {"commitment_id": record_named(reference, "commitment")["id"]}
    return page("public/commitment.html", promise=ask("getCommitment", named))
