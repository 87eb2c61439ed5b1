"""A promise as its office keeps it: milestones, explanations, and the step that says it is kept."""

from flask import Response

from app.console.calls import ask, record_named
from app.console.desk.case_steps import body_of
from app.console.desk.cases import with_words
from app.console.desk.proofs import files_of, proofs_in
from app.console.forms import NO_FORM, Form
from app.console.labels import label
from app.console.pages import Pages, done, page, say, signed_in
from app.console.sending import shown_again
from app.console.withholdings.access import withholder
from app.core.types import Values

blueprint = Pages("desk_promises", __name__)

BY_OFFICE = ("explanation", "confirmation")
"""What the office itself says of its promise."""


@blueprint.get("/desk/promises/<reference>")
def promise(reference: str) -> Response:
    """Show a promise with its milestones, what was said of it, and its steps as forms."""
    signed_in()
    return promise_page(NO_FORM, reference)


def promise_page(form: Form, reference: str, **_: object) -> Response:
    """Return the page of a promise, with a *form* on it that was refused."""
    me, own = ask("getMe"), promise_named(reference)
    is_mine = me["office"] is not None and me["office"]["slug"] == own["office"]["slug"]
    proposal = ask("getProposal", {"proposal_id": own["proposal_id"]})
    return page(
        "desk/promise.html",
        form=form,
        promise=own,
        proposal=proposal,
        steps=[with_words(step, "moveCommitment") for step in own["allowed_steps"]],
        is_mine=is_mine and "assignment:handle" in me["permissions"],
        is_open=own["ended_on"] is None,
        kinds=[(kind, label("remark_kind", kind)) for kind in BY_OFFICE],
        files=files_of(own["proposal_id"]),
        by_office=BY_OFFICE,
        withholder=withholder(me),
    )


def promise_named(reference: str) -> Values:
    """Return the promise *reference*; raise NotFound where it is none."""
    found = record_named(reference, "commitment")
    return ask("getCommitment", {"commitment_id": found["id"]})


def back_to_promise(reference: str, zh: str, en: str) -> Response:
    """Return the way back to the promise *reference*, which says what was done."""
    return done(f"/desk/promises/{reference}", str(say(zh, en)))


@blueprint.post("/desk/promises/<reference>/steps/<to>")
@shown_again(promise_page)
def move_promise(form: Form, reference: str, to: str) -> Response:
    """Take a step of a promise: it was kept, another day, withdrawn."""
    own = promise_named(reference)
    body: Values = {"to": to, **body_of(form, "reason", "promised_on", "on")}
    body["evidence"] = proofs_in(form, files_of(own["proposal_id"]))
    form.send("moveCommitment", {"commitment_id": own["id"]}, body)
    return back_to_promise(reference, "已办理。", "Done.")


@blueprint.post("/desk/promises/<reference>/remarks")
@shown_again(promise_page)
def remark_on_promise(form: Form, reference: str) -> Response:
    """Explain a promise, or confirm that it still stands."""
    own = promise_named(reference)
    body = {
        **body_of(form, "kind", "text"),
        "evidence": proofs_in(form, files_of(own["proposal_id"])),
    }
    form.send("remarkCommitment", {"commitment_id": own["id"]}, body)
    return back_to_promise(reference, "已登记说明。", "It is noted.")


@blueprint.post("/desk/promises/<reference>/milestones")
@shown_again(promise_page)
def add_promise_milestone(form: Form, reference: str) -> Response:
    """Add a step on the way to what was promised."""
    at = {"commitment_id": record_named(reference, "commitment")["id"]}
    form.send("addMilestone", at, body_of(form, "text", "due_on"))
    return back_to_promise(reference, "已增加节点。", "The milestone was added.")


@blueprint.post("/desk/promises/<reference>/milestones/<int:number>")
@shown_again(promise_page)
def reach_promise_milestone(form: Form, reference: str, number: int) -> Response:
    """Note that a milestone was reached, with what shows it."""
    own = promise_named(reference)
    body: Values = {**body_of(form, "on")}
    body["evidence"] = proofs_in(form, files_of(own["proposal_id"]))
    form.send("reachMilestone", {"commitment_id": own["id"], "number": number}, body)
    return back_to_promise(reference, "节点已完成。", "The milestone was reached.")
