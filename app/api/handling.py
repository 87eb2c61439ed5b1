"""Dispatch, assignments and worklists over HTTP."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from flask.views import MethodView

from app.api.blueprints import Answer, Blueprint, Call
from app.api.errors import Invalid
from app.api.guards import found_or_404
from app.api.paging import Listed, listed_page, read_cursor
from app.api.resolving import unknown
from app.errors import PermissionDenied
from app.models import Assignment, Organization, Proposal
from app.queries import handling as queries
from app.queries import recommendations, records
from app.queries.visibility import view_of
from app.rules.handling import may_object, steps_from
from app.rules.permissions import BY_OFFICE, Actor, Permission
from app.rules.rulebook import Profile
from app.rules.tasks import bucket_of, explained
from app.rules.vocabularies import (
    AssignmentRole,
    Axis,
    Desk,
    OfficeRole,
    Publication,
    Role,
    TaskKind,
)
from app.rules.workflow import Step, judges_itself
from app.rules.workflow import steps_from as progress_steps
from app.schemas import handling as schemas
from app.schemas.recommendations import NoFilterSchema
from app.services import dispatch as services
from app.services import extensions, handling
from app.services.cases import Work

blueprint = Blueprint(
    "handling", __name__, description="What was given to which office, and what waits on its desk."
)


def work_of(call: Call) -> Work:
    """Return what handling is done with, in this call."""
    return Work(call.session, call.book(), call.today())


def office_named(call: Call, values: dict[str, Any], field: str) -> Organization | None:
    """Return the organization that *field* names, or None; raise Invalid for an unknown one."""
    if field not in values:
        return None
    found = records.organization(call.session, values[field])
    if found is None:
        raise Invalid({field: [unknown(values[field])]})
    return found


def shown(call: Call, rows: list[Assignment]) -> list[SimpleNamespace]:
    """Return assignments as the API shows them, every due date explained."""
    book, today = call.book(), call.today()
    found = queries.with_clocks(call.session, rows)
    for row in found:
        if not is_insider(call.actor, row.office_id):
            row.objection = row.suggested_office_id = None
            row.extensions = [without_reasons(extension) for extension in row.extensions]
        until = max((t.due_on for t in row.tasks if t.kind == TaskKind.OBJECTION), default=None)
        row.tasks = [task_shown(task, explained(task, book.calendar)) for task in row.tasks]
        steps = steps_from(row.state, row.received_on is not None, may_object(until, today))
        row.allowed_steps = [next_step(s) for s in steps if may_take(call.actor, s, row.office_id)]
    return found


def is_insider(actor: Actor, office_id: int) -> bool:
    """Return whether *actor* may read why an office objected or asked for more time."""
    own = actor.office_id == office_id and actor.may(Permission.SEE_HANDLED)
    return own or actor.may(Permission.SEE_INTERNAL)


def without_reasons(extension: Any) -> SimpleNamespace:
    """Return a request for more time as everyone sees it."""
    names = ("state", "asked_on", "until", "decided_on")
    shown = {name: getattr(extension, name) for name in names}
    return SimpleNamespace(**shown, reason=None, decision=None)


def task_shown(task: Any, explanation: list[Any]) -> SimpleNamespace:
    """Return a task as the API shows it."""
    names = ("id", "kind", "desk", "began_on", "due_on", "original_due_on", "is_provisional")
    values = {name: getattr(task, name) for name in (*names, "ended_on", "outcome")}
    return SimpleNamespace(**values, explanation=explanation)


def may_take(actor: Actor, step: Step, office_id: int) -> bool:
    """Return whether *actor* may take *step* of an assignment of *office_id*."""
    own = step.permission is not Permission.HANDLE or actor.office_id == office_id
    return own and actor.may(step.permission)


def next_step(step: Step) -> SimpleNamespace:
    """Return a step as the API shows it."""
    target = step.target
    return SimpleNamespace(
        to=str(target), to_zh=target.zh, to_en=target.en, needs=sorted(step.needs)
    )


def assignment_answer(call: Call, assignment: Assignment) -> Answer:
    """Return one assignment as it is now."""
    return Answer(shown(call, [assignment])[0], version=assignment.version)


@blueprint.route("/proposals/<id:proposal_id>/assignments")
class ProposalAssignments(MethodView):
    """Assignments of one proposal."""

    @blueprint.reads(
        "listAssignments", schemas.OfficeAssignmentListSchema, NoFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: dict[str, Any], proposal_id: int) -> Any:
        """List which offices were given a proposal, with every clock, explained day by day."""
        found_or_404(records.proposal_record(call.session, call.actor, proposal_id))
        rows = queries.of_proposal(call.session, proposal_id)
        return Listed(shown(call, rows), None, None)

    @blueprint.writes(
        "dispatchProposal",
        schemas.OfficeAssignmentSchema,
        schemas.DispatchSchema,
        find=records.proposal_record,
        status=201,
        versioned=False,
        errors=(409, 412),
    )
    def post(self, call: Call, record: Proposal, values: dict[str, Any]) -> Answer:
        """Give an office a proposal, or one recommendation of it, to handle.

        The first dispatch fixes the edition of the rules. The office's clocks start as these
        say. The head of an office that has it dispatches on under the own assignment.
        """
        office = office_named(call, values, "office")
        given = services.Dispatched(
            office=found_or_404(office),
            role=values["role"],
            on=values.get("on", call.today()),
            recommendation=recommendation_named(call, values),
            parent=parent_named(call, values),
            profile=profile_named(call, values),
            in_recess=values["in_recess"],
            note=values.get("note"),
        )
        return assignment_answer(call, services.dispatch(call.actor, record, given, work_of(call)))


def recommendation_named(call: Call, values: dict[str, Any]) -> Any:
    """Return the recommendation that is dispatched alone, or None; raise Invalid."""
    if "recommendation" not in values:
        return None
    reference = values["recommendation"]
    found = recommendations.by_reference(call.session, call.actor, reference)
    if found is None:
        raise Invalid({"recommendation": [unknown(reference)]})
    return found


def profile_named(call: Call, values: dict[str, Any]) -> Profile | None:
    """Return the newest edition of the profile that is named, or None; raise Invalid."""
    if "profile" not in values:
        return None
    found = call.book().profile(values["profile"])
    if found is None:
        raise Invalid({"profile": [unknown(values["profile"])]})
    return found


def parent_named(call: Call, values: dict[str, Any]) -> Assignment | None:
    """Return the assignment under which is dispatched on, or None; raise Invalid."""
    if "parent" not in values:
        return None
    found = queries.by_reference(call.session, call.actor, values["parent"])
    if found is None:
        raise Invalid({"parent": [unknown(values["parent"])]})
    return found


@blueprint.route("/assignments/<id:assignment_id>")
class AssignmentById(MethodView):
    """One assignment."""

    @blueprint.reads(
        "getAssignment",
        schemas.OfficeAssignmentSchema,
        NoFilterSchema,
        version=queries.tag_of,
        errors=(404,),
    )
    def get(self, call: Call, filters: dict[str, Any], assignment_id: int) -> Answer:
        """Show an assignment with every clock, explained day by day, and the steps allowed now."""
        found = found_or_404(queries.record(call.session, call.actor, assignment_id))
        return assignment_answer(call, found)


@blueprint.route("/assignments/<id:assignment_id>/transitions")
class AssignmentTransitions(MethodView):
    """Steps of one assignment."""

    @blueprint.writes(
        "moveAssignment",
        schemas.OfficeAssignmentSchema,
        schemas.AssignmentStepSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: dict[str, Any]) -> Answer:
        """Receive an assignment, begin, object; or decide on the objection, or withdraw it."""
        grounds = handling.Grounds(
            on=values.get("on", call.today()),
            reason=values.get("reason"),
            suggested_office=office_named(call, values, "suggested_office"),
            note=values.get("note"),
        )
        handling.move(call.actor, record, values["to"], grounds, work_of(call))
        return assignment_answer(call, record)


@blueprint.route("/assignments/<id:assignment_id>/extensions")
class AssignmentExtensions(MethodView):
    """Requests for more time."""

    @blueprint.writes(
        "askExtension",
        schemas.OfficeAssignmentSchema,
        schemas.ExtensionInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: dict[str, Any]) -> Answer:
        """Ask for more time; where the rules ask for no consent it is noted at once."""
        until, reason = values["extended_to"], values["reason"]
        extensions.ask_extension(call.actor, record, until, reason, work_of(call))
        return assignment_answer(call, record)


@blueprint.route("/assignments/<id:assignment_id>/extensions/decision")
class ExtensionDecision(MethodView):
    """The decision on the request that waits."""

    @blueprint.writes(
        "decideExtension",
        schemas.OfficeAssignmentSchema,
        schemas.ExtensionDecisionSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: dict[str, Any]) -> Answer:
        """Grant or refuse the request for more time that waits; the first due date stays."""
        decision, note = schemas.DECISIONS[values["decision"]], values.get("note")
        extensions.decide_extension(call.actor, record, decision, work_of(call), note)
        return assignment_answer(call, record)


# -- worklists -----------------------------------------------------------------------------------


@blueprint.route("/offices/<slug>/worklist")
class OfficeWorklist(MethodView):
    """The desk of one office."""

    @blueprint.reads(
        "getWorklist", schemas.WorklistSchema, schemas.WorklistFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: dict[str, Any], slug: str) -> Answer:
        """List everything on an office's desk, what is latest first, with counts by bucket."""
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
    def get(self, call: Call, filters: dict[str, Any]) -> Answer:
        """List everything on the caller's desk: the office's, dispatchers' or supervisors'."""
        read_cursor(filters, queries.ORDER.read)  # what is no cursor is told before the desk
        actor = call.actor
        own = actor.office_id is not None and actor.may(Permission.SEE_HANDLED)
        desks = [Desk.OFFICE] if own else []
        desks += [desk for desk, roles in DESK_OF.items() if roles & actor.roles]
        desk = filters.get("desk", desks[0] if desks else None)
        if desk not in desks:
            raise PermissionDenied(
                reason_zh="您没有这样的工作台", reason_en="you do not work at such a desk"
            )
        office = (actor.office_id or 0) if desk is Desk.OFFICE else 0
        return worklist(call, filters, desk, office)


