"""What is done about a case: its steps, more time, contacts, countersignatures, forwarding."""

from flask import Response

from app.console.calls import record_named
from app.console.desk.cases import case_page
from app.console.forms import Form
from app.console.pages import Pages, done, say
from app.console.sending import shown_again
from app.core.types import Given, Values

blueprint = Pages("desk_case_steps", __name__)

STEP_FIELDS = ("on", "paper", "reason", "suggested_office", "note")


def body_of(form: Form, *fields: str) -> Values:
    """Return what was typed into *fields*, by their names."""
    return {name: form.text(name) for name in fields}


def at(reference: str) -> Given:
    """Return the path to the assignment *reference*."""
    return {"assignment_id": record_named(reference, "assignment")["id"]}


def back_to(reference: str, zh: str, en: str) -> Response:
    """Return the way back to the case *reference*, which says what was done."""
    return done(f"/desk/cases/{reference}", str(say(zh, en)))


@blueprint.post("/desk/cases/<reference>/steps/<to>")
@shown_again(case_page)
def take_case_step(form: Form, reference: str, to: str) -> Response:
    """Take a step of the case: receive it, begin, object to it."""
    form.send("moveAssignment", at(reference), {"to": to, **body_of(form, *STEP_FIELDS)})
    if form.is_chosen("from_desk"):
        return done("/desk", str(say(f"{reference} 已办。", f"{reference} is done.")))
    return back_to(reference, "已办理。", "Done.")


@blueprint.post("/desk/cases/<reference>/extensions")
@shown_again(case_page)
def ask_more_time(form: Form, reference: str) -> Response:
    """Ask for more time."""
    body = body_of(form, "extended_to", "reason", "on", "paper")
    form.send("askExtension", at(reference), body)
    return back_to(reference, "已申请延期。", "More time was asked for.")


@blueprint.post("/desk/cases/<reference>/extensions/decision")
@shown_again(case_page)
def decide_more_time(form: Form, reference: str) -> Response:
    """Grant or refuse the request for more time that waits."""
    body = body_of(form, "decision", "on", "paper", "note")
    form.send("decideExtension", at(reference), body)
    return back_to(reference, "已审批延期。", "The request is decided.")


@blueprint.post("/desk/cases/<reference>/pauses")
@shown_again(case_page)
def pause_case(form: Form, reference: str) -> Response:
    """Let the clock stand still for some days."""
    form.send("pauseAssignment", at(reference), body_of(form, "first", "last", "reason", "paper"))
    return back_to(reference, "已登记中止期间。", "The days are noted; the clock stood still.")


@blueprint.post("/desk/cases/<reference>/contacts")
@shown_again(case_page)
def log_case_contact(form: Form, reference: str) -> Response:
    """Note a contact with the proposers."""
    form.send("logContact", at(reference), body_of(form, "channel", "on", "proposer", "note"))
    return back_to(reference, "已登记沟通。", "The contact is noted.")


@blueprint.post("/desk/cases/<reference>/explanations")
@shown_again(case_page)
def explain_case_delay(form: Form, reference: str) -> Response:
    """Say why the case is late, and by when it will be done."""
    form.send("explainDelay", at(reference), body_of(form, "text", "done_by"))
    return back_to(reference, "已说明原因。", "The reason is noted.")


@blueprint.post("/desk/cases/<reference>/countersignatures/<letter>")
@shown_again(case_page)
def countersign_letter(form: Form, reference: str, letter: str) -> Response:
    """Agree to a letter of the office that leads, or not, with a reason."""
    body = {"reply": letter, "agrees": form.text("agrees") == "yes", "note": form.text("note")}
    form.send("countersignReply", at(reference), body)
    return back_to(reference, "会签意见已登记。", "What your office says is noted.")


@blueprint.post("/desk/cases/<reference>/forwarding")
@shown_again(case_page)
def forward_case(form: Form, reference: str) -> Response:
    """Give the case, or a recommendation of it, to an office below."""
    body = body_of(form, "office", "role", "recommendation", "note")
    number = record_named(reference.rpartition("-A")[0], "proposal")["id"]
    form.send("dispatchProposal", {"proposal_id": number}, {**body, "parent": reference})
    return back_to(reference, "已转交。", "It was passed on.")
