"""Filing many at once: the steps from the draft to the case, each row with its number."""

from dataclasses import replace

from flask import Response, request

from app.console.calls import ask
from app.console.forms import NO_FORM, Form, submitted
from app.console.pages import Pages, done, page, say
from app.console.registry.access import check_may_call
from app.console.registry.batches import (
    BatchOutcome,
    SentRow,
    in_part,
    number_at,
    send_batch,
)
from app.console.registry.overview import registry_context, sentence
from app.core.types import Values

blueprint = Pages("registry_filing", __name__)
blueprint.context_processor(registry_context)

CHAIN = ("draft", "submitted", "under_review", "filed")
"""What a case passes on its way, in order; one that was returned for edit begins anew."""

WAITING_STATES = ("draft", "returned_for_edit", "submitted", "under_review")
MOST = 33
"""How many cases one form has: each takes up to three rows of a batch of a hundred."""


@blueprint.get("/registry/filing")
def filing_page() -> Response:
    """Show what is drafted, submitted or reviewed, to be taken further at once."""
    check_may_call("moveProposalBatch")
    wanted = [one for one in request.args.getlist("state") if one in WAITING_STATES]
    shown = ask(
        "listProposals",
        handling_state=wanted or WAITING_STATES,
        limit=MOST,
        cursor=request.args.get("cursor"),
    )
    return filing(NO_FORM, list(enumerate(shown["items"])), wanted, following=shown["next"])


def filing(
    form: Form,
    rows: list[tuple[int, Values]],
    wanted: list[str],
    following: str | None = None,
    outcome: BatchOutcome | None = None,
) -> Response:
    """Return the page with *rows*, and what is said of those that were refused."""
    return page(
        "registry/filing.html",
        status=422 if outcome else 200,
        form=form,
        rows=rows,
        wanted=wanted,
        following=following,
        states=WAITING_STATES,
        problems=outcome.problems if outcome else {},
        said=in_part(outcome, ("件", "cases")) if outcome else "",
    )


@blueprint.post("/registry/filing")
def file_many() -> Response:
    """Take the cases that are ticked as far as the form says."""
    form = submitted()
    check_may_call("moveProposalBatch")
    sent = [one for at in number_at(form, "rows") for one in steps_of(form, at)]
    if not sent:
        notice = say("没有勾选任何提案，什么也没有做。", "No case was ticked; nothing was done.")
        return done("/registry/filing", str(notice))
    outcome = send_batch(form, "moveProposalBatch", sent)
    if outcome.is_whole:
        notice = sentence(len(outcome.finished), "已办{}件。", "{} cases were moved on.")
        return done("/registry/filing", notice)
    return filing(
        replace(form, refusal=outcome.refusal), left_of(form, outcome), [], outcome=outcome
    )


def steps_of(form: Form, at: int) -> list[SentRow]:
    """Return the steps that lead the case in row *at* to where the form says; none unticked."""
    if not form.is_chosen(f"rows.{at}.chosen"):
        return []
    target = form.text("to") or "filed"
    state = form.text(f"rows.{at}.state") or "draft"
    start = CHAIN.index(state) if state in CHAIN else 0
    end = CHAIN.index(target) if target in CHAIN else len(CHAIN) - 1
    shared = {name: own for name in ("on", "paper") if (own := form.text(name))}
    found: list[SentRow] = []
    for step in CHAIN[start + 1 : end + 1]:
        body: Values = {"to": step, **shared}
        if step == "filed":
            body |= filed_body(form, at)
        row: Values = {"record": form.text(f"rows.{at}.record") or "", "body": body}
        version = form.number(f"rows.{at}.version")
        found.append(SentRow(at, row if found or version is None else {**row, "version": version}))
    return found


def filed_body(form: Form, at: int) -> Values:
    """Return what the step that files the case in row *at* says beside its day."""
    number = form.text(f"rows.{at}.body.case_no")
    bare = form.is_chosen(f"rows.{at}.body.without_recommendations")
    return {
        **({"case_no": number} if number else {}),
        **({"without_recommendations": True} if bare else {}),
    }


def left_of(form: Form, outcome: BatchOutcome) -> list[tuple[int, Values]]:
    """Return the cases of *form* that are not done, as they are now, each with its row."""
    places = [at for at in number_at(form, "rows") if at not in outcome.finished]
    names = {at: form.text(f"rows.{at}.record") or "" for at in places}
    known = cases_named(list(names.values()))
    return [(at, known[name]) for at, name in names.items() if name in known]


def cases_named(references: list[str]) -> dict[str, Values]:
    """Return the cases called so, by their reference."""
    if not references:
        return {}
    found: dict[str, Values] = {}
    for start in range(0, len(references), 50):
        shown = ask("listProposals", reference=references[start : start + 50], limit=50)
        found |= {one["reference"]: one for one in shown["items"]}
    return found
