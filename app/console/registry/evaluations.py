"""How proposers rate a reply, entered from the form that they gave back on paper."""

from dataclasses import replace
from functools import partial

from flask import Response

from app.console.calls import ask
from app.console.choices import Choices, code_choices
from app.console.labels import label
from app.console.pages import Pages, day
from app.console.registry.acts import Act, ActSubject, Blank, act_page, carry_out
from app.console.registry.case_forms import DAY
from app.console.registry.cases import case_named
from app.console.registry.decisions import assignment_subject
from app.console.registry.overview import registry_context
from app.core.types import Values

blueprint = Pages("registry_evaluations", __name__)
blueprint.context_processor(registry_context)

RATED = code_choices("satisfaction")
EVALUATION = Act(
    "rateReply",
    ("登记对答复的评价", "Enter how a reply is rated"),
    ("登记评价", "Enter it"),
    (
        Blank("proposer", ("提案人", "Proposer"), "choice"),
        Blank("attitude", ("对办理态度", "The attitude"), "choice", offers=RATED),
        Blank("result", ("对办理结果", "The result"), "choice", offers=RATED),
        Blank("paper", ("反馈意见表", "The form"), hint=("名称或编号。", "Its title or number.")),
        Blank("comment", ("意见原话", "Their own words"), "text"),
        DAY,
        Blank(
            "corrects",
            ("更正哪一份评价", "Mends the rating"),
            "which",
            ("登记错时才选。", "Only where one was entered wrongly."),
        ),
    ),
    ("已登记评价。", "The rating is entered."),
    hint=(
        "对结果不满意的，将重新办理或评估。",
        "Who is dissatisfied with the result has it handled again, or assessed.",
    ),
)


def answer_of(reference: str, number: int) -> tuple[ActSubject, Values]:
    """Return what the form about a reply starts with, and the reply."""
    subject = assignment_subject(reference)
    reply = ask("getReply", {**subject.path, "number": number})
    facts = (
        *subject.facts[:2],
        (("答复", "Reply"), f"{label('reply_state', reply['state'])} {day(reply['sent_on'])}"),
    )
    return replace(subject, path={**subject.path, "number": number}, facts=facts), reply


def evaluation_act(reference: str, number: int) -> Act:
    """Return the form about a reply, which offers who proposes and what was rated before."""
    subject, reply = answer_of(reference, number)
    case = case_named(subject.address.rsplit("/", 1)[-1])
    people: Choices = [(one["slug"], one["as_printed"]) for one in case["proposers"] if one["slug"]]
    before: Choices = [(str(one["id"]), rated(one)) for one in reply["evaluations"]]
    offered = {"proposer": people, "corrects": before}
    entries = tuple(
        replace(one, offers=partial(offered.__getitem__, one.name)) if one.name in offered else one
        for one in EVALUATION.entries
    )
    return replace(EVALUATION, entries=entries)


def rated(one: Values) -> str:
    """Return how a rating is called in a list."""
    result = label("satisfaction", one["result"])
    return f"{one['proposer']['as_printed']} {result} {day(one['rated_on'])}"


@blueprint.get("/registry/evaluations/<reference>/<int:number>")
def evaluation_page(reference: str, number: int) -> Response:
    """Show the form for a rating."""
    return act_page(evaluation_act(reference, number), answer_of(reference, number)[0])


@blueprint.post("/registry/evaluations/<reference>/<int:number>")
def enter_evaluation(reference: str, number: int) -> Response:
    """Enter how a proposer rates a reply."""
    return carry_out(evaluation_act(reference, number), lambda: answer_of(reference, number)[0])
