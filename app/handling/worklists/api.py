"""What lies on the desks of offices, dispatchers and supervisors, over HTTP."""

from datetime import date
from typing import Any

from flask.views import MethodView

from app.accounts.queries.visibility import view_of
from app.core.codes import (
    AssignmentRole,
    Bucket,
    Desk,
    OfficeRole,
    Publication,
    Role,
    TaskKind,
)
from app.core.errors import PermissionDenied
from app.core.queries.rows import View
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import reply_reference
from app.core.rules.workflow import NextStep
from app.core.types import Row, Values
from app.handling.assignments.api.assignment_list import about
from app.handling.assignments.rules import (
    MOVING,
    Situation,
    assignment_in,
    may_object,
)
from app.handling.commitments.rules import COMMITMENT
from app.handling.proposals.rules import PROPOSAL
from app.handling.replies.rules import workflow_of
from app.handling.worklists import schemas
from app.handling.worklists.queries import inbox, late_offices, worklists
from app.handling.worklists.rules import operations_for
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import Page, check_cursor, listed_page, listing, read_cursor
from app.register.recommendations.api.resolving import resolved
from app.register.recommendations.rules import PROGRESS
from app.tasks.rules.task_clocks import CLOCKS
from app.tasks.rules.tasks import bucket_of

blueprint = Blueprint("worklists", __name__)


@blueprint.route("/offices/<slug>/worklist")
class OfficeWorklist(MethodView):
    """The desk of one office."""

    @blueprint.reads(
        "getWorklist", schemas.WorklistSchema, schemas.WorklistFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: Values, slug: str) -> Answer:
        """List everything on an office's desk, most overdue first, with counts by bucket.

        Replies, opinions, receipts, promises, milestones, reports, and what was pressed
        for. The counts are of all that the filters leave, not of the page.
        """
        office = found_or_404(call.cache.organization_id(call.session, slug))
        if office != call.actor.office_id and not call.actor.may(Permission.SEE_INTERNAL):
            raise PermissionDenied(
                reason_zh="只能查看本单位的待办",
                reason_en="you see the desk of your own office only",
            )
        return worklist(call, filters, Desk.OFFICE, office)


DESK_OF = {
    Desk.DISPATCHERS: frozenset({Role.DISPATCHER, Role.REGISTRAR, Role.AUDITOR}),
    Desk.SUPERVISORS: frozenset({Role.SUPERVISOR, Role.AUDITOR}),
}
"""Desk → who works at it, or watches."""


