"""Dispatch, assignments and worklists over HTTP."""

from datetime import date, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask.views import MethodView

from app.api.blueprints import Answer, Blueprint, Call
from app.api.details import past_moment, vocabulary_at
from app.api.guards import found_or_404
from app.api.paging import Listed
from app.api.resolving import named
from app.errors import NotFound
from app.models import Assignment, Proposal
from app.queries import handling as queries
from app.queries import pasts, proposals, recommendations, records, replies, supervision
from app.rules.deadlines import Pause
from app.rules.handling import (
    MOVING,
    Situation,
    is_insider,
    may_object,
    may_take,
    steps_from,
)
from app.rules.replies import reply_reference
from app.rules.tasks import INSIDE, PRESSING, explained, owed
from app.rules.vocabularies import Axis, TaskKind
from app.rules.workflow import Step
from app.schemas import handling as schemas
from app.schemas.recommendations import MomentFilterSchema, NoFilterSchema
from app.services import dispatch as services
from app.services import extensions, handling, pauses
from app.services.cases import Work
from app.services.clocks import refresh

blueprint = Blueprint(
    "handling", __name__, description="What was given to which office, and what waits on its desk."
)


def work_of(call: Call) -> Work:
    """Return what handling is done with, in this call."""
    return Work(call.session, call.book, call.today())


def shown(call: Call, rows: list[Assignment]) -> list[SimpleNamespace]:
    """Return assignments as the API shows them, every due date explained."""
    found = queries.with_clocks(call.session, rows)
    with_answers(call, found)
    with_delays(call, found)
    return dressed(call, found)


def dressed(call: Call, found: list[SimpleNamespace]) -> list[SimpleNamespace]:
    """Return assignments with their clocks explained, and only what the caller may know."""
    book, today = call.book, call.today()
    for row in found:
        told = is_insider(call.actor, row.office_id, row.above_id)
        if not told:
            row.objection = row.suggested_office_id = None
            row.extensions = [without_reasons(extension) for extension in row.extensions]
        steps = steps_from(row.state, situation_of(row, today))
        row.allowed_steps = [
            next_step(step, "moveAssignment")
            for step in steps
            if may_take(call.actor, step, row.office_id, row.above_id)
        ]
        row.tasks = [
            task_shown(task, explained(task, book.calendar, told))
            for task in row.tasks
            if (row.is_inside or task.kind not in INSIDE) and (told or task.kind not in PRESSING)
        ]
        row.as_of = None
        row.awaited = owed(row.tasks)
    return found


def situation_of(row: Any, today: date) -> Situation:
    """Return what decides on the steps of an assignment that is read on *today*."""
    until = max((t.due_on for t in row.tasks if t.kind == TaskKind.OBJECTION), default=None)
    seeks = any(t.kind == TaskKind.REDISPATCH and t.ended_on is None for t in row.tasks)
    return Situation(
        moves=row.proposal.handling_state in MOVING,
        received=row.received_on is not None,
        objects=may_object(row.role, until, today),
        seeks=seeks,
    )


def with_answers(call: Call, rows: list[SimpleNamespace]) -> None:
    """Give *rows* their replies in short, and their contacts, as the caller may see them."""
    session, ids = call.session, [row.id for row in rows]
    answers, contacts = replies.replies_of(session, ids), replies.contacts_of(session, ids)
    proposals = {row.proposal_id for row in rows}
    inside = {n for n in proposals if replies.takes_part(session, call.actor, n)}
    for row in rows:
        row.replies, row.contacts = answers[row.id], contacts[row.id]
        for reply in row.replies:
            reply.reference = reply_reference(row.reference, reply.number)
        row.is_inside = row.proposal_id in inside
        if not row.is_inside:
            row.next_due_on, row.next_clock = row.public_due_on, row.public_clock
            row.replies = [reply for reply in row.replies if reply.published_on is not None]
            for contact in row.contacts:
                contact.note = contact.proposer = contact.entered_by = None


def with_delays(call: Call, rows: list[SimpleNamespace]) -> None:
    """Give *rows* why they are late and who pressed for an answer, as the caller may see it."""
    ids = [row.id for row in rows if is_insider(call.actor, row.office_id, row.above_id)]
    explained = supervision.explanations_of(call.session, ids) if ids else {}
    pressed = supervision.presses_of(call.session, ids) if ids else {}
    for row in rows:
        row.explanations, row.presses = explained.get(row.id, []), pressed.get(row.id, [])


def without_reasons(extension: Any) -> SimpleNamespace:
    """Return a request for more time as everyone sees it."""
    names = ("state", "asked_on", "until", "decided_on")
    shown = {name: getattr(extension, name) for name in names}
    return SimpleNamespace(**shown, reason=None, decision=None)


def task_shown(task: Any, explanation: list[Any]) -> SimpleNamespace:
    """Return a task as the API shows it."""
    names = ("id", "kind", "desk", "began_on", "due_on", "original_due_on", "is_provisional")
    values = {name: getattr(task, name) for name in (*names, "ended_on", "outcome")}
    awaits = bool(task.awaits_receipt)
    return SimpleNamespace(**values, awaits_receipt=awaits, explanation=explanation)


