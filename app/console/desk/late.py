"""What of an office is late, with its reasons, on one page."""

from flask import Response

from app.console.calls import ask
from app.console.desk.case_steps import at, body_of
from app.console.desk.next_steps import with_next
from app.console.desk.reports import office_or_refuse
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say, signed_in
from app.console.sending import shown_again
from app.core.types import Values

blueprint = Pages("desk_late", __name__)

MOST_CASES = 30
"""Of how many late cases a page shows the reasons."""

ROWS = 100


@blueprint.get("/desk/late")
def late() -> Response:
    """Show what is late, since when, what was said of it, and a form to say why."""
    signed_in()
    return late_page(NO_FORM)


def late_page(form: Form, **_: object) -> Response:
    """Return the page of what is late, with a *form* on it that was refused."""
    office_or_refuse()
    listed = ask("getMyWorklist", bucket=["overdue"], limit=ROWS)
    items = [with_next(item) for item in listed["items"]]
    cases: dict[int, Values] = {}
    for item in items:
        number = item["assignment_id"]
        if number is not None and number not in cases and len(cases) < MOST_CASES:
            cases[number] = ask("getAssignment", {"assignment_id": number})
    return page(
        "desk/late.html",
        form=form,
        items=items,
        cases=cases,
        next=listed["next"],
        may_explain="assignment:handle" in ask("getMe")["permissions"],
    )


@blueprint.post("/desk/late/<reference>")
@shown_again(late_page)
def explain_late(form: Form, reference: str) -> Response:
    """Say why a case is late, and by when it will be done."""
    form.send("explainDelay", at(reference), body_of(form, "text", "done_by"))
    return done("/desk/late", str(say("已说明原因。", "The reason is noted.")))
