"""How proposers rated what offices replied, and what an assessment made of it."""

from flask import Response

from app.console.calls import ask, record_named
from app.console.forms import NO_FORM, Form
from app.console.pages import Pages, done, page, say
from app.console.sending import shown_again
from app.console.supervision.watching import may, own_desk, watched
from app.console.withholdings.access import withholder
from app.core.codes import Desk, TaskKind
from app.core.types import Values

blueprint = Pages("assessing", __name__)

ADDRESS = "/supervision/replies"


@blueprint.get(ADDRESS)
def rated_replies() -> Response:
    """Show what is to be assessed, and how proposers rated replies."""
    desk = watched(limit=100, kind=TaskKind.ASSESS)
    return page(
        "supervision/replies.html",
        assess=desk["items"],
        is_theirs=own_desk() is Desk.DISPATCHERS,
        forms=ask("findEvaluations", sort="-id", limit=50, with_total=True),
    )


@blueprint.get(f"{ADDRESS}/<reference>")
def assessment_page(reference: str) -> Response:
    """Show what was replied, how it was rated, and what may be made of it."""
    return shown_reply(NO_FORM, reference)


def shown_reply(form: Form, reference: str) -> Response:
    """Return the page of one case, with the *form* as it was typed."""
    watched()
    path = {"assignment_id": record_named(reference, "assignment")["id"]}
    case = ask("getAssignment", path)
    numbers = [version["number"] for version in case["replies"]]
    return page(
        "supervision/reply.html",
        form=form,
        case=case,
        reply=ask("getReply", {**path, "number": numbers[-1]}) if numbers else None,
        address=f"{ADDRESS}/{reference}",
        withholder=withholder(),
        may_assess=waits(case, TaskKind.ASSESS) and may("assignment:dispatch"),
    )


def waits(case: Values, kind: TaskKind) -> bool:
    """Return whether something of this *kind* is waited for in the *case*."""
    return any(task["kind"] == kind and task["ended_on"] is None for task in case["tasks"])


@blueprint.post(f"{ADDRESS}/<reference>")
@shown_again(shown_reply)
def assess(form: Form, reference: str) -> Response:
    """Keep what the assessment led to; raise Refusal."""
    fields = ("decision", "note", "on", "paper")
    body = {name: form.text(name) for name in fields}
    path = {"assignment_id": record_named(reference, "assignment")["id"]}
    form.send("assessHandling", path, body)
    return done(ADDRESS, str(say(f"{reference} 的评估结论已记录。", f"{reference} is assessed.")))
