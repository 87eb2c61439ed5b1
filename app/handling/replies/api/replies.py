"""Replies, joint opinions, contacts and evaluations over HTTP."""

from functools import partial
from typing import Any

from flask.views import MethodView

from app.accounts.queries.withheld import marked
from app.core.base import columns_of
from app.core.codes import WithheldKind
from app.core.queries.rows import View
from app.core.rules.state_groups import reply_reference
from app.core.schemas.paging import NoFilterSchema
from app.core.types import Model, Values
from app.handling.assignments.api.assignment_details import (
    assignment_answer,
    work_of,
    work_on,
)
from app.handling.assignments.queries import assignments
from app.handling.assignments.schemas.assignments import AssignmentDetailSchema
from app.handling.assignments.services.permissions import office_above
from app.handling.replies import queries, schemas
from app.handling.replies.rules import workflow_of
from app.handling.replies.services import (
    countersigning,
    evaluations,
    reply_labels,
    reply_transitions,
)
from app.handling.replies.services import reply_drafts as services
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.problems import Invalid, unknown
from app.models import Assignment, Evaluation, Reply
from app.register.files.queries import evidence
from app.register.proposals.queries import handling_visibility, proposers
from app.register.recommendations.api.resolving import cited, named_record
from app.register.recommendations.queries import recommendations
from app.tasks.queries.holders import members

blueprint = Blueprint("replies", __name__)


def reply_answer(call: Call, assignment: Assignment, reply: Reply) -> Answer:
    """Return one version of a reply as the caller sees it now."""
    session = call.session
    inside = handling_visibility.takes_part(session, call.actor, assignment.proposal_id)
    above = office_above(session, assignment)
    points = queries.points_of(session, call.actor, reply)
    signed = [View.of(row) for row in queries.countersignatures_of(session, reply)]
    shown = View.of_record(
        reply,
        columns_of(Reply),
        reference=reply_reference(assignment.reference, reply.number),
        points=points if inside else [point.having(check_reason=None) for point in points],
        countersignatures=signed if inside else [row.having(note=None) for row in signed],
        evaluations=queries.evaluations_of(session, call.actor, reply) if inside else None,
        allowed_steps=workflow_of(assignment.role).next_steps(
            call.actor, reply.state, assignment.office_id, above
        ),
        version=assignment.version,
    )
    attachments = evidence.seen_pieces(session, call.actor, reply.attachments)
    remark = reply.remark if inside else None
    shown = shown.having(attachments=attachments, remark=remark)
    [shown] = marked(session, call.actor, WithheldKind.REPLY, [shown])
    return Answer(shown, version=assignment.version)


def version_of(call: Call, assignment: Assignment, number: int) -> Reply:
    """Return version *number* of the reply of *assignment*; raise NotFound."""
    found: Reply = found_or_404(queries.of_number(call.session, call.actor, assignment, number))
    return found


def points_in(call: Call, values: Values) -> list[services.PointInput]:
    """Return the points of a body."""
    found = []
    for place, given in placed(call, values, "points"):
        promise = given.get("promise", {})
        found.append(
            services.PointInput(
                place=place,
                recommendation=given["recommendation"],
                text=given["text"],
                outcome=given.get("outcome"),
                label=given.get("label"),
                acceptance=given.get("acceptance"),
                promise=promise.get("text"),
                promised_on=promise.get("on"),
                strength=promise.get("strength"),
            )
        )
    return found


def placed(call: Call, values: Values, field: str) -> list[tuple[str, Values]]:
    """Return the objects in the list *field*, each with where it stands and what it names.

    Raises Invalid for recommendations that are not to be seen.
    """
    found, missing = [], {}
    for number, given in enumerate(values[field]):
        place, name = f"{field}.{number}", given["recommendation"]
        record = recommendations.by_reference(call.session, call.actor, name)
        if record is None:
            missing[f"{place}.recommendation"] = [unknown(name)]
        found.append((place, {**given, "recommendation": record}))
    if missing:
        raise Invalid(missing)
    return found


