"""Promises over HTTP: who promised what until when, and whether it was kept."""

from functools import partial

from flask.views import MethodView

from app.core.rules.sizes import newest, open_and_newest, with_evidence
from app.core.schemas.paging import NoFilterSchema, NumberedFilterSchema, OrderedFilterSchema
from app.core.types import Values
from app.handling.assignments.api.assignment_details import task_shown, work_of
from app.handling.commitments import queries, schemas
from app.handling.commitments.rules import COMMITMENT
from app.handling.commitments.services import commitment_remarks as remarks
from app.handling.commitments.services import commitments as services
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.models import Commitment
from app.register.counting.api import as_counted
from app.register.counting.rules.figure import CountedUnit
from app.register.periods.api import past_values
from app.register.proposals.queries.handling_visibility import takes_part
from app.register.proposals.queries.proposers import proposer_of
from app.register.recommendations.api.resolving import cited, named_record, resolved
from app.register.recommendations.queries.lateness import lateness_values
from app.tasks.queries.holders import members
from app.tasks.rules.tasks import explained
from app.tasks.services.next_due import refresh

blueprint = Blueprint("commitments", __name__)


def commitment_answer(call: Call, commitment_id: int) -> Answer:
    """Return one promise as it is now; raise NotFound when it is absent or hidden."""
    refresh(call.session)
    found = found_or_404(queries.commitment_view(call.session, call.actor, commitment_id))
    calendar, tasks = call.book.calendar, open_and_newest(found.tasks)
    shown = found.having(
        allowed_steps=COMMITMENT.next_steps(call.actor, found.state, found.office_id),
        tasks_total=len(found.tasks),
        tasks=[task_shown(task, explained(task, calendar)) for task in tasks],
        remarks_total=len(found.remarks),
        remarks=newest(found.remarks, with_evidence),
        milestones_total=len(found.milestones),
        milestones=newest(found.milestones, with_evidence),
    )
    return Answer(shown, version=found.version)


