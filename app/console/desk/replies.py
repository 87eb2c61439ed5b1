"""A reply, or a joint opinion, as one form with a point for each recommendation."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask import Response

from app.console.calls import ask
from app.console.desk.cases import (
    assignment_named,
    given_recommendations,
    offered,
    waiting_for,
    with_words,
)
from app.console.desk.proofs import files_of, proofs_in
from app.console.desk.turns import assignments_of, turn_of
from app.console.desk.words import options
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say, signed_in
from app.console.sending import renumbered, shown_again
from app.console.withholdings.access import withholder
from app.core.types import Given, Values

blueprint = Pages("desk_replies", __name__)

POINT = ("text", "outcome", "label", "acceptance")
TYPED = ("text", "outcome", "label", "acceptance", "promise.text", "promise.on")
"""What of a point is typed; one without any of it is not sent."""


@blueprint.get("/desk/cases/<reference>/reply")
def reply(reference: str) -> Response:
    """Show the letters of a case: the newest, where it stands, and the form for the next one."""
    signed_in()
    return reply_page(NO_FORM, reference)


def reply_page(form: Form, reference: str, **_: object) -> Response:
    """Return the page of the letters of a case, with a *form* on it that was refused."""
    own = assignment_named(reference)
    letter = newest_letter(own)
    form = onto_newest(form, reference, letter) if letter else form
    assignments = assignments_of(own["proposal"]["id"])
    me = ask("getMe")
    may = offered(me, own, waiting_for(own))
    return page(
        "desk/reply.html",
        form=form,
        case=own,
        letter=letter,
        turn=turn_of(letter, own["id"], assignments) if letter else None,
        steps=[with_words(step) for step in letter["allowed_steps"]] if letter else [],
        checking=form.at(step_of(reference, letter, "checked"), "letter-checked-")
        if letter
        else None,
        owing=owing(letter, own, assignments),
        may_write="draftReply" in may,
        points=points_to_answer(given_recommendations(own), letter),
        letters=[(one["label"], str(say(*meaning_of(one)))) for one in letters_of(own)],
        words={name: options(name) for name in ("reply_outcome", "acceptance", "promise_strength")},
        files=files_of(own["proposal"]["id"]),
        withholder=withholder(me),
    )


def step_of(reference: str, letter: Given, to: str) -> str:
    """Return the address to which the step of a *letter* to the state *to* is sent."""
    return f"/desk/cases/{reference}/reply/{letter['number']}/{to}"


def onto_newest(form: Form, reference: str, letter: Given) -> Form:
    """Return a refused *form* with a step of a version before *letter* as the same step of this."""
    before, _, to = form.address.rpartition("/")
    of_a_letter = before.startswith(f"/desk/cases/{reference}/reply/")
    if not (form.is_stale and of_a_letter):
        return form
    return replace(form, address=step_of(reference, letter, to))


def newest_letter(assignment: Given) -> Values | None:
    """Return the newest version of the reply of an *assignment*, whole; None before the first."""
    if not assignment["replies"]:
        return None
    number = assignment["replies"][-1]["number"]
    return ask("getReply", {"assignment_id": assignment["id"], "number": number})


def owing(letter: Given | None, own: Given, assignments: Sequence[Given]) -> list[str]:
    """Return the names of the joint offices that have not said yet whether they agree."""
    if letter is None or letter["state"] not in ("draft", "checked"):
        return []
    signed = {one["office"]["slug"] for one in letter["countersignatures"]}
    return [
        one["office"]["name_zh"]
        for one in assignments
        if one["role"] == "joint"
        and one["office"]["slug"] not in {*signed, own["office"]["slug"]}
        and one["parent_id"] == own["parent_id"]
        and one["state"] not in ("returned", "withdrawn")
    ]


def points_to_answer(recommendations: Sequence[Given], letter: Given | None) -> list[Values]:
    """Return each recommendation with what the newest *letter* says of it, if it does."""
    said = {one["recommendation"]["reference"]: one for one in letter["points"]} if letter else {}
    return [{"about": one, "said": said.get(one["reference"])} for one in recommendations]


def letters_of(assignment: Given) -> list[Values]:
    """Return the letters that the place of an *assignment* gives outcomes, with their meaning."""
    scheme = None
    if assignment["profile"]:
        slug = assignment["profile"].partition("@")[0]
        profiles = ask("listRuleProfiles", slug=[slug])["items"]
        known = [one for one in profiles if one["reference"] == assignment["profile"]]
        scheme = known[0]["label_scheme"] if known else None
    schemes = ask("listLabelSchemes")["items"]
    named = [one for one in schemes if scheme in (one["reference"], one["slug"])]
    usual = [one for one in schemes if one["is_default"]]
    fitting = named[:1] if scheme else usual[-1:]
    return [label for one in fitting for label in one["labels"]]


def meaning_of(letter: Given) -> tuple[str, str]:
    """Return a *letter* of a scheme with what it means, in both languages."""
    zh, en = (f"{letter['label']} {letter[name]}" for name in ("meaning_zh", "meaning_en"))
    return (f"{zh}（须写明日期）", f"{en} (needs a day)") if letter["needs_date"] else (zh, en)


# -- writing it ----------------------------------------------------------------------------------


@blueprint.post("/desk/cases/<reference>/reply")
@shown_again(reply_page)
def write_reply(form: Form, reference: str) -> Response:
    """Write the next version of the letter: it goes to those who countersign and check it."""
    own = assignment_named(reference)
    rows = [row for row in form.rows("points") if any(row.text(name) for name in TYPED)]
    body: Values = {
        "text": form.text("text"),
        "points": [point_in(row) for row in rows],
        "attachments": proofs_in(form, files_of(own["proposal"]["id"])),
    }
    with renumbered("points", [row.row for row in rows]):
        form.send("draftReply", {"assignment_id": own["id"]}, body)
    notice = say("已保存为新的一稿，等会签和核对。", "Kept as the next version, to be checked.")
    return done(f"/desk/cases/{reference}/reply", str(notice))


def point_in(row: Form) -> Values:
    """Return the point that was typed into a *row*, as the contract has it."""
    point: Values = {name: row.text(name) for name in ("recommendation", *POINT)}
    promise = {name: row.text(f"promise.{name}") for name in ("text", "on", "strength")}
    if promise["text"] or promise["on"]:
        point["promise"] = {name: own for name, own in promise.items() if own is not None}
    return {name: own for name, own in point.items() if own is not None}


# -- checking it, and its other steps -------------------------------------------------------------


def changes_in(form: Form, letter: Given) -> Iterator[tuple[int, Values]]:
    """Yield what a check changes about each point of a *letter*, with the row of the *form*.

    What stands there as the office said it is no change.
    """
    said = {one["recommendation"]["reference"]: one for one in letter["points"]}
    for row in form.rows("labels"):
        given = {name: row.text(name) for name in ("recommendation", "label", "outcome", "reason")}
        own = said.get(given["recommendation"] or "", {})
        if given["label"] == own.get("label"):
            given["label"] = None
        if given["label"] is None and given["outcome"] == own.get("outcome"):
            given["outcome"] = None
        found = {name: one for name, one in given.items() if one is not None}
        if len(found) > 1:
            yield row.row, found


@blueprint.post("/desk/cases/<reference>/reply/<int:number>/checked")
@shown_again(reply_page)
def check_letter(form: Form, reference: str, number: int) -> Response:
    """Note that a version is as it should be, with the letters and outcomes that are changed."""
    at = {"assignment_id": assignment_named(reference)["id"], "number": number}
    changes = list(changes_in(form, ask("getReply", at)))
    body: Values = {"to": "checked", "on": form.text("on"), "paper": form.text("paper")}
    with renumbered("labels", [row for row, _ in changes]):
        form.send("moveReply", at, {**body, "labels": [change for _, change in changes]})
    zh, en = "已核对。", "It is checked."
    if changes:
        zh, en = f"已核对，更改了 {len(changes)} 条。", f"It is checked; changed: {len(changes)}."
    return done(f"/desk/cases/{reference}/reply", str(say(zh, en)))


@blueprint.post("/desk/cases/<reference>/reply/<int:number>/<to>")
@shown_again(reply_page)
def move_letter(form: Form, reference: str, number: int, to: str) -> Response:
    """Return, sign, publish or withhold a version of the letter."""
    own = assignment_named(reference)
    names = ("on", "paper", "reason", "document_no", "signed_by")
    body = {"to": to, **{name: form.text(name) for name in names}}
    form.send("moveReply", {"assignment_id": own["id"], "number": number}, body)
    return done(f"/desk/cases/{reference}/reply", str(say("已办理。", "Done.")))
