"""What an office claims to have carried out: its words, its evidence, and what is made of it."""

from flask import Response

from app.console.calls import ask, record_named
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say
from app.console.sending import shown_again
from app.console.supervision.watching import watched
from app.console.withholdings.access import withholder
from app.core.types import Values

blueprint = Pages("verifying", __name__)

PLACE = "/supervision/recommendations/<reference>"
VERIFIED, BACK, STANDS = "verified", "in_progress", "stands"
"""What a button of the page says: it is done; it is not, go on; it was, and still stands."""


@blueprint.get(PLACE)
def claim_page(reference: str) -> Response:
    """Show what was claimed with its evidence beside the words that asked for it."""
    return shown_claim(NO_FORM, reference)


def shown_claim(form: Form, reference: str) -> Response:
    """Return the page of one recommendation, with the *form* as it was typed."""
    watched()
    number = record_named(reference, "recommendation")["id"]
    shown = ask("getRecommendation", {"recommendation_id": number})
    steps = [step for step in shown["allowed_steps"] if step["axis"] == "progress"]
    return page(
        "supervision/claim.html",
        form=form,
        shown=shown,
        withholder=withholder(),
        address=f"/supervision/recommendations/{reference}",
        promises=ask("listCommitments", recommendation=reference, limit=20)["items"],
        steps={step["to"]: step for step in steps},
        looks_back=shown["progress"] == VERIFIED and BACK in {step["to"] for step in steps},
    )


@blueprint.post(PLACE)
@shown_again(shown_claim)
def judge_claim(form: Form, reference: str) -> Response:
    """Verify it, send it back, or say that it still stands, as the button says; raise Refusal."""
    path = {"recommendation_id": record_named(reference, "recommendation")["id"]}
    to = form.text("to")
    evidence = evidence_of(form)
    if to == STANDS:
        body: Values = {"text": form.text("note"), "evidence": evidence}
        form.send("lookBackAtRecommendation", path, body)
        stands = say(f"已记录回头看：{reference} 仍已落实。", f"{reference} still stands.")
        return done("/supervision", str(stands))
    body = {"axis": "progress", "to": to, "evidence": evidence}
    body |= {"note": form.text("note")} if to == VERIFIED else {"reason": form.text("note")}
    answered = form.send("moveRecommendation", path, body)
    return done("/supervision", str(notice(reference, to, answered.status)))


def evidence_of(form: Form) -> list[Values] | None:
    """Return what proves the judgement, of the rows that were filled in; None for none."""
    rows = [
        {name: own for name in ("title", "url") if (own := row.text(name)) is not None}
        for row in form.rows("evidence")
    ]
    return [row for row in rows if row] or None


def notice(reference: str, to: str | None, status: int) -> object:
    """Return what is said of a step that was taken, or that waits for a second person."""
    if status == 202:
        return say(
            f"{reference} 已申请重新开启，须由另一名督办核验人员批准（见“审批”）。",
            f"{reference}: another supervisor must approve that it is opened again.",
        )
    if to == VERIFIED:
        return say(f"{reference} 已核验。", f"{reference} is verified.")
    return say(f"{reference} 已退回，由承办单位继续办理。", f"{reference} was sent back.")