@blueprint.route("/commitments")
class Commitments(MethodView):
    """All promises."""

    @blueprint.reads(
        "listCommitments", schemas.CommitmentPageSchema, schemas.CommitmentFilterSchema
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """List promises by state, office, proposal, lateness, or the day they were promised for.

        Those of replies that are not published are for those who handle them.
        """
        then = past_values(call, filters, queries.UNTOLD)
        values = lateness_values(resolved(call, filters | then), call.today())
        values |= as_counted(call, CountedUnit.COMMITMENTS, filters)
        statement = queries.listed(call.actor, values)
        return listing(call, statement, filters, queries.ORDERS, values)


@blueprint.route("/commitments/<id:commitment_id>")
class CommitmentById(MethodView):
    """One promise."""

    @blueprint.reads(
        "getCommitment",
        schemas.CommitmentDetailSchema,
        NoFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: Values, commitment_id: int) -> Answer:
        """Show a promise with its milestones, what was said of it, and the steps allowed now.

        The register itself notes that it was missed, in its first pass of reminders after the
        day.
        """
        return commitment_answer(call, commitment_id)


@blueprint.route("/commitments/<id:commitment_id>/transitions")
class CommitmentTransitions(MethodView):
    """Steps of one promise."""

    @blueprint.writes(
        "moveCommitment",
        schemas.CommitmentDetailSchema,
        schemas.CommitmentStepInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Commitment, values: Values) -> Answer:
        """Keep a promise, name another day once it was missed, withdraw it, or open it again.

        That a promise was missed nobody enters: the register notes it.
        """
        grounds = services.CommitmentTransition(
            on=values.get("on", call.today()),
            reason=values.get("reason"),
            evidence=cited(call, values["evidence"], "evidence", record.proposal_id),
            promised_on=values.get("promised_on"),
        )
        services.move(call.actor, record, values["to"], grounds, work_of(call))
        return commitment_answer(call, record.id)


@blueprint.route("/commitments/<id:commitment_id>/remarks")
class CommitmentRemarks(MethodView):
    """What is said of one promise."""

    @blueprint.reads("listRemarks", schemas.RemarkPageSchema, OrderedFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, commitment_id: int) -> Answer:
        """List what was said of a promise, oldest first.

        Explanations of the office, ratings of proposers and what supervisors found, each
        with its day; none is changed or taken away. Ratings are for those who handle the
        proposal, and for the staff.
        """
        record = found_or_404(queries.record(call.session, call.actor, commitment_id))
        session, actor = call.session, call.actor
        inside = takes_part(session, actor, record.proposal_id)
        return listing(
            call,
            queries.remarks(actor, record.id, inside),
            filters,
            queries.REMARK_ORDERS,
            shown=lambda rows: queries.shown_remarks(session, actor, rows, inside),
        )

    @blueprint.writes(
        "remarkCommitment",
        schemas.CommitmentDetailSchema,
        schemas.RemarkInputSchema,
        find=queries.record,
        made="/commitments/{commitment_id}/remarks",
        errors=(409,),
    )
    def post(self, call: Call, record: Commitment, values: Values) -> Answer:
        """Explain or confirm as the office, rate for a proposer, look back as a supervisor.

        Who may say what follows from `kind`. A remark changes no state: whether a promise
        was kept is a step of its own.
        """
        family = members(call.session, record.proposal_id)
        said = remarks.RemarkInput(
            kind=values["kind"],
            on=values.get("on", call.today()),
            text=values["text"],
            proposer=named_record(values, "proposer", partial(proposer_of, call.session, family)),
            rating=values.get("rating"),
            evidence=cited(call, values["evidence"], "evidence", record.proposal_id),
        )
        remarks.say(call.actor, record, said, work_of(call))
        return commitment_answer(call, record.id)


@blueprint.route("/commitments/<id:commitment_id>/milestones")
class CommitmentMilestones(MethodView):
    """Steps on the way to what was promised."""

    @blueprint.reads(
        "listMilestones", schemas.MilestonePageSchema, NumberedFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: Values, commitment_id: int) -> Answer:
        """List the steps on the way to what was promised, in their order.

        Each with its day, where it has one, and with what showed that it was reached.
        """
        record = found_or_404(queries.record(call.session, call.actor, commitment_id))
        return listing(
            call,
            queries.milestones(call.actor, record.id),
            filters,
            queries.MILESTONE_ORDERS,
            shown=lambda rows: queries.shown_milestones(call.session, call.actor, rows),
        )

    @blueprint.writes(
        "addMilestone",
        schemas.CommitmentDetailSchema,
        schemas.MilestoneInputSchema,
        find=queries.record,
        made="/commitments/{commitment_id}/milestones",
        errors=(409,),
    )
    def post(self, call: Call, record: Commitment, values: Values) -> Answer:
        """Add a step on the way, perhaps with its day.

        A milestone lies on the office's desk until it is reached, with or without a day.
        Milestones are added as long as the promise runs, and never taken away.
        """
        due_on = values.get("due_on")
        remarks.add_milestone(call.actor, record, values["text"], due_on, work_of(call))
        return commitment_answer(call, record.id)


@blueprint.route("/commitments/<id:commitment_id>/milestones/<id:number>/completion")
class MilestoneCompletion(MethodView):
    """That a milestone was reached."""

    @blueprint.writes(
        "reachMilestone",
        schemas.CommitmentDetailSchema,
        schemas.MilestoneReachedInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Commitment, values: Values) -> Answer:
        """Note that a milestone was reached, with what shows it.

        Files are named by reference and must belong to the same proposal. It is done once;
        the promise itself is kept by a step of its own.
        """
        on, number = values.get("on", call.today()), call.path["number"]
        reached = found_or_404(queries.milestone(call.session, record, number))
        evidence = cited(call, values["evidence"], "evidence", record.proposal_id)
        work = work_of(call)
        remarks.reach_milestone(call.actor, record, reached, on, evidence, work)
        return commitment_answer(call, record.id)
