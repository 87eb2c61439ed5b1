"""Dispatching many cases at once, with the offices that their recommendations suggest."""

from collections import Counter
from dataclasses import replace

from flask import Response, request
from werkzeug.datastructures import MultiDict

from app.console.calls import ask
from app.console.choices import Choices, code_choices, names_of, office_choices, sent_for
from app.console.forms import NO_FORM, Form, submitted
from app.console.labels import office_name
from app.console.pages import Pages, done, page, say
from app.console.paging import every
from app.console.registry.access import check_may_call
from app.console.registry.batches import (
    BatchOutcome,
    SentRow,
    in_part,
    number_at,
    send_batch,
)
from app.console.registry.filing import left_of
from app.console.registry.overview import registry_context, sentence
from app.core.types import Values

blueprint = Pages("registry_dispatching", __name__)
blueprint.context_processor(registry_context)

MOST = 30
"""How many cases one form has."""

ALONE = ("lead", "sole", "separate")


@blueprint.get("/registry/dispatch")
def dispatch_page() -> Response:
    """Show what is filed and waits for an office."""
    check_may_call("dispatchProposalBatch")
    shown = ask(
        "listProposals",
        handling_state="filed",
        limit=MOST,
        cursor=request.args.get("cursor"),
        session=request.args.getlist("session"),
    )
    rows = list(enumerate(shown["items"]))
    return dispatching(NO_FORM, rows, following=shown["next"])


def dispatching(
    form: Form,
    rows: list[tuple[int, Values]],
    following: str | None = None,
    outcome: BatchOutcome | None = None,
) -> Response:
    """Return the page with *rows*, the offices they suggest, and what is said of those refused."""
    return page(
        "registry/dispatching.html",
        status=422 if outcome else 200,
        form=form,
        rows=rows,
        suggested=suggested_offices([one["reference"] for _, one in rows]),
        following=following,
        offices=office_choices(),
        roles=[one for one in code_choices("assignment_role")() if one[0] in ALONE],
        problems=outcome.problems if outcome else {},
        said=in_part(outcome, ("件", "cases")) if outcome else "",
    )


def suggested_offices(references: list[str]) -> dict[str, list[str]]:
    """Return the names of the offices that the recommendations of each case suggest, most first."""
    counts: dict[str, Counter[str]] = {one: Counter() for one in references}
    if references:
        for row in every("listRecommendations", proposal=references):
            if row["lead_office"]:
                counts[row["proposal"]["reference"]][office_name(row["lead_office"])] += 1
    return {one: [name for name, _ in found.most_common()] for one, found in counts.items()}


@blueprint.post("/registry/dispatch")
def dispatch_many() -> Response:
    """Give the ticked cases to the offices that stand beside them."""
    form = submitted()
    check_may_call("dispatchProposalBatch")
    offices = office_choices()
    sent = [one for at in number_at(form, "rows") for one in offices_of(form, at, offices)]
    if not sent:
        notice = say("没有勾选任何提案，什么也没有做。", "No case was ticked; nothing was done.")
        return done("/registry/dispatch", str(notice))
    outcome = send_batch(form, "dispatchProposalBatch", sent)
    if outcome.is_whole:
        notice = sentence(len(outcome.finished), "已交办{}件。", "{} cases were dispatched.")
        return done("/registry/dispatch", notice)
    left = replace(form, values=without_carried(form, outcome, offices), refusal=outcome.refusal)
    return dispatching(left, left_of(form, outcome), outcome=outcome)


def offices_of(form: Form, at: int, offices: Choices) -> list[SentRow]:
    """Return what gives the case in row *at* to its offices; none where it is not ticked."""
    if not form.is_chosen(f"rows.{at}.chosen"):
        return []
    role = form.text(f"rows.{at}.body.role") or "lead"
    shared = {name: own for name in ("on", "paper", "note") if (own := form.text(name))}
    found: list[SentRow] = []
    first, joint = (named_offices(form, f"rows.{at}.{one}") for one in ("body.office", "joint"))
    if not first and not joint:
        first = [""]  # which the contract refuses at this row
    for names, part in ((first, role), (joint, "joint")):
        for one in names:
            body = {"office": sent_for(one, offices), "role": part, **shared}
            found.append(SentRow(at, {"record": form.text(f"rows.{at}.record"), "body": body}))
    version = form.number(f"rows.{at}.version")
    if found and version is not None:
        found[0].row["version"] = version
    return found


def named_offices(form: Form, name: str) -> list[str]:
    """Return the offices typed into or ticked under *name*."""
    return [one for typed in form.texts(name) for one in names_of(typed)]


def without_carried(form: Form, outcome: BatchOutcome, offices: Choices) -> MultiDict[str, str]:
    """Return what was typed, without the offices that have their case already."""
    given = {(one.at, one.row["body"]["office"]) for one in outcome.carried}
    values = MultiDict(form.values)
    for at in {one.at for one in outcome.carried}:
        for name in (f"rows.{at}.body.office", f"rows.{at}.joint"):
            kept = [
                one
                for one in named_offices(form, name)
                if (at, sent_for(one, offices)) not in given
            ]
            values.setlist(name, ["、".join(kept)] if kept else [""])
    return values
