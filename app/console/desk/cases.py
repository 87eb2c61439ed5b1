"""A case on the desk of an office: what it asks, who has it, what comes next and until when."""

from collections.abc import Sequence

from flask import Response

from app.console.calls import Refusal, ask, record_named
from app.console.desk.turns import assignments_of, turn_of
from app.console.desk.words import needs_words, options, step_words
from app.console.forms import NO_FORM, Form
from app.console.offers import Offer, offer_of
from app.console.pages import Pages, page, signed_in
from app.console.paging import read_on
from app.console.withholdings.access import withholder
from app.core.types import Given, Values

blueprint = Pages("desk_cases", __name__)

MOST = 200
EVENTS = 30


@blueprint.get("/desk/cases/<reference>")
def case(reference: str) -> Response:
    """Show a case: what it asks, what was done, and every step that may be taken now."""
    signed_in()
    return case_page(NO_FORM, reference)


def case_page(form: Form, reference: str, **_: object) -> Response:
    """Return the page of a case, with a *form* on it that was refused."""
    me, own = ask("getMe"), assignment_named(reference)
    number = own["proposal"]["id"]
    assignments = assignments_of(number)
    waits = waiting_for(own)
    events = ask("getProposalHistory", {"proposal_id": number}, sort="-sequence", limit=EVENTS)
    return page(
        "desk/case.html",
        form=form,
        me=me,
        case=own,
        proposal=ask("getProposal", {"proposal_id": number}),
        recommendations=given_recommendations(own),
        assignments=assignments,
        letters=[{**one, "turn": turn_of(one, own["id"], assignments)} for one in own["replies"]],
        steps=[with_words(step) for step in own["allowed_steps"]],
        signing=letters_to_sign(waits),
        offered=offered(me, own, waits),
        offices=offices(),
        channels=options("channel"),
        contacts=ask("listContacts", {"assignment_id": own["id"]}, limit=MOST)["items"],
        history=events["items"],
        withholder=withholder(me),
    )


def assignment_named(reference: str) -> Values:
    """Return the assignment *reference*; raise NotFound where it is none."""
    found = record_named(reference, "assignment")
    return ask("getAssignment", {"assignment_id": found["id"]})


def given_recommendations(assignment: Given) -> list[Values]:
    """Return what the office of an *assignment* was given, with the words it stands in."""
    one = assignment["recommendation"]
    filters = {"reference": one["reference"]} if one else {"proposal": assignment["proposal"]["id"]}
    items: list[Values] = ask(
        "listRecommendations", expand="passages", ended=False, limit=MOST, **filters
    )["items"]
    return items


def waiting_for(assignment: Given) -> list[Values]:
    """Return what lies on the desk of whoever is signed in about an *assignment*."""
    try:
        found = ask("getMyWorklist", proposal=assignment["proposal"]["id"], limit=MOST)["items"]
    except Refusal as refusal:
        if refusal.status == 403:  # they work at no desk
            return []
        raise
    return [item for item in found if item["assignment_id"] == assignment["id"]]


def letters_to_sign(waits: Sequence[Given]) -> list[Values]:
    """Return the letters that wait for a word of this joint office, whole."""
    found = []
    for item in waits:
        if item["kind"] == "countersign" and item["reply"]:
            at = {name: item["reply"][name] for name in ("assignment_id", "number")}
            found.append({**ask("getReply", at), "is_mine": bool(item["operations"])})
    return found


def with_words(step: Given, operation: str | None = None) -> Values:
    """Return a *step* with what its button says, and what it needs."""
    return {**step, "button": step_words(step, operation), "needed": needs_words(step)}


def offered(me: Given, assignment: Given, waits: Sequence[Given]) -> set[str]:
    """Return what else may be done about an *assignment* than its steps, by operation.

    That is what settles what *waits*, and what the caller may do to what their office has.
    """
    found = {operation for item in waits for operation in item["operations"]}
    if assignment["received_on"] is None:
        found.discard("draftReply")
    may, ended = set(me["permissions"]), assignment["ended_on"] is not None
    is_own = me["office"] is not None and me["office"]["slug"] == assignment["office"]["slug"]
    if is_own and "assignment:handle" in may:
        found.add("logContact")
        if any(item["days_late"] and item["days_late"] > 0 for item in waits):
            found.add("explainDelay")
        if assignment["state"] == "answered":
            found.add("draftReply")
    if is_own and "assignment:forward" in may and not ended:
        found.add("dispatchProposal")
    if "assignment:dispatch" in may and not ended:
        found.add("pauseAssignment")
    return found


def offices() -> Offer:
    """Return the offices that something can be given to."""
    return offer_of(read_on("listOrganizations", is_office=True))