def next_step(step: Step, operation: str, axis: Axis | None = None) -> SimpleNamespace:
    """Return a step as the API shows it, with the *operation* that takes it."""
    target = step.target
    return SimpleNamespace(
        operation=operation,
        axis=axis,
        to=str(target),
        to_zh=target.zh,
        to_en=target.en,
        needs=sorted(step.needs),
    )


def assignment_as_of(call: Call, assignment: Assignment, moment: datetime) -> Answer:
    """Return an assignment as it stood at *moment*, with the names of then.

    Raises Invalid for a moment that has not come, NotFound when it was not there or was hidden.
    """
    known, session = past_moment(call, moment), call.session
    past = pasts.past_of(session, "assignment", assignment.id, known)
    holders = {"proposal": assignment.proposal_id, "recommendation": assignment.recommendation_id}
    seen = (pasts.was_seen(session, call.actor, k, n, known) for k, n in holders.items() if n)
    if past is None or not all(seen):
        raise NotFound
    [row] = found = queries.with_clocks(session, [assignment])
    with_answers(call, found)
    with_delays(call, found)
    for name, value in past.columns(Assignment).items():
        setattr(row, name, value)
    row.version, row.updated_at = past.last.record_version, past.last.at
    row.tasks = list(pasts.tasks_at(row.tasks, past, call.book.calendar))
    row.extensions = pasts.extensions_at(row.extensions, past)
    row.replies = [
        reply
        for reply in pasts.replies_at(row.replies, past)
        if row.is_inside or reply.published_on is not None
    ]
    row.contacts = [one for one in row.contacts if one.sequence <= past.last.sequence]
    row.explanations = [one for one in row.explanations if one.sequence <= past.last.sequence]
    row.presses = pasts.presses_at(row.presses, row.explanations, past)
    dressed(call, found)
    row.as_of, row.allowed_steps = moment, []
    return Answer(row, vocabulary=vocabulary_at(call, known))


def assignment_answer(call: Call, assignment: Assignment) -> Answer:
    """Return one assignment as it is now."""
    refresh(call.session)
    return Answer(shown(call, [assignment])[0], version=assignment.version)


@blueprint.route("/proposals/<id:proposal_id>/assignments")
class ProposalAssignments(MethodView):
    """Assignments of one proposal."""

    @blueprint.reads(
        "listAssignments", schemas.OfficeAssignmentListSchema, NoFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: dict[str, Any], proposal_id: int) -> Any:
        """List which offices were given a proposal, with every clock, explained day by day."""
        found_or_404(proposals.record(call.session, call.actor, proposal_id))
        rows = queries.of_proposal(call.session, call.actor, proposal_id)
        return Listed(shown(call, rows), None, None)

    @blueprint.writes(
        "dispatchProposal",
        schemas.OfficeAssignmentSchema,
        schemas.DispatchSchema,
        find=proposals.record,
        status=201,
        versioned=False,
        errors=(409, 412),
    )
    def post(self, call: Call, record: Proposal, values: dict[str, Any]) -> Answer:
        """Give an office a proposal, or one recommendation of it, to handle.

        The first dispatch fixes the edition of the rules. The office's clocks start as these
        say. The head of an office that has it dispatches on under the own assignment.
        """
        find_office = partial(records.organization, call.session)
        given = services.Dispatched(
            office=named(values, "office", find_office),
            role=values["role"],
            on=values.get("on", call.today()),
            recommendation=named(
                values,
                "recommendation",
                lambda name: recommendations.by_reference(call.session, call.actor, name),
            ),
            parent=named(
                values, "parent", lambda name: queries.by_reference(call.session, call.actor, name)
            ),
            profile=named(values, "profile", call.book.profile),
            in_recess=values["in_recess"],
            note=values.get("note"),
        )
        return assignment_answer(call, services.dispatch(call.actor, record, given, work_of(call)))


@blueprint.route("/assignments/<id:assignment_id>")
class AssignmentById(MethodView):
    """One assignment."""

    @blueprint.reads(
        "getAssignment",
        schemas.OfficeAssignmentSchema,
        MomentFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: dict[str, Any], assignment_id: int) -> Answer:
        """Show an assignment with every clock, explained day by day, and the steps allowed now.

        With `as_of` its state at that past moment is shown, worked out from the history: its
        columns, replies, requests for more time and contacts by their events, what was waited for
        by the days on which it began and ended.
        """
        found = found_or_404(queries.record(call.session, call.actor, assignment_id))
        if "as_of" in filters:
            return assignment_as_of(call, found, filters["as_of"])
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
            suggested_office=named(
                values, "suggested_office", partial(records.organization, call.session)
            ),
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
        asked = extensions.Asked(
            until=values["extended_to"],
            reason=values["reason"],
            on=values.get("on", call.today()),
        )
        extensions.ask_extension(call.actor, record, asked, work_of(call))
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


@blueprint.route("/assignments/<id:assignment_id>/pauses")
class AssignmentPauses(MethodView):
    """Days on which a clock stood still."""

    @blueprint.writes(
        "pauseAssignment",
        schemas.OfficeAssignmentSchema,
        schemas.ClockPauseSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: dict[str, Any]) -> Answer:
        """Let the clock of a reply or a joint opinion stand still; its due date moves."""
        pauses.pause(call.actor, record, Pause(**values), work_of(call))
        return assignment_answer(call, record)
