"""The audit, for auditors: every event, with what was changed from what to what."""

from datetime import date, datetime, time

from flask import Response, request

from app.console.calls import Refusal, Sending, answered
from app.console.forms import Form
from app.console.pages import Pages, page, signed_in
from app.console.told import told_changes
from app.core.codes import Outcome
from app.core.types import Values
from app.http.requests import settings

blueprint = Pages("console_audit", __name__)

FILTERS = ("operation", "outcome", "principal", "record_type", "record", "reference")
SHOWN = 50


@blueprint.get("/administration/audit")
def audit_page() -> Response:
    """Show events, the newest first, as the filters of the address say; what they say stays.

    Raises Refusal (403) for everyone but auditors.
    """
    signed_in()
    form = Form(request.args)
    events: Values = {"items": (), "next": None}
    try:
        events = answered("listAudit", {}, Sending(query=asked_of_audit(form))).content
    except Refusal as refusal:
        if refusal.status in (401, 403):
            raise
        form.refusal = refusal
    return page(
        "administration/audit.html",
        form=form,
        events=events,
        outcomes=list(Outcome),
        told_changes=told_changes,
    )


def asked_of_audit(form: Form) -> Values:
    """Return the query for the events that the filters name."""
    query: Values = {name: form.text(name) for name in (*FILTERS, "cursor")}
    query["since"] = moment_of(form.text("since"), time.min)
    query["until"] = moment_of(form.text("until"), time.max)
    return {**query, "limit": SHOWN}


def moment_of(typed: str | None, hour: time) -> str | None:
    """Return the moment of a day that was typed; what is no day as it is, so that it is refused."""
    if typed is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(typed), hour, settings().zone).isoformat()
    except ValueError:
        return typed
