"""The case as a registrar has it: what it is, what may be done with it, each thing on its page."""

from dataclasses import replace
from functools import partial

from flask import Response, request
from werkzeug.exceptions import NotFound

from app.console.calls import Answered, ask, record_named
from app.console.choices import Choices
from app.console.labels import label, vocabularies
from app.console.pages import Pages, day, page, say
from app.console.paging import every
from app.console.public.documents import may_be_revised
from app.console.registry import case_forms
from app.console.registry.access import check_may_call, may_call
from app.console.registry.acts import (
    Act,
    ActSubject,
    act_page,
    carry_out,
)
from app.console.registry.filing import WAITING_STATES
from app.console.registry.overview import STAFF, registry_context
from app.core.types import Values

blueprint = Pages("registry_cases", __name__)
blueprint.context_processor(registry_context)

MOVE = "moveProposal"
REWRITTEN = ("draft", "returned_for_edit")
"""States in which another text may take the place of a proposal's, and joint proposers may sign."""


def case_named(reference: str) -> Values:
    """Return the proposal that *reference* is of, as its page in the contract shows it."""
    number = record_named(reference, "proposal")["id"]
    return ask("getProposal", {"proposal_id": number})


def case_address(reference: str) -> str:
    """Return the address of the registry's page for a case."""
    return f"/registry/proposals/{reference}"


@blueprint.get("/registry/proposals/<reference>")
def registry_case_page(reference: str) -> Response:
    """Show a case with what may be done with it now."""
    check_may_call(*STAFF)
    case = case_named(reference)
    steps = [
        (one, case_forms.verb_for(one), case_forms.needed(one["needs"]))
        for one in case["allowed_steps"]
        if one["operation"] == MOVE
    ]
    return page(
        "registry/case.html",
        case=case,
        steps=steps,
        address=case_address(reference),
        recommendations=case_recommendations(case),
        assignments=list_of_assignments(case),
        may_call=may_call,
        may_revise=may_revise_text(case),
        is_open_text=case["handling_state"] in REWRITTEN,
        is_on_its_way=case["handling_state"] in WAITING_STATES,
    )


def may_revise_text(case: Values) -> bool:
    """Return whether whoever looks may mend the text on which *case* stands."""
    if case["document"] is None or not may_call("reviseText"):
        return False
    return may_be_revised(ask("getDocument", {"document_id": case["document"]["id"]}))


def case_recommendations(case: Values) -> list[Values]:
    """Return the recommendations of *case*, also those that ended with it."""
    query = {"proposal": case["reference"], "sort": "id"}
    both = [list(every("listRecommendations", ended=ended, **query)) for ended in (False, True)]
    return sorted((one for rows in both for one in rows), key=lambda one: one["number"])


def list_of_assignments(case: Values) -> list[Values]:
    """Return what was dispatched of *case*, with its days."""
    shown = ask("listAssignments", {"proposal_id": case["id"]}, limit=100)
    rows: list[Values] = shown["items"]
    return rows


# -- forms ---------------------------------------------------------------------------------------


def case_subject(reference: str) -> ActSubject:
    """Return what forms about a case start with."""
    case = case_named(reference)
    names = "、".join(one["as_printed"] for one in case["proposers"])
    return ActSubject(
        case["title"],
        case_address(reference),
        {"proposal_id": case["id"]},
        case["version"],
        facts=(
            (("编号", "Reference"), case["reference"]),
            (("案号", "Case number"), case["case_no"]),
            (("提案人", "Proposers"), names),
        ),
    )


def edited_case(reference: str) -> ActSubject:
    """Return what the form for correcting a case starts with: what it is now."""
    case = case_named(reference)
    values = {name: case[name] for name in ("case_no", "title", "kind", "publication", "is_key")}
    values["session"] = case["session"]["slug"] if case["session"] else None
    values["supervisor"] = case["supervisor"]["slug"] if case["supervisor"] else None
    values["categories"] = [
        f"{one['scheme'].partition('@')[0]}:{one['code']}" for one in case["categories"]
    ]
    return replace(case_subject(reference), values=values, only_changes=True)


def step_form(reference: str, target: str) -> tuple[Act, ActSubject]:
    """Return the form for the step to *target*; raise NotFound where that is no state.

    A step that is none now has its form all the same: sent twice it is answered as the first time,
    and otherwise the contract says why not.
    """
    words = dict(vocabularies()["handling_state"].__members__.items())
    state = next((one for one in words.values() if one == target), None)
    if state is None:
        raise NotFound
    case = case_named(reference)
    known = {one["to"]: one for one in case["allowed_steps"] if one["operation"] == MOVE}
    zh, en = state.labels
    step = known.get(target, {"to": target, "to_zh": zh, "to_en": en, "needs": []})
    return case_forms.step_act(step), replace(case_subject(reference), fixed={"to": target})


