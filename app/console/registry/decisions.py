"""What offices asked and somebody must decide: objections, more time, another office."""

from dataclasses import replace
from functools import partial

from flask import Response, request
from werkzeug.exceptions import NotFound

from app.console.calls import Answered, ask, record_named
from app.console.choices import Choices
from app.console.labels import label, office_name, vocabularies
from app.console.pages import Pages, day, page, say
from app.console.registry.access import check_may_call
from app.console.registry.acts import Act, ActSubject, Blank, act_page, carry_out
from app.console.registry.case_forms import DAY, NOTE, PAPER, REASON, needed
from app.console.registry.cases import case_address
from app.console.registry.overview import registry_context
from app.core.errors import Sentence
from app.core.types import Values

blueprint = Pages("registry_decisions", __name__)
blueprint.context_processor(registry_context)

KINDS = ("decide_objection", "decide_extension", "redispatch")
"""What is decided here, of what lies on the desk of dispatchers."""

DECISIONS = "/registry/decisions"

VERBS: dict[str, Sentence] = {
    "upheld": ("维持交办", "Uphold the dispatch"),
    "returned": ("同意退回", "Accept the objection"),
    "withdrawn": ("撤回交办", "Take the dispatch back"),
}
"""What a button says that leads to a state."""


def grant_or_refuse() -> Choices:
    """Return what can be decided about a request for more time."""
    return [("grant", str(say("同意", "grant"))), ("refuse", str(say("不同意", "refuse")))]


EXTENSION = Act(
    "decideExtension",
    ("审批延期", "Decide on an extension"),
    ("作出决定", "Decide"),
    (
        Blank("decision", ("决定", "Decision"), "choice", offers=grant_or_refuse),
        NOTE,
        DAY,
        PAPER,
    ),
    ("已作出决定。", "It is decided."),
    hint=(
        "同意后期限移到申请的日期，原期限保留在历史中。",
        "Granting moves the due day to the one asked for; the first one stays in the history.",
    ),
)


@blueprint.get("/registry/decisions")
def decisions_page() -> Response:
    """Show what offices object to or ask, with their reasons, and what may be decided."""
    check_may_call("decideExtension")
    wanted = [one for one in request.args.getlist("kind") if one in KINDS]
    shown = ask(
        "getMyWorklist",
        desk="dispatchers",
        kind=wanted or KINDS,
        limit=20,
        cursor=request.args.get("cursor"),
    )
    rows = [(one, assignment_by(one["assignment_id"])) for one in shown["items"]]
    return page(
        "registry/decisions.html",
        rows=[(one, own, verbs_of(own)) for one, own in rows],
        following=shown["next"],
        kinds=[(one, label("task_kind", one)) for one in KINDS],
        wanted=wanted,
    )


def assignment_by(number: int) -> Values:
    """Return an assignment by its number."""
    return ask("getAssignment", {"assignment_id": number})


def steps_of(assignment: Values) -> list[Values]:
    """Return the steps of *assignment* that the visitor may take."""
    return [one for one in assignment["allowed_steps"] if one["operation"] == "moveAssignment"]


def verbs_of(assignment: Values) -> list[tuple[str, Sentence]]:
    """Return the steps of *assignment* that the visitor may take: the state and the button."""
    return [
        (one["to"], VERBS.get(one["to"], (one["to_zh"], one["to_en"])))
        for one in steps_of(assignment)
    ]


def asked_extension(assignment: Values) -> Values | None:
    """Return the request for more time that waits; None where none does."""
    waiting: list[Values] = [one for one in assignment["extensions"] if one["state"] == "asked"]
    return waiting[-1] if waiting else None


def assignment_subject(reference: str) -> ActSubject:
    """Return what forms about an assignment start with: what its office says."""
    found = assignment_by(record_named(reference, "assignment")["id"])
    asked = asked_extension(found)
    wanted = found["suggested_office"]
    return ActSubject(
        found["proposal"]["title"],
        case_address(found["proposal"]["reference"]),
        {"assignment_id": found["id"]},
        found["version"],
        facts=(
            (("承办单位", "Office"), f"{office_name(found['office'])}（{found['reference']}）"),
            (("状态", "State"), label("assignment_state", found["state"])),
            (("异议理由", "Why it objects"), found["objection"]),
            (("建议改由", "Should go to"), office_name(wanted)),
            (("延期理由", "Why it asks for more time"), asked["reason"] if asked else None),
            (("申请延至", "Asks for time until"), day(asked["extended_to"]) if asked else None),
            (("现在的期限", "Due now"), day(found["next_due_on"])),
        ),
    )


def deciding_act(reference: str, target: str) -> Act:
    """Return the form for the step of an assignment to *target*; raise NotFound for no state."""
    state = next((one for one in vocabularies()["assignment_state"] if one == target), None)
    if state is None:
        raise NotFound
    found = assignment_by(record_named(reference, "assignment")["id"])
    known = {one["to"]: one for one in steps_of(found)}
    needs = known[target]["needs"] if target in known else []
    zh, en = VERBS.get(target, state.labels)
    why = REASON if "reason" in needs or target == "withdrawn" else NOTE
    return Act(
        "moveAssignment",
        (zh, en),
        (zh, en),
        (why, DAY, PAPER),
        (f"{state.zh}。", f"Now {state.en}."),
        hint=needed(needs),
        is_grave=target in ("returned", "withdrawn"),
    )


@blueprint.get("/registry/decisions/<reference>/extension")
def extension_page(reference: str) -> Response:
    """Show the form for deciding on a request for more time."""
    return act_page(EXTENSION, assignment_subject(reference))


@blueprint.post("/registry/decisions/<reference>/extension")
def decide_extension(reference: str) -> Response:
    """Grant or refuse a request for more time."""
    load = partial(assignment_subject, reference)
    return carry_out(EXTENSION, load, onward=lambda made: DECISIONS)


@blueprint.get("/registry/decisions/<reference>/<target>")
def deciding_page(reference: str, target: str) -> Response:
    """Show the form for deciding on an objection, or taking an assignment back."""
    check_may_call("decideExtension")
    return act_page(deciding_act(reference, target), assignment_subject(reference))


@blueprint.post("/registry/decisions/<reference>/<target>")
def decide_assignment(reference: str, target: str) -> Response:
    """Decide on an objection; where it goes back, lead on to dispatching it anew."""
    check_may_call("decideExtension")

    def load() -> ActSubject:
        return replace(assignment_subject(reference), fixed={"to": target})

    return carry_out(deciding_act(reference, target), load, onward=after_decision)


def after_decision(made: Answered) -> str:
    """Return where it goes on: to another office where the case went back, else to the list."""
    found = made.content
    if found["state"] != "returned":
        return DECISIONS
    wanted = found["suggested_office"]
    more = f"?office={wanted['slug']}" if wanted else ""
    return f"{case_address(found['proposal']['reference'])}/dispatch{more}"