def worklist(call: Call, filters: dict[str, Any], desk: Desk, office: int) -> Answer:
    """Return one page of a desk and its counts, in two statements."""
    seen = set(view_of(call.actor).whole)
    if desk is Desk.OFFICE and office == call.actor.office_id:
        seen.add(Publication.INTERNAL.value)
    today = call.today()
    values = queries.parameters(filters, desk, office, seen, today)
    names = queries.shape_of(filters)
    after = read_cursor(filters, queries.ORDER.read)
    statement = queries.listed(names, after is not None)
    counts = call.session.connection().execute(queries.counted(names), values).one()
    answer = listed_page(
        call, statement, filters, queries.ORDER, after, values,
        shown=lambda rows: [item(call, row, today) for row in rows],
    )  # fmt: skip
    answer.content.counts, answer.content.desk = counts, desk
    return answer


def item(call: Call, row: Any, today: date) -> SimpleNamespace:
    """Return a task on a desk as the API shows it."""
    about = None
    if row.recommendation_id is not None:
        names = ("id", "reference", "summary_zh", "progress")
        about = SimpleNamespace(**{n: getattr(row, f"recommendation_{n}") for n in names})
    return SimpleNamespace(
        **row._mapping,
        desk_office_id=row.office_id or None,
        bucket=bucket_of(row.due_on, today),
        days_late=None if row.due_on is None else (today - row.due_on).days,
        recommendation=about,
        next_steps=[next_step(step) for step in steps_of(call.actor, row, today)],
    )


def steps_of(actor: Actor, row: Any, today: date) -> list[Step]:
    """Return the steps that *actor* may take about a task: of its assignment or the progress."""
    if row.assignment_id is not None:
        objects = may_object(row.objection_until, today)
        steps = steps_from(row.assignment_state, row.received_on is not None, objects)
        return [step for step in steps if may_take(actor, step, row.office_id)]
    part = OfficeRole.LEAD if row.role == AssignmentRole.LEAD else OfficeRole.JOINT
    own = actor.office_id == row.office_id
    return [
        step
        for step in progress_steps(Axis.PROGRESS, row.recommendation_progress)
        if actor.may(step.permission)
        and not judges_itself(actor, step, row.claimed_by_office_id)
        and (step.permission not in BY_OFFICE or (own and part in BY_OFFICE[step.permission]))
    ]
