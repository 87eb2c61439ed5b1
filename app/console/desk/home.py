"""The desk itself: what is late, due and new, whose turn it is, and the way to a case."""

from collections.abc import Sequence

from flask import Response, redirect, request

from app.console.calls import Refusal, Sending, ask, send
from app.console.desk.next_steps import with_next
from app.console.desk.turns import letters_underway
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say, signed_in
from app.console.sending import shown_again
from app.console.signing_in.visitors import visitor
from app.core.codes import TaskKind
from app.core.types import Values

blueprint = Pages("desk", __name__)

ROWS = 60
MOST_NEW = 100
"""How many rows of a desk a page shows, and how many cases are received at once."""

WORK = tuple(kind for kind in TaskKind if kind not in (TaskKind.RECEIVE, TaskKind.OBJECTION))
"""What lies on a desk, without what is new, and without rights that need not be used."""


@blueprint.get("/desk")
def desk() -> Response:
    """Show what lies on the desk of whoever is signed in."""
    signed_in()
    return desk_page(NO_FORM)


def desk_page(form: Form) -> Response:
    """Return the desk, with a *form* on it that was refused."""
    me = ask("getMe")
    if me["office"] is None:
        return page("desk/elsewhere.html", form=form, me=me, work=work_elsewhere())
    cursor = request.args.get("cursor")
    bucket = request.args.get("bucket")
    listed = ask("getMyWorklist", kind=WORK, bucket=bucket, cursor=cursor, limit=ROWS)
    new = ask("getMyWorklist", kind=["receive"], limit=MOST_NEW)
    return page(
        "desk/home.html",
        form=form,
        me=me,
        work=listed,
        sections=sections(listed["items"]),
        counts=listed["counts"],
        new=new,
        letters=letters_underway(me["office"]["slug"]),
        inbox=ask("getInbox", waiting=True, limit=20)["items"],
    )


def work_elsewhere() -> Values | None:
    """Return what lies on the desk of staff without an office; None for those without a desk."""
    try:
        found = ask("getMyWorklist", limit=ROWS)
    except Refusal as refusal:
        if refusal.status == 403:
            return None
        raise
    found["items"] = [with_next(item) for item in found["items"]]
    return found


def sections(items: Sequence[Values]) -> dict[str, list[Values]]:
    """Return what lies on a desk by how near its day is, what is late first."""
    found: dict[str, list[Values]] = {}
    for item in items:
        found.setdefault(item["bucket"], []).append(with_next(item))
    return found


# -- receiving many ------------------------------------------------------------------------------


@blueprint.post("/desk/receipts")
@shown_again(desk_page)
def receive_chosen(form: Form) -> Response:
    """Receive all the cases that are chosen; those that are refused stay, and say why."""
    chosen = form.texts("listed" if form.is_chosen("all") else "assignment")
    if not chosen:
        raise Refusal(422, refused_rows([say("没有选中任何件，请先勾选。", "Choose some first.")]))
    rows = [{"record": one, "body": {"to": "received"}} for one in chosen]
    sending = Sending({"mode": "row_by_row", "rows": rows}, once=form.once)
    answer = send("moveAssignmentBatch", {}, sending).content
    refused = [
        f"{chosen[row['index']]}{say('：', ': ')}{row['problem']['detail']}"
        for row in answer["rows"]
        if row["problem"] is not None
    ]
    if refused:
        raise Refusal(422, refused_rows(refused, answer["carried_out"]))
    number = answer["carried_out"]
    return done("/desk", str(say(f"已签收 {number} 件。", f"Received {number}.")))


def refused_rows(messages: Sequence[object], carried_out: int = 0) -> Values:
    """Return the problem that says which of many were refused, and how many were carried out."""
    return {
        "title": say("有的没有办成", "Some were refused"),
        "detail": say(
            f"办成 {carried_out} 件，没有办成 {len(messages)} 件。",
            f"{carried_out} were carried out, {len(messages)} were not.",
        ),
        "errors": [{"field": "", "message": one} for one in messages],
    }


# -- finding a case ------------------------------------------------------------------------------


@blueprint.get("/desk/find")
def find_case() -> Response:
    """Lead to the case with a number or a reference; show those there are where it is several."""
    signed_in()
    number = (request.args.get("number") or "").strip()
    if not number:
        return redirect("/desk", 303)  # type: ignore[return-value]
    if address := address_of(number):
        return redirect(address, 303)  # type: ignore[return-value]
    found = given_as(number)
    if len(found) == 1:
        return redirect(f"/desk/cases/{found[0]['reference']}", 303)  # type: ignore[return-value]
    proposals = [] if found else ask("listProposals", case_no=number[:40], limit=20)["items"]
    return page(
        "desk/found.html",
        status=200 if found or proposals else 404,
        number=number,
        found=found,
        proposals=proposals,
    )


def given_as(number: str) -> list[Values]:
    """Return the assignments, of the office or of all, of the case with a *number*."""
    ways: tuple[Values, ...] = ({"case_no": number[:40]}, {"proposal": number[:100]})
    for filters in ways:
        try:
            mine = ask("findAssignments", office=own_office(), limit=50, **filters)["items"]
        except Refusal:
            mine = []
        if mine:
            return list(mine)
    return []


def own_office() -> str | None:
    """Return the slug of the office of whoever is signed in."""
    office = ask("getMe")["office"]
    return office["slug"] if office else None


PLACES = {"assignment": "/desk/cases/", "recommendation": "/desk/recommendations/"}
PLACES |= {"commitment": "/desk/promises/"}


def address_of(reference: str) -> str | None:
    """Return the page of the desk for a *reference* that is no proposal's; None for others."""
    if not visitor().is_signed_in or len(reference) > 60:
        return None
    try:
        found = ask("findReference", {"reference": reference})
    except Refusal:
        return None
    if found["record_type"] == "reply":
        return f"/desk/cases/{found['reference'].rpartition('-V')[0]}/reply"
    start = PLACES.get(found["record_type"])
    return f"{start}{found['reference']}" if start else None
