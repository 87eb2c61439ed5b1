"""Who has a recommendation, as its page shows it: each office, what it said, what waits where."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.core.codes import Desk, LeadStatus, OfficeRole
from app.core.queries.rows import View
from app.core.rules.permissions import HELD
from app.core.rules.sizes import SHOWN, newest
from app.core.rules.state_groups import reply_reference
from app.core.types import Row, Values
from app.http.call import Call
from app.models import Task
from app.register.proposals.queries.handling_visibility import takes_part
from app.register.recommendations.queries import recommendation_offices as queries
from app.tasks.queries.due_days import Due
from app.tasks.queries.holders import given_in, survivor
from app.tasks.rules.holders import Holders, holders_of
from app.tasks.rules.task_clocks import CLOCKS
from app.tasks.rules.tasks import INSIDE, explained

NOBODYS = (None, LeadStatus.SUGGESTED)
"""How a lead stands where no office has anything to do with it yet."""


def offices_of(call: Call, detail: View, parts: Mapping[int, OfficeRole]) -> Values:
    """Return the offices that have *detail*, and what is waited for about it, on whose desk.

    *parts* are those of the offices beside the lead. The reports of *detail*, and what each office
    *reported*, are there already. Of what is waited for, and of the promises, only so many are
    shown.
    """
    if detail.lead_status in NOBODYS and not parts:
        return {"offices": [], "waiting": [], "waiting_total": 0}
    session = call.session
    case = survivor(session, detail.proposal_id)
    holders = holders_of(detail.id, given_in(session, case))
    inside = takes_part(session, call.actor, case)
    assignments = queries.assignments_seen(session, call.actor, holders.assignments)
    promises = queries.promises_seen(session, call.actor, detail.reference)
    known = list(assignments), [promise.id for promise in promises]
    tasks = queries.open_tasks(session, case, detail.id, *known)
    tasks = [task for task in tasks if inside or task.kind not in INSIDE]
    answers = queries.answers_seen(session, call.actor, detail.id, inside)
    shown = []
    for office, role in in_order(detail, parts):
        assignment = assignments.get(by_which(office, role, holders, assignments) or 0)
        values = promised(promises, office) | nearest(tasks, office)
        values["answer"] = as_answer(answers[office]) if office in answers else None
        shown.append(office_view(call, detail, (office, role), assignment, values))
    return {"offices": shown, **waiting_for(call, tasks, inside)}


def office_view(
    call: Call, detail: View, office: tuple[int, OfficeRole], assignment: Any, values: Values
) -> View:
    """Return an office with its part in *detail*, by its *assignment*, and other *values* of it."""
    number, role = office
    since = assignment.dispatched_on if assignment else named_since(call, detail.id, role)
    return View(
        office_id=number,
        role=role,
        assignment=assignment,
        since=since,
        evidence=evidence_of(detail.reports, number),
        **values,
        **reported(detail.reported.get(number)),
    )


def in_order(detail: View, parts: Mapping[int, OfficeRole]) -> Iterable[tuple[int, OfficeRole]]:
    """Yield the offices that have *detail*, its lead first, each with its part."""
    if detail.lead_status in HELD:
        yield detail.lead_office_id, OfficeRole.LEAD
    order = list(OfficeRole)
    yield from sorted(parts.items(), key=lambda known: (order.index(known[1]), known[0]))


def by_which(
    office: int, role: OfficeRole, holders: Holders, assignments: Mapping[int, Any]
) -> int | None:
    """Return the assignment by which *office* has its part, or None."""
    if role is not OfficeRole.LEAD:
        return holders.parts[office][1] if office in holders.parts else None
    own = (n for n, row in assignments.items() if row.office_id == office and row.parent_id is None)
    return next(own, None)


def named_since(call: Call, recommendation_id: int, role: OfficeRole) -> date | None:
    """Return since when an office has its part that no dispatch gave it."""
    field = "lead_status" if role is OfficeRole.LEAD else f"{role}_office_ids"
    at = queries.last_change(call.session, recommendation_id, field)
    return at.astimezone(call.settings.zone).date() if at else None


def waiting_for(call: Call, tasks: Iterable[Task], inside: bool) -> Values:
    """Return the first of *tasks* that lie on a desk, and how many do."""
    lying = [task for task in tasks if task.desk != Desk.NONE]
    shown = [waiting(call, task, inside) for task in lying[:SHOWN]]
    return {"waiting": shown, "waiting_total": len(lying)}


def waiting(call: Call, task: Task, inside: bool) -> View:
    """Return a task as the page of a recommendation shows it."""
    return View(
        kind=task.kind,
        desk=task.desk,
        desk_office_id=task.office_id or None,
        due_on=task.due_on,
        clock=CLOCKS.get(task.kind),
        awaits_receipt=bool(task.awaits_receipt),
        explanation=explained(task, call.book.calendar, inside),
    )


def nearest(tasks: Iterable[Task], office: int) -> Values:
    """Return the next day of *office* among *tasks*, and which clock it is of."""
    dated = (
        Due.of(task)
        for task in tasks
        if task.office_id == office and task.due_on is not None and task.kind in CLOCKS
    )
    first = min(dated, default=None)
    return {
        "next_due_on": first.on if first else None,
        "next_clock": first.clock if first else None,
    }


def promised(promises: Sequence[Any], office: int) -> Values:
    """Return what *office* promised, of the newest of all *promises*, and how often it did."""
    return {
        "promises": [promise for promise in newest(promises) if promise.office_id == office],
        "promises_total": sum(promise.office_id == office for promise in promises),
    }


def evidence_of(reports: Iterable[Any], office: int) -> list[Any]:
    """Return the evidence in those of *reports* that are of *office*."""
    return [piece for report in reports if report.office_id == office for piece in report.evidence]


def reported(own: Any) -> Values:
    """Return how much an office reported, the last percentage and when: *own* None, nothing."""
    if own is None:
        return {"reports_total": 0, "percent": None, "last_reported_at": None}
    return {
        "reports_total": own.number,
        "percent": own.percent,
        "last_reported_at": own.last_reported_at,
    }


def last_reported(offices: Collection[Any]) -> tuple[int | None, datetime | None]:
    """Return the last percent of all *offices* reported, and the moment of the last report."""
    percents = [own for own in offices if own.percent_sequence is not None]
    percent = max(percents, key=lambda own: own.percent_sequence).percent if percents else None
    last = max(offices, key=lambda own: own.sequence, default=None)
    return percent, last.last_reported_at if last else None


def as_answer(row: Row) -> View:
    """Return the point of a reply as the page of its recommendation shows it."""
    point = row.ReplyPoint
    return View(
        reply=reply_reference(row.reference, row.number),
        sent_on=row.sent_on,
        published_on=row.published_on,
        text=point.text,
        acceptance=point.acceptance,
        outcome=point.checked_outcome or point.outcome,
        label=point.checked_label or point.label,
        promise=point.promise,
        promised_on=point.promised_on,
    )
