"""Mending what a case asks: added, split, joined, taken back, restored, corrected, related."""

from functools import partial

from flask import Response, request

from app.console.calls import ask, ask_file, record_named
from app.console.choices import code_choices, office_choices
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say
from app.console.registry.access import check_may_call
from app.console.registry.acts import (
    Act,
    ActSubject,
    Blank,
    act_page,
    attempt,
    carry_out,
    send_form,
)
from app.console.registry.case_forms import NOTE, REASON, whether
from app.console.registry.cases import case_address, case_named, case_recommendations
from app.console.registry.entering.marking import (
    typed_recommendations,
    with_recommendations,
)
from app.console.registry.entering.new_proposals import marking_values
from app.console.registry.overview import registry_context
from app.console.sending import submitted_or_kept
from app.console.suggesting import choices_of, tag_rows
from app.core.types import Values

blueprint = Pages("registry_splitting", __name__)
blueprint.context_processor(registry_context)

EDIT = Act(
    "editRecommendation",
    ("更正建议", "Correct a recommendation"),
    ("保存更正", "Save the corrections"),
    (
        Blank("summary_zh", ("概要", "Summary in Chinese"), "text"),
        Blank("summary_en", ("英文概要", "Summary in English"), "text"),
        Blank("targets", ("可衡量的目标", "Measurable targets"), "lines"),
        Blank(
            "specificity",
            ("具体程度", "How concrete"),
            "choice",
            offers=code_choices("specificity"),
        ),
        Blank("due_on", ("单位提出的完成日期", "The day the office named"), "date"),
        NOTE,
    ),
    ("已保存更正。", "The corrections are saved."),
)
WITHDRAWAL = Act(
    "withdrawRecommendation",
    ("撤回建议", "Take a recommendation back"),
    ("撤回", "Take it back"),
    (
        Blank(
            "into",
            ("并入哪一条（编号）", "Joined to (reference)"),
            hint=("不是并入就留空。", "Empty where it is joined to none."),
        ),
        REASON,
    ),
    ("已撤回。", "It is taken back."),
    hint=(
        "编号、原文和历史都保留；不再需要任何单位答复。",
        "It keeps its number, words and history; nobody answers it any more.",
    ),
    is_grave=True,
)
RESTORATION = Act(
    "restoreRecommendation",
    ("恢复建议", "Restore a recommendation"),
    ("恢复", "Restore it"),
    (REASON,),
    ("已恢复。", "It stands again."),
)
RELATION = Act(
    "relateRecommendation",
    ("与另一条建议的关系", "How it relates to another one"),
    ("保存关系", "Save the relation"),
    (
        Blank("kind", ("关系", "Relation"), "choice", offers=code_choices("lineage_kind")),
        Blank("other", ("另一条的编号", "Reference of the other one"), required=True),
        Blank(
            "stands",
            ("是否成立", "Whether it stands"),
            "whether",
            offers=whether(("成立", "it does"), ("不成立或已结束", "it does not, or is over")),
        ),
        REASON,
    ),
    ("已保存关系。", "The relation is saved."),
)
OF_ONE: dict[str, Act] = {
    "edit": EDIT,
    "withdrawal": WITHDRAWAL,
    "restoration": RESTORATION,
    "relations": RELATION,
}
"""The last part of the address → the form about one recommendation."""

WHICH = "<any(edit, withdrawal, restoration, relations):which>"


def recommendation_subject(reference: str, which: str) -> ActSubject:
    """Return what a form about a recommendation starts with."""
    number = record_named(reference, "recommendation")["id"]
    found = ask("getRecommendation", {"recommendation_id": number})
    names = ("summary_zh", "summary_en", "targets", "specificity", "due_on")
    return ActSubject(
        found["reference"],
        case_address(found["proposal"]["reference"]),
        {"recommendation_id": number},
        found["version"],
        values={name: found[name] for name in names} if which == "edit" else {},
        facts=(
            (("概要", "Summary"), found["summary_zh"]),
            (("原文", "Its words"), " … ".join(one["text"] for one in found["passages"])),
            (("提案", "Proposal"), found["proposal"]["title"]),
        ),
        only_changes=which == "edit",
    )


@blueprint.get(f"/registry/recommendations/<reference>/{WHICH}")
def recommendation_form_page(reference: str, which: str) -> Response:
    """Show one of the forms about a recommendation."""
    return act_page(OF_ONE[which], recommendation_subject(reference, which))


@blueprint.post(f"/registry/recommendations/<reference>/{WHICH}")
def mend_recommendation(reference: str, which: str) -> Response:
    """Correct a recommendation, take it back, restore it, or relate it to another one."""
    return carry_out(OF_ONE[which], partial(recommendation_subject, reference, which))


# -- added, split, joined ------------------------------------------------------------------------


@blueprint.get("/registry/proposals/<reference>/recommendations")
def adding_page(reference: str) -> Response:
    """Show the form for adding recommendations, in the place of others where some are ticked."""
    return adding(reference, NO_FORM.at(request.path))


@blueprint.post("/registry/proposals/<reference>/recommendations")
def add_recommendations(reference: str) -> Response:
    """Add recommendations to a case, or put them in the place of those that are ticked."""
    form = submitted_or_kept()
    check_may_call("addRecommendations")
    path = {"proposal_id": case_named(reference)["id"]}
    rows = typed_recommendations(form, choices_of(tag_rows()))
    form = with_recommendations(form, rows)
    if form.values.get("do") == "more":
        return adding(reference, form)
    offices = office_choices()
    body: Values = {"recommendations": [one.body(offices) for one in rows]}
    body |= {"replaces": form.texts("replaces"), "reason": form.text("reason") or ""}
    notice = say("建议已保存。", "The recommendations are saved.")
    return attempt(
        form,
        lambda: send_form(form, "addRecommendations", path, body),
        lambda made: done(case_address(reference), str(notice)),
        lambda refused: adding(reference, refused),
    )


def adding(reference: str, form: Form) -> Response:
    """Return the page with the text of a case and *form*."""
    check_may_call("addRecommendations")
    case = case_named(reference)
    text = ask_file("getDocumentText", {"document_id": case["document"]["id"]})
    return page(
        "registry/adding.html",
        status=form.refusal.status if form.refusal else 200,
        form=form,
        case=case,
        text=text.get_data(as_text=True),
        action=f"{case_address(reference)}/recommendations",
        back=case_address(reference),
        standing=[one for one in case_recommendations(case) if one["ended_as"] is None],
        **marking_values(form),
    )
