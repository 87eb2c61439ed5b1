"""Contacts with the proposers, and what an assessment leads to, over HTTP."""

from collections.abc import Sequence

from flask.views import MethodView

from app.core.queries.keyset import by_number
from app.core.queries.rows import View
from app.core.schemas.paging import OrderedFilterSchema
from app.core.types import Row, Values
from app.handling.assignments.api.assignment_details import (
    assignment_answer,
    without_words,
    work_of,
    work_on,
)
from app.handling.assignments.queries import assignments
from app.handling.assignments.schemas.assignments import AssignmentDetailSchema, ContactPageSchema
from app.handling.replies import queries, schemas
from app.handling.replies.api.replies import former_version, proposer_named
from app.handling.replies.services import contacts, evaluations
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.models import Assignment, Contact
from app.register.proposals.queries import handling_visibility

blueprint = Blueprint("contacts", __name__)


@blueprint.route("/assignments/<id:assignment_id>/contacts")
class Contacts(MethodView):
    """Contacts of an office with the proposers."""

    @blueprint.reads("listContacts", ContactPageSchema, OrderedFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, assignment_id: int) -> Answer:
        """List the contacts of an office with the proposers, oldest first.

        With whom and what was said is for those who handle the proposal, and for the staff.
        """
        record = found_or_404(assignments.record(call.session, call.actor, assignment_id))
        inside = handling_visibility.takes_part(call.session, call.actor, record.proposal_id)

        def shown(rows: Sequence[Row]) -> list[View]:
            known = queries.with_proposers(call.session, rows)
            found = queries.shown_contacts(call.session, call.actor, known)
            return found if inside else [without_words(contact) for contact in found]

        statement = queries.contacts(call.actor, record.id)
        return listing(call, statement, filters, by_number(Contact.id, "id"), shown=shown)

    @blueprint.writes(
        "logContact",
        AssignmentDetailSchema,
        schemas.ContactInputSchema,
        find=assignments.record,
        made="/assignments/{assignment_id}/contacts",
        versioned=False,
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Note a meeting, a visit, a call or a letter; what was noted stays.

        One that `corrects` another is its further version. An office that has met no proposer is
        reminded of it; a meeting noted here ends that. Who was met is named by slug; the note is
        for those who handle the proposal.
        """
        spoken = contacts.ContactInput(
            channel=values["channel"],
            on=values.get("on", call.today()),
            note=values["note"],
            proposer=proposer_named(call, record, values),
            corrects=former_version(call, Contact, record, values),
        )
        contacts.log_contact(call.actor, record, spoken, work_of(call))
        return assignment_answer(call, record)


@blueprint.route("/assignments/<id:assignment_id>/assessment")
class AssessmentOfHandling(MethodView):
    """The assessment that dissatisfaction led to."""

    @blueprint.writes(
        "assessHandling",
        AssignmentDetailSchema,
        schemas.AssessmentInputSchema,
        find=assignments.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Note what the assessment led to: handling again, or the reply stays as it is.

        It lies on the dispatchers' desk where a proposer was dissatisfied a second time, or the
        first time where the rules assess before handling again. Handling again gives the office a
        new due day.
        """
        decision, note = values["decision"], values["note"]
        evaluations.assess(call.actor, record, decision, note, work_on(call, values))
        return assignment_answer(call, record)
