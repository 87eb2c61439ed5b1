"""Entering a proposal: its text is pasted, and what it asks for marked in it or numbered."""

from flask import Response, request

from app.console.calls import Answered
from app.console.choices import (
    code_choices,
    office_choices,
    session_choices,
)
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say
from app.console.registry.access import check_may_call
from app.console.registry.acts import attempt, lines_of, send_form
from app.console.registry.entering.marking import (
    TypedRecommendation,
    numbered,
    sentences_of,
    typed_recommendations,
    with_recommendations,
)
from app.console.registry.entering.proposers import (
    LEAST,
    TypedProposer,
    candidates_of,
    typed_proposers,
    with_proposers,
)
from app.console.registry.overview import registry_context
from app.console.sending import submitted_or_kept
from app.console.suggesting import choices_of, suggested_tags, tag_rows
from app.core.types import Values

blueprint = Pages("registry_entering", __name__)
blueprint.context_processor(registry_context)

NEW = "/registry/proposals/new"


@blueprint.get("/registry/proposals/new")
def entering_page() -> Response:
    """Show the form for a new proposal."""
    return entering(NO_FORM.at(NEW))


@blueprint.post("/registry/proposals/new")
def enter_proposal() -> Response:
    """Enter the proposal as a draft; or number its sentences, or add rows, as the button says."""
    form = submitted_or_kept()
    check_may_call("draftProposal")
    rows = typed_recommendations(form, choices_of(tag_rows()))
    wanted = form.values.get("do", "enter")
    if wanted == "apply":
        rows = numbered(form, rows)
    proposers = typed_proposers(form)
    form = with_recommendations(with_proposers(form, proposers), rows)
    if wanted != "enter":
        return entering(form, numbers=wanted == "number")
    return attempt(
        form,
        lambda: send_form(form, "draftProposal", {}, draft_body(form, proposers, rows)),
        entered,
        entering,
    )


def entered(made: Answered) -> Response:
    """Return the way to the case that was entered."""
    reference = made.content["reference"]
    notice = say(f"已登记为草稿 {reference}。", f"Entered as the draft {reference}.")
    return done(f"/registry/proposals/{reference}", str(notice))


def draft_body(
    form: Form, proposers: list[TypedProposer], rows: list[TypedRecommendation]
) -> Values:
    """Return the body of `draftProposal` that *form* says, without what is left empty."""
    offices = office_choices()
    found = {name: form.text(name) for name in ("kind", "title", "text", "session")}
    found |= {name: form.text(name) for name in ("cosign_until", "replaces", "note")}
    body: Values = {name: own for name, own in found.items() if own is not None}
    body["proposers"] = [one.body() for one in proposers]
    body["recommendations"] = [one.body(offices) for one in rows]
    body["categories"] = lines_of(form.text("categories"))
    return body


def entering(form: Form, numbers: bool = False) -> Response:
    """Return the page with *form*, with its sentences to be numbered where *numbers* says so."""
    check_may_call("draftProposal")
    text = form.text("text") or ""
    return page(
        "registry/entering.html",
        status=form.refusal.status if form.refusal else 200,
        form=form,
        action=NEW,
        sessions=session_choices(),
        kinds=code_choices("proposal_kind")(),
        roles=code_choices("proposer_role")(),
        proposer_count=max(LEAST, len(list(form.rows("proposers"))) + 1),
        candidates=candidates_of(form),
        sentences=[text[start:end] for start, end in sentences_of(text)] if numbers else [],
        **marking_values(form),
    )


def marking_values(form: Form) -> Values:
    """Return what the part of a page needs in which recommendations are marked."""
    tags = tag_rows()
    choices = choices_of(tags)
    rows = typed_recommendations(form, choices)
    shown = [*rows, TypedRecommendation()]
    return {
        "rows": [(one, suggested_tags(one.words, one.tags, tags)) for one in shown],
        "tag_choices": choices,
        "offices": office_choices(),
        "blank_form": NO_FORM,
        "specificities": code_choices("specificity")(),
    }


@blueprint.get("/registry/tag-suggestions")
def suggested_boxes() -> Response:
    """Show boxes for the tags that some words suggest, for a row of a form that is being filled."""
    check_may_call("draftProposal", "addRecommendations")
    words = request.args.get("words", "")[:6000]
    start = request.args.get("start", "")[:40]
    suggested = suggested_tags(words, (), tag_rows())
    return page("registry/tag_boxes.html", suggested=suggested, start=start)