@blueprint.route("/assignments/<id:assignment_id>/replies")
class Replies(MethodView):
    """Versions of the reply of one assignment."""

    @blueprint.writes(
        "draftReply",
        schemas.ReplySchema,
        schemas.ReplyInputSchema,
        find=assignments.record,
        made="/assignments/{assignment_id}/replies/{record.number}",
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Write the next version of a reply, or of a joint opinion; every version stays.

        It is not public. Joint offices are asked to countersign it, dispatchers to check it.
        """
        points = points_in(call, values)
        attachments = cited(call, values["attachments"], "attachments", record.proposal_id)
        work = work_on(call, values)
        made = services.draft(call.actor, record, values["text"], points, work, attachments)
        return reply_answer(call, record, made)


@blueprint.route("/assignments/<id:assignment_id>/replies/<id:number>")
class ReplyByNumber(MethodView):
    """One version of a reply."""

    @blueprint.reads(
        "getReply",
        schemas.ReplySchema,
        NoFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: Values, assignment_id: int, number: int) -> Answer:
        """Show a version point by point; to the public when it is published.

        Drafts and what lies before publication are for those who handle the proposal. The
        text of a version that went out never changes; another version follows it.
        """
        record = found_or_404(assignments.record(call.session, call.actor, assignment_id))
        return reply_answer(call, record, version_of(call, record, number))


@blueprint.route("/assignments/<id:assignment_id>/replies/<id:number>/transitions")
class ReplyTransitions(MethodView):
    """Steps of one version."""

    @blueprint.writes(
        "moveReply",
        schemas.ReplySchema,
        schemas.ReplyStepInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Check, return, send, publish or withhold a version.

        Sending it ends the office's clock and moves the acceptance of what it answers, never
        the progress. A joint opinion needs no check.
        """
        reply = version_of(call, record, call.path["number"])
        labels = [
            reply_labels.Relabelled(
                place=place,
                recommendation=given["recommendation"],
                reason=given["reason"],
                outcome=given.get("outcome"),
                label=given.get("label"),
            )
            for place, given in placed(call, values, "labels")
        ]
        grounds = reply_labels.ReplyTransition(
            on=values.get("on", call.today()),
            reason=values.get("reason"),
            document_no=values.get("document_no"),
            signed_by=values.get("signed_by"),
            labels=labels,
            paper=values.get("paper"),
        )
        reply_transitions.move(call.actor, record, reply, values["to"], grounds, work_of(call))
        return reply_answer(call, record, reply)


@blueprint.route("/assignments/<id:assignment_id>/replies/<id:number>/evaluations")
class ReplyEvaluations(MethodView):
    """How proposers rate one version."""

    @blueprint.writes(
        "rateReply",
        schemas.ReplySchema,
        schemas.EvaluationInputSchema,
        find=queries.record,
        made="/assignments/{assignment_id}/replies/{number}",
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Enter the form of a proposer; no office that handles the proposal can.

        Dissatisfaction with the result starts handling again, or an assessment. A form that
        `corrects` another is its further version, at any time; what the other led to stays.
        """
        reply = version_of(call, record, call.path["number"])
        form = evaluations.RatingInput(
            proposer=proposer_named(call, record, values),
            attitude=values["attitude"],
            result=values["result"],
            on=values.get("on", call.today()),
            paper=values["paper"],
            comment=values.get("comment"),
            corrects=former_version(call, Evaluation, record, values),
        )
        evaluations.rate(call.actor, record, reply, form, work_of(call))
        return reply_answer(call, record, reply)


def former_version(call: Call, model: Model, record: Assignment, values: Values) -> Any:
    """Return the contact or rating that a body corrects, or None where it corrects none."""
    number = values.get("corrects")
    if number is None:
        return None
    found = queries.version_to_mend(call.session, call.actor, model, record.id, number)
    if found is None:
        raise Invalid({"corrects": [unknown(str(number))]})
    return found


def proposer_named(call: Call, record: Assignment, values: Values) -> Any:
    """Return the proposer that a body names."""
    family = members(call.session, record.proposal_id)
    find = partial(proposers.proposer_of, call.session, family)
    return named_record(values, "proposer", find)


@blueprint.route("/assignments/<id:assignment_id>/countersignatures")
class Countersignatures(MethodView):
    """What a joint office says of replies that it has a part in."""

    @blueprint.writes(
        "countersignReply",
        AssignmentDetailSchema,
        schemas.CountersignatureInputSchema,
        find=assignments.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Agree, or not, to a version of the reply, under the joint office's own assignment.

        It is said once of a version, and not agreeing needs a reason in `note`; a new
        version asks anew.
        """
        find = partial(queries.named_reply, call.session, call.actor)
        reply, agrees, note = (
            named_record(values, "reply", find),
            values["agrees"],
            values.get("note"),
        )
        work = work_on(call, values)
        countersigning.countersign(call.actor, record, reply, agrees, note, work)
        return assignment_answer(call, record)
