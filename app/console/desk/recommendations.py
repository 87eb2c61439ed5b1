"""A recommendation as its office handles it: reports, steps, promises."""

from flask import Response

from app.console.calls import ask, record_named
from app.console.desk.case_steps import body_of
from app.console.desk.cases import EVENTS, MOST, with_words
from app.console.desk.proofs import files_of, proofs_in
from app.console.desk.tagging import at_its_list, tagging_form, tags_in
from app.console.desk.words import options
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say, signed_in
from app.console.sending import shown_again
from app.console.withholdings.access import withholder
from app.core.types import Given, Values

blueprint = Pages("desk_recommendations", __name__)

GROUNDS = ("note", "reason", "review_on", "superseded_by")


@blueprint.get("/desk/recommendations/<reference>")
def followed(reference: str) -> Response:
    """Show a recommendation with what was reported and promised, and its steps as forms."""
    signed_in()
    return followed_page(NO_FORM, reference)


def followed_page(form: Form, reference: str, **_: object) -> Response:
    """Return the page of a recommendation, with a *form* on it that was refused."""
    me, own = ask("getMe"), recommendation_named(reference)
    at = {"recommendation_id": own["id"]}
    events = ask("getRecommendationHistory", at, sort="-sequence", limit=EVENTS)["items"]
    promises = ask("listCommitments", recommendation=[reference], limit=MOST)["items"]
    may = may_do(me, own)
    address = f"/desk/recommendations/{own['reference']}/tags"
    return page(
        "desk/recommendation.html",
        form=form,
        me=me,
        recommendation=own,
        steps=[with_words(step, "moveRecommendation") for step in own["allowed_steps"]],
        may=may,
        tagging=tagging_form(form, address, own) if "tagRecommendation" in may else None,
        promises=promises,
        files=files_of(own["proposal"]["id"]),
        roles=[pair for pair in options("office_role") if pair[0] in ("lead", "joint")],
        reports=own["reports"],
        history=events,
        withholder=withholder(me),
    )


def recommendation_named(reference: str) -> Values:
    """Return the recommendation *reference*; raise NotFound where it is none."""
    found = record_named(reference, "recommendation")
    return ask("getRecommendation", {"recommendation_id": found["id"]})


def may_do(me: Given, recommendation: Given) -> set[str]:
    """Return what the caller, or their office, may do with a *recommendation*, by operation."""
    found = {"tagRecommendation"} if "recommendation:tag" in me["permissions"] else set()
    if me["office"] is None:
        return found
    mine = [
        part for part in recommendation["offices"]
        if part["office"]["slug"] == me["office"]["slug"]
    ]  # fmt: skip
    if mine and "recommendation:report" in me["permissions"]:
        found.add("addReport")
    if not mine and "recommendation:take_on" in me["permissions"]:
        found.add("takeOnRecommendation")
    return found


def back_to_it(reference: str, zh: str, en: str) -> Response:
    """Return the way back to the recommendation *reference*, which says what was done."""
    return done(f"/desk/recommendations/{reference}", str(say(zh, en)))


@blueprint.post("/desk/recommendations/<reference>/reports")
@shown_again(followed_page)
def report_on_it(form: Form, reference: str) -> Response:
    """Report on a recommendation, with a percentage and what proves it."""
    own = recommendation_named(reference)
    body = {
        "text": form.text("text"),
        "percent": form.number("percent"),
        "evidence": proofs_in(form, files_of(own["proposal"]["id"])),
    }
    form.send("addReport", {"recommendation_id": own["id"]}, body)
    return back_to_it(reference, "已报告进展。", "The report is noted.")


@blueprint.post("/desk/recommendations/<reference>/offices")
@shown_again(followed_page)
def take_it_on(form: Form, reference: str) -> Response:
    """Take a recommendation on for the office of whoever is signed in."""
    office = ask("getMe")["office"] or {}
    at = {"recommendation_id": record_named(reference, "recommendation")["id"]}
    body = {"office": office.get("slug"), **body_of(form, "role", "due_on", "note")}
    form.send("takeOnRecommendation", at, body)
    return back_to_it(reference, "已承办。", "It was taken on.")


@blueprint.post("/desk/recommendations/<reference>/tags")
@shown_again(followed_page)
def change_tags(form: Form, reference: str) -> Response:
    """Give a recommendation the tags that are ticked or typed, and take those ticked off."""
    at = {"recommendation_id": record_named(reference, "recommendation")["id"]}
    with at_its_list():
        form.send("tagRecommendation", at, tags_in(form))
    return back_to_it(reference, "标签已更新。", "The tags are changed.")


@blueprint.post("/desk/recommendations/<reference>/steps/<axis>/<to>")
@shown_again(followed_page)
def move_it(form: Form, reference: str, axis: str, to: str) -> Response:
    """Take a step of a recommendation: accept it, claim it, put it off."""
    own = recommendation_named(reference)
    body: Values = {"axis": axis, "to": to, **body_of(form, *GROUNDS)}
    body["evidence"] = proofs_in(form, files_of(own["proposal"]["id"]))
    answer = form.send("moveRecommendation", {"recommendation_id": own["id"]}, body)
    if answer.status == 202:
        return back_to_it(
            reference, "已申请，等他人批准。", "It was asked for; another approves it."
        )
    return back_to_it(reference, "已办理。", "Done.")