@blueprint.route("/me/worklist")
class MyWorklist(MethodView):
    """The caller's desk."""

    @blueprint.reads("getMyWorklist", schemas.WorklistSchema, schemas.MyWorklistFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List everything on the caller's desk: the office's, dispatchers' or supervisors'.

        The same as `getWorklist` for the caller's own office; dispatchers and supervisors
        have a desk each, on which late offices are counted as well.
        """
        check_cursor(filters, worklists.ORDERS)  # what is no cursor is told before the desk
        return worklist(call, filters, *desk_of(call.actor, filters.get("desk")))


@blueprint.route("/me/inbox")
class MyInbox(MethodView):
    """The caller's inbox."""

    @blueprint.reads("getInbox", schemas.InboxSchema, schemas.InboxFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List the reminders and escalations of the caller's desk, newest first.

        A reminder stays as long as its cause does and ends with it; nothing has to be
        marked as read.
        """
        check_cursor(filters, inbox.ORDERS)  # what is no cursor is told before the desk
        desk, office = desk_of(call.actor, filters.get("desk"))
        seen = seen_at(call.actor, desk, office)
        answer = listing(
            call,
            inbox.inbox(call.actor, desk, office, seen, filters.get("waiting")),
            filters,
            inbox.ORDERS,
        )
        answer.content.desk = desk
        return answer


def desk_of(actor: Actor, wanted: Desk | None) -> tuple[Desk, int]:
    """Return the desk *wanted* of *actor*, or the first, with its office (0: no office's).

    Raises PermissionDenied when the actor does not work there.
    """
    own = actor.office_id is not None and actor.may(Permission.SEE_HANDLED)
    desks = [Desk.OFFICE] if own else []
    desks += [desk for desk, roles in DESK_OF.items() if roles & actor.roles]
    desk = wanted or (desks[0] if desks else None)
    if desk is None or desk not in desks:
        raise PermissionDenied(
            reason_zh="您没有这样的工作台", reason_en="you do not work at such a desk"
        )
    return desk, (actor.office_id or 0) if desk is Desk.OFFICE else 0


def seen_at(actor: Actor, desk: Desk, office: int) -> set[str]:
    """Return of which publications *actor* sees what lies on a desk."""
    own = desk is Desk.OFFICE and office == actor.office_id
    return {*view_of(actor).whole, *([Publication.INTERNAL] if own else [])}


def worklist(call: Call, filters: Values, desk: Desk, office: int) -> Answer:
    """Return one page of a desk and its counts, in two statements."""
    seen, today = seen_at(call.actor, desk, office), call.today()
    wanted = resolved(call, filters)
    values = worklists.parameters(wanted, desk, office, seen, today)
    names = worklists.shape_of(wanted, values)
    order = worklists.ORDERS[filters["sort"]]
    after = read_cursor(filters, order.read)
    statement = worklists.listed(names, filters["sort"], after is not None)
    counts = call.session.connection().execute(worklists.counted(names), values).one()
    number = None
    if filters["with_total"]:
        number = sum(counts._mapping[str(bucket)] for bucket in filters.get("bucket", Bucket))
    answer = listed_page(
        call,
        Page(statement, order, after, values, number),
        filters,
        lambda rows: [item(call, row, today) for row in rows],
    )
    answer.content.counts, answer.content.desk = counts, desk
    answer.content.late_by_office = late_by_office(call, seen) if desk in WATCHING else []
    return answer


WATCHING = frozenset({Desk.DISPATCHERS, Desk.SUPERVISORS})
"""Desks that watch over what offices have to do."""


def late_by_office(call: Call, publications: set[str]) -> list[Any]:
    """Return of every office how much is late and since when, the latest office first."""
    values = late_offices.watched(publications, call.today())
    return list(call.session.connection().execute(late_offices.late_by_office(), values))


def item(call: Call, row: Row, today: date) -> View:
    """Return a task on a desk as the API shows it."""
    steps = steps_of(call.actor, row, today)
    reply = None
    if row.reply_number is not None:
        name = reply_reference(row.reply_assignment_reference, row.reply_number)
        shown = ("assignment_id", "number", "state")
        own = {n: getattr(row, f"reply_{n}") for n in shown}
        reply = View(**own, reference=name)
    return View.of(
        row,
        desk_office_id=row.office_id or None,
        bucket=bucket_of(row.due_on, today),
        days_late=None if row.due_on is None else (today - row.due_on).days,
        recommendation=about(row),
        clock=CLOCKS.get(TaskKind(row.kind)),
        reply=reply,
        next_steps=steps,
        operations=operations_for(
            row.kind,
            call.actor,
            of_promise=row.commitment_id is not None,
            taking={step.operation for step in steps},
        ),
    )


def steps_of(actor: Actor, row: Row, today: date) -> list[NextStep]:
    """Return the steps that *actor* may take about a task, each with the operation for it.

    They are those of its assignment and the reply of that, of the promise, of the proposal, or of
    the progress of the recommendation.
    """
    if row.assignment_id is not None:
        return [*reply_steps(actor, row), *assignment_steps(actor, row, today)]
    if row.commitment_id is not None:
        return COMMITMENT.next_steps(actor, row.commitment_state, row.commitment_office_id)
    if row.recommendation_id is None:  # it is about the proposal: dispatch, or a step of filing
        return PROPOSAL.next_steps(actor, row.handling_state)
    part = None
    if actor.office_id == row.office_id:
        part = OfficeRole.LEAD if row.role == AssignmentRole.LEAD else OfficeRole.JOINT
    return PROGRESS.next_steps(actor, row.recommendation_progress, part, row.claimed_by_office_id)


def above(row: Row) -> int | None:
    """Return the office that dispatched the assignment of a task on, if it lies on its desk."""
    return row.office_id if row.office_id not in (0, row.assignment_office_id) else None


def assignment_steps(actor: Actor, row: Row, today: date) -> list[NextStep]:
    """Return the steps of its assignment that *actor* may take about a task."""
    situation = Situation(
        moves=row.handling_state in MOVING,
        received=row.received_on is not None,
        objects=may_object(row.assignment_role, row.objection_until, today),
        seeks=row.kind == TaskKind.REDISPATCH,
    )
    whose = row.assignment_office_id, above(row)
    return assignment_in(situation).next_steps(actor, row.assignment_state, *whose)


def reply_steps(actor: Actor, row: Row) -> list[NextStep]:
    """Return the steps of the version of its own reply that *actor* may take about a task."""
    if row.reply_assignment_id != row.assignment_id:
        return []
    whose = row.assignment_office_id, above(row)
    return workflow_of(row.assignment_role).next_steps(actor, row.reply_state, *whose)