@blueprint.get("/registry/proposals/<reference>/steps/<target>")
def case_step_page(reference: str, target: str) -> Response:
    """Show the form for one step of a case."""
    return act_page(*step_form(reference, target))


@blueprint.post("/registry/proposals/<reference>/steps/<target>")
def take_case_step(reference: str, target: str) -> Response:
    """Take one step of a case."""
    act, _ = step_form(reference, target)
    return carry_out(act, lambda: step_form(reference, target)[1])


@blueprint.get("/registry/proposals/<reference>/edit")
def correct_case_page(reference: str) -> Response:
    """Show the form for correcting a case."""
    return act_page(case_forms.EDIT, edited_case(reference))


@blueprint.post("/registry/proposals/<reference>/edit")
def correct_case(reference: str) -> Response:
    """Correct a case."""
    return carry_out(case_forms.EDIT, partial(edited_case, reference))


@blueprint.get("/registry/proposals/<reference>/marks")
def case_marks_page(reference: str) -> Response:
    """Show the form for marking a case."""
    return act_page(case_forms.MARK, case_subject(reference))


@blueprint.post("/registry/proposals/<reference>/marks")
def mark_case(reference: str) -> Response:
    """Mark a case, or take a mark back."""
    return carry_out(case_forms.MARK, partial(case_subject, reference))


def cosigning_act(reference: str) -> Act:
    """Return the form for a signature, which offers the joint proposers of the case."""
    proposers = [one for one in case_named(reference)["proposers"] if one["role"] != "lead"]
    offered: Choices = [(one["slug"], one["as_printed"]) for one in proposers if one["slug"]]
    first, *others = case_forms.COSIGN.entries
    return replace(case_forms.COSIGN, entries=(replace(first, offers=lambda: offered), *others))


@blueprint.get("/registry/proposals/<reference>/cosignatures")
def cosigning_page(reference: str) -> Response:
    """Show the form for a joint proposer's signature."""
    return act_page(cosigning_act(reference), case_subject(reference))


@blueprint.post("/registry/proposals/<reference>/cosignatures")
def note_cosignature(reference: str) -> Response:
    """Note that a joint proposer signs, or will not."""
    return carry_out(cosigning_act(reference), partial(case_subject, reference))


def dispatch_form(reference: str) -> tuple[Act, ActSubject]:
    """Return the form for dispatching a case, which starts with the office that is suggested."""
    case = case_named(reference)
    rows = case_recommendations(case)
    offered: Choices = [(one["reference"], one["summary_zh"][:60]) for one in rows]
    entries = tuple(
        replace(one, offers=lambda: offered) if one.name == "recommendation" else one
        for one in case_forms.DISPATCH.entries
    )
    suggested = [one["lead_office"]["slug"] for one in rows if one["lead_office"]]
    first = request.args.get("office") or (max(suggested, key=suggested.count) if suggested else "")
    given = "、".join(one["office"]["name_zh"] for one in list_of_assignments(case))
    subject = case_subject(reference)
    return (
        replace(case_forms.DISPATCH, entries=entries),
        replace(
            subject,
            values={
                "office": first,
                "role": request.args.get("role") or "lead",
                "recommendation": request.args.get("recommendation"),
            },
            facts=(*subject.facts, (("已交办", "Dispatched to"), given)),
        ),
    )


@blueprint.get("/registry/proposals/<reference>/dispatch")
def dispatching_page(reference: str) -> Response:
    """Show the form for dispatching a case."""
    return act_page(*dispatch_form(reference))


@blueprint.post("/registry/proposals/<reference>/dispatch")
def dispatch_case(reference: str) -> Response:
    """Give an office the case, or one recommendation of it; say until when it must do what."""
    act, _ = dispatch_form(reference)
    return carry_out(act, lambda: dispatch_form(reference)[1], notice=dispatched_notice)


def dispatched_notice(made: Answered) -> str:
    """Return the sentence that says to whom a case was given, and what is due when."""
    found = made.content
    days = due_days(found)
    zh = f"已交办{found['office']['name_zh']}（{found['reference']}）。{'；'.join(days)}"
    en = f"Dispatched to {found['office']['name_en']} ({found['reference']}). {'; '.join(days)}"
    return str(say(zh, en))


def due_days(assignment: Values) -> list[str]:
    """Return what is waited for from an office, each with its day."""
    return [
        f"{label('task_kind', one['kind'])} {day(one['due_on'])}"
        for one in assignment["tasks"]
        if one["ended_on"] is None and one["due_on"]
    ]
