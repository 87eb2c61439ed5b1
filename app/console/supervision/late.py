"""What is late, by office, with the reasons that offices gave, and pressing them for an answer."""

from flask import Response, request

from app.console.calls import Sending, ask, send
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, address_with, done, page, say
from app.console.sending import shown_again
from app.console.supervision.watching import may, watched
from app.core.codes import TaskKind
from app.core.types import Values

blueprint = Pages("watch", __name__)

ADDRESS = "/supervision"
ON_A_PAGE = 15
"""So many late cases stand on a page, each with its reasons: a reading for each of them."""

MOST_TASKS = 200
"""So many things that are late are shown of one office, the latest first."""


@blueprint.get(ADDRESS)
def watch() -> Response:
    """Show what is late in which office and why, and what waits to be verified."""
    return watching(NO_FORM)


def watching(form: Form) -> Response:
    """Return the page, with the *form* for pressing as it was typed."""
    desk = watched(limit=100)
    office, cursor = request.args.get("office") or None, request.args.get("cursor")
    late = ask(
        "findAssignments",
        overdue=True,
        office=office,
        cursor=cursor,
        sort="due_on",
        limit=ON_A_PAGE,
        with_total=True,
    )
    return page(
        "supervision/late.html",
        form=form,
        desk=desk,
        verify=of_kind(desk, TaskKind.VERIFY),
        look_back=of_kind(desk, TaskKind.LOOK_BACK),
        late=late,
        cases=[ask("getAssignment", {"assignment_id": one["id"]}) for one in late["items"]],
        of_office=overdue_in(office) if office else None,
        recommendations=ask("listRecommendations", overdue=True, office=office, limit=10),
        office=office,
        may_press=may("assignment:press"),
    )


def overdue_in(office: str) -> list[Values]:
    """Return what is late on the desk of an *office*: just what its number beside it counts."""
    found = ask("getWorklist", {"slug": office}, bucket="overdue", limit=MOST_TASKS)
    return [task for task in found["items"] if task["clock"]]


def of_kind(desk: Values, kind: TaskKind) -> list[Values]:
    """Return what waits on *desk* of this *kind*."""
    return [task for task in desk["items"] if task["kind"] == kind]


@blueprint.post(ADDRESS)
@shown_again(watching)
def press(form: Form) -> Response:
    """Press the office of each case that was chosen, once; raise Refusal for the first refused.

    The rest is pressed when the form is sent again: what was done is not done twice.
    """
    numbers = [int(own) for own in form.texts("cases") if own.isascii() and own.isdigit()]
    given = {"text": form.text("text"), "answer_by": form.text("answer_by")}
    body = {name: own for name, own in given.items() if own is not None}
    for number in numbers:
        once = f"{form.once}-{number}" if form.once else None
        send("pressAssignment", {"assignment_id": number}, Sending(body, once=once))
    if not numbers:
        notice = say("没有勾选交办件，没有催办。", "No case was chosen; nothing was done.")
    else:
        count = len(numbers)
        notice = say(f"已催办 {count} 件，承办单位的工作台上已有。", f"Pressed: {count}.")
    return done(address_with(), str(notice))
