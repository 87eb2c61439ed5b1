"""The monthly round: reports on many recommendations in one form, sent by one click."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import Response, request
from werkzeug.datastructures import MultiDict

from app.console.calls import Refusal, Sending, ask, send
from app.console.desk.home import refused_rows
from app.console.forms import NO_FORM, Form, is_number
from app.console.pages import Pages, done, page, say, signed_in
from app.console.paging import most_read, read_on
from app.console.sending import shown_again
from app.console.signing_in.visitors import visitor
from app.console.unsent import keeping
from app.core.clock import utcnow
from app.core.errors import PermissionDenied
from app.core.types import Given, Values
from app.http.requests import settings

blueprint = Pages("desk_reports", __name__)

OPEN = ("not_started", "planned", "in_progress", "stalled", "deferred")
ROWS = 100
"""As many as one batch takes."""

HERE = "/desk/reports"
SHOWN = ("id", "reference", "summary_zh", "progress", "next_due_on", "last_reported_at", "percent")
"""What a row shows; nothing else is asked, as many rows are read to bring them into order."""


@blueprint.get(HERE)
def reports() -> Response:
    """Show the office's open recommendations, those without a report this month first."""
    signed_in()
    return reports_page(NO_FORM)


def reports_page(form: Form) -> Response:
    """Return the page of the monthly round, with a *form* on it that was refused."""
    cursor = request.args.get("cursor")
    listed = read_on(
        "listRecommendations",
        cursor,
        office=office_or_refuse(),
        progress=OPEN,
        ended=False,
        sort="due_on",
        fields=SHOWN,
    )
    rows = [{**one, "is_reported": is_of_this_month(one)} for one in listed.rows]
    rows.sort(key=lambda one: one["is_reported"])
    first, others = apart(rows, references_written(form.at(HERE)))
    number = page_asked(len(others))
    start = (number - 1) * ROWS
    return page(
        "desk/reports.html",
        form=form,
        rows=[*first, *others[start : start + ROWS]],
        further=number + 1 if len(others) > start + ROWS else None,
        count=len(rows),
        unreported=len([one for one in rows if not one["is_reported"]]),
        bound=None if cursor is None and listed.is_whole else most_read(),
        next=listed.next,
    )


def page_asked(count: int) -> int:
    """Return which page of *count* rows is asked for: from 1 on, the last one at most."""
    asked, last = request.args.get("page", ""), (count - 1) // ROWS + 1
    return max(min(int(asked), last), 1) if is_number(asked) else 1


def references_written(form: Form) -> set[str | None]:
    """Return the references of the rows into which something is written."""
    return {row.text("record") for row in form.rows("rows") if is_written(row)}


def is_written(row: Form) -> bool:
    """Return whether something is written into a *row* of the form."""
    return bool(row.text("text") or row.text("percent"))


def apart(rows: Sequence[Values], written: set[str | None]) -> tuple[list[Values], list[Values]]:
    """Return the *rows* with words in them, which stand on every page, and the others."""
    first = [one for one in rows if one["reference"] in written]
    return first, [one for one in rows if one["reference"] not in written]


def office_or_refuse() -> str:
    """Return the office of whoever is signed in; raise PermissionDenied where they have none."""
    office = ask("getMe")["office"]
    if office is None:
        raise PermissionDenied(
            reason_zh="您的账号不属于承办单位", reason_en="your account belongs to no office"
        )
    return str(office["slug"])


def is_of_this_month(recommendation: Given) -> bool:
    """Return whether a *recommendation* was reported on in the present month."""
    last = recommendation["last_reported_at"]
    if last is None:
        return False
    zone = settings().zone
    now, then = utcnow().astimezone(zone), datetime.fromisoformat(last).astimezone(zone)
    return (now.year, now.month) == (then.year, then.month)


@blueprint.post(HERE)
@shown_again(reports_page)
def send_reports(form: Form) -> Response:
    """Send what was written, row by row; what is refused stays with its words and its problem."""
    rows = [row for row in form.rows("rows") if is_written(row)]
    if not rows:
        problem = refused_rows([say("没有填写任何一行。", "No row was filled in.")])
        raise Refusal(422, problem)
    body = {"mode": "row_by_row", "rows": [row_in(row) for row in rows]}
    answer = sent(body, form, rows)
    refused = [row for row in answer["rows"] if row["problem"] is not None]
    if refused:
        return still_there(form, rows, refused, answer["carried_out"])
    number = answer["carried_out"]
    return done(HERE, str(say(f"已报告 {number} 条。", f"Reported on {number}.")))


def row_in(row: Form) -> Values:
    """Return a *row* of the form as the contract has it."""
    content = {"text": row.text("text") or "", "percent": row.number("percent")}
    return {
        "record": row.text("record"),
        "body": {k: v for k, v in content.items() if v is not None},
    }


def sent(body: Values, form: Form, rows: Sequence[Form]) -> Values:
    """Return what became of each row; raise Refusal, with each problem at its row of the form."""
    try:
        return send("addReportBatch", {}, Sending(body, once=form.once)).content
    except Refusal as refusal:
        errors = [at_row(error, rows) for error in refusal.document.get("errors", ())]
        raise Refusal(refusal.status, {**refusal.document, "errors": errors}) from refusal


def at_row(error: Given, rows: Sequence[Form]) -> Values:
    """Return an *error* of the batch, named as the form names the field that it is about."""
    parts = error["field"].split(".")
    if parts[0] != "rows" or len(parts) < 2 or not parts[1].isdigit():
        return dict(error)
    name = parts[-1] if parts[-1] in ("text", "percent") else "text"
    return {**error, "field": f"rows.{rows[int(parts[1])].row}.{name}"}


def still_there(
    form: Form, rows: Sequence[Form], refused: Sequence[Given], carried_out: int
) -> Response:
    """Return the page with the rows that were refused, as they were typed, and why.

    Just these are kept: what was carried out must not be sent again.
    """
    numbers = {rows[row["index"]].row for row in refused}
    starts = tuple(f"rows.{number}." for number in numbers)
    left = [pair for pair in form.values.items(multi=True) if is_left(pair[0], starts)]
    document = refused_rows([row["problem"]["detail"] for row in refused], carried_out)
    document["errors"] = [error for row in refused for error in errors_of_row(row, rows)]
    keep_again(MultiDict(left))
    again = replace(form, values=MultiDict(left), refusal=Refusal(422, document))
    return reports_page(again)


def is_left(name: str, starts: tuple[str, ...]) -> bool:
    """Return whether the field *name* is of the form itself, or of a row that was refused."""
    return not name.startswith("rows.") or name.startswith(starts)


def errors_of_row(row: Given, rows: Sequence[Form]) -> list[Values]:
    """Return what is wrong with a *row* of the batch, at its fields of the form."""
    problem = row["problem"]
    if not problem["errors"]:
        return [{"field": f"rows.{rows[row['index']].row}.text", "message": problem["detail"]}]
    return [at_row(error, rows) for error in problem["errors"]]


def keep_again(values: MultiDict[str, str]) -> None:
    """Keep the *values* that are left of the form until they are sent."""
    principal = visitor().actor.principal_id
    if principal is not None:
        keeping.keep_form(principal, request.path, dict(values.lists()))
