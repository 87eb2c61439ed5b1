"""What one person asked and another decides on, with what it would do in words."""

from flask import Response, request

from app.console.administration.shown_once import shown_halves
from app.console.calls import ask
from app.console.forms import NO_FORM, Form
from app.console.labels import label
from app.console.pages import Pages, done, page, signed_in
from app.console.sending import shown_again
from app.console.signing_in.visitors import visitor
from app.console.told import request_lines
from app.core.codes import ApprovalKind, ApprovalState
from app.core.rules.permissions import APPROVERS

blueprint = Pages("console_approvals", __name__)

ADDRESS = "/administration/approvals"


@blueprint.get(ADDRESS)
def approval_list() -> Response:
    """Show what whoever looks asked or may decide on, as the filters of the address say."""
    signed_in()
    state = request.args.get("state", "pending")
    kind, cursor = request.args.get("kind") or None, request.args.get("cursor")
    return page(
        "administration/approvals.html",
        approvals=ask(
            "listApprovals", state=state or None, kind=kind, cursor=cursor, with_total=True
        ),
        state=state,
        kind=kind,
        states=list(ApprovalState),
        kinds=list(ApprovalKind),
    )


@blueprint.get(f"{ADDRESS}/<int:number>")
def approval_page(number: int) -> Response:
    """Show one request: what it would do, who asked and why."""
    return shown_approval(NO_FORM, number)


def shown_approval(form: Form, number: int) -> Response:
    """Return the page of one request, with the *form* as it was typed."""
    signed_in()
    shown = ask("getApproval", {"approval_id": number})
    is_own = shown["asked_by_id"] == visitor().actor.principal_id
    return page(
        "administration/approval.html",
        form=form,
        shown=shown,
        lines=request_lines(shown["payload"]),
        address=f"{ADDRESS}/{number}",
        is_own=is_own,
        may_decide=may_decide(shown["kind"]) and not is_own,
        makes_keys=shown["kind"] == ApprovalKind.WRITE_KEY
        or any(one.get("key") for one in shown["payload"].get("accounts", ())),
    )


def may_decide(kind: str) -> bool:
    """Return whether whoever looks may decide on what another asks of this *kind*."""
    known = kind in ApprovalKind.__members__.values()
    return known and bool(APPROVERS[ApprovalKind(kind)] & visitor().actor.permissions)


@blueprint.post(f"{ADDRESS}/<int:number>")
@shown_again(shown_approval)
def decide_approval(form: Form, number: int) -> Response:
    """Decide as the button says; raise Refusal. The halves of new keys are shown, once."""
    body = {"decision": form.text("decision"), "note": form.text("note")}
    answered = form.send("decideApproval", {"approval_id": number}, body).content
    if answered["halves"]:
        return shown_halves(answered)
    return done(f"{ADDRESS}/{number}", label("approval_state", answered["state"]))
