"""Dispatch, assignments and worklists over HTTP."""

from collections.abc import Sequence
from functools import partial

from flask.views import MethodView

from app.core.queries.rows import View
from app.core.schemas.paging import MomentFilterSchema, NumberedFilterSchema
from app.core.types import Row, Values
from app.deadlines.rules.deadlines import Pause
from app.handling.assignments.api.assignment_details import (
    assignment_answer,
    assignment_as_of,
    assignment_views,
    work_of,
    work_on,
)
from app.handling.assignments.queries import assignments as queries
from app.handling.assignments.schemas import assignments as schemas
from app.handling.assignments.schemas import steps
from app.handling.assignments.services import assignment_transitions, extensions, pauses
from app.handling.assignments.services import dispatch as services
from app.handling.assignments.services.step_days import dated
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.models import Assignment, Proposal
from app.register.people.queries import organizations
from app.register.proposals.queries import proposals
from app.register.recommendations.api.resolving import named_record
from app.register.recommendations.queries import recommendations

blueprint = Blueprint("handling", __name__)


@blueprint.route("/proposals/<id:proposal_id>/assignments")
class ProposalAssignments(MethodView):
    """Assignments of one proposal."""

    @blueprint.reads(
        "listAssignments",
        schemas.AssignmentDetailPageSchema,
        NumberedFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: Values, proposal_id: int) -> Answer:
        """List which offices were given a proposal, with every clock, explained day by day.

        Also those that were given back or withdrawn, oldest first. What has not been
        published of their replies is for those who handle them.
        """
        found_or_404(proposals.record(call.session, call.actor, proposal_id))

        def shown(rows: Sequence[Row]) -> list[View]:
            return assignment_views(call, queries.several(call.session, [row.id for row in rows]))

        statement = queries.of_proposal(call.actor, proposal_id)
        return listing(call, statement, filters, queries.ORDERS, shown=shown)

    @blueprint.writes(
        "dispatchProposal",
        schemas.AssignmentDetailSchema,
        steps.DispatchInputSchema,
        find=proposals.record,
        made="/assignments/{record.id}",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, record: Proposal, values: Values) -> Answer:
        """Give an office a proposal, or one recommendation of it, to handle.

        The first dispatch fixes the edition of the rules. The office's clocks start as these
        say. The head of an office that has it dispatches on under its own assignment.
        """
        return assignment_answer(call, dispatch_proposal(call, record, values))


def dispatch_proposal(call: Call, record: Proposal, values: Values) -> Assignment:
    """Dispatch a proposal as a body says, and return the assignment."""
    find_office = partial(organizations.organization, call.session)
    given = services.DispatchInput(
        office=named_record(values, "office", find_office, call),
        role=values["role"],
        on=values.get("on", call.today()),
        recommendation=named_record(
            values,
            "recommendation",
            lambda name: recommendations.by_reference(call.session, call.actor, name),
        ),
        parent=named_record(
            values, "parent", lambda name: queries.by_reference(call.session, call.actor, name)
        ),
        profile=named_record(values, "profile", call.book.profile),
        in_recess=values["in_recess"],
        note=values.get("note"),
        paper=values.get("paper"),
    )
    return services.dispatch(call.actor, record, given, work_of(call))


@blueprint.route("/assignments/<id:assignment_id>")
class AssignmentById(MethodView):
    """One assignment."""

    @blueprint.reads(
        "getAssignment",
        schemas.AssignmentDetailSchema,
        MomentFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: Values, assignment_id: int) -> Answer:
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
        schemas.AssignmentDetailSchema,
        steps.AssignmentStepInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Receive an assignment, begin, object; or decide on the objection, or withdraw it.

        What is possible now stands in `allowed_steps`. With the receipt the clock is counted
        from that day, where the rules say so; an objection stops nothing until it is decided.
        Withdrawing hands its recommendations to whoever has them by the other assignments.
        """
        return assignment_answer(call, move_assignment(call, record, values))


def move_assignment(call: Call, record: Assignment, values: Values) -> Assignment:
    """Take the step of an assignment that a body asks for, and return the assignment."""
    grounds = assignment_transitions.AssignmentTransition(
        on=values.get("on", call.today()),
        reason=values.get("reason"),
        suggested_office=named_record(
            values, "suggested_office", partial(organizations.organization, call.session), call
        ),
        note=values.get("note"),
        paper=values.get("paper"),
    )
    assignment_transitions.move(call.actor, record, values["to"], grounds, work_of(call))
    return record


@blueprint.route("/assignments/<id:assignment_id>/extensions")
class AssignmentExtensions(MethodView):
    """Requests for more time."""

    @blueprint.writes(
        "askExtension",
        schemas.AssignmentDetailSchema,
        steps.ExtensionInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Ask for more time; where the rules ask for no consent it is noted at once.

        The wanted day must lie within what the rules allow. Where they ask for consent, or
        the due day has passed, the present day stands until the decision.
        """
        asked = extensions.ExtensionInput(
            until=values["extended_to"],
            reason=values["reason"],
            on=values.get("on", call.today()),
            paper=values.get("paper"),
        )
        extensions.ask_extension(call.actor, record, asked, work_of(call))
        return assignment_answer(call, record)


@blueprint.route("/assignments/<id:assignment_id>/extensions/decision")
class ExtensionDecision(MethodView):
    """The decision on the request that waits."""

    @blueprint.writes(
        "decideExtension",
        schemas.AssignmentDetailSchema,
        steps.ExtensionDecisionInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Grant or refuse the request for more time that waits; the first due date stays.

        Granting moves the due day to the one that was asked for. The history keeps both
        days and the reason.
        """
        decision, note = steps.DECISIONS[values["decision"]], values.get("note")
        extensions.decide_extension(call.actor, record, decision, work_on(call, values), note)
        return assignment_answer(call, record)


@blueprint.route("/assignments/<id:assignment_id>/pauses")
class AssignmentPauses(MethodView):
    """Days on which a clock stood still."""

    @blueprint.writes(
        "pauseAssignment",
        schemas.AssignmentDetailSchema,
        steps.ClockPauseInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Let the clock of a reply or a joint opinion stand still; its due date moves.

        Both days are included; the first must lie after the day the clock began and not after
        the due day. Where pauses overlap, a day counts once. The reason stands in the history.
        """
        given = Pause(values["first"], values["last"], values["reason"])
        on = min(given.first, call.today())
        pauses.pause(call.actor, record, given, dated(work_of(call), on, values.get("paper")))
        return assignment_answer(call, record)
