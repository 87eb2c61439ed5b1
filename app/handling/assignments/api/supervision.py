"""Pressing offices for an answer, and their saying why they are late, over HTTP."""

from flask.views import MethodView

from app.core.types import Values
from app.handling.assignments.api.assignment_details import assignment_answer, work_of
from app.handling.assignments.queries import assignments as queries
from app.handling.assignments.schemas import supervision as schemas
from app.handling.assignments.schemas.assignments import AssignmentDetailSchema
from app.handling.assignments.services import supervision as services
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.models import Assignment

blueprint = Blueprint("supervision", __name__)


@blueprint.route("/assignments/<id:assignment_id>/explanations")
class AssignmentExplanations(MethodView):
    """Why an office is late."""

    @blueprint.writes(
        "explainDelay",
        AssignmentDetailSchema,
        schemas.DelayExplanationInputSchema,
        find=queries.record,
        made="/assignments/{assignment_id}",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Say why the office is late and by when it will be done; this answers whoever pressed.

        It stands with the assignment for the office, the one above it and the staff, and changes
        no due day: that takes an extension.
        """
        given = services.DelayExplanationInput(
            text=values["text"], done_by=values["done_by"], on=values.get("on", call.today())
        )
        services.explain_delay(call.actor, record, given, work_of(call))
        return assignment_answer(call, record)


@blueprint.route("/assignments/<id:assignment_id>/presses")
class AssignmentPresses(MethodView):
    """What an office was pressed for."""

    @blueprint.writes(
        "pressAssignment",
        AssignmentDetailSchema,
        schemas.PressInputSchema,
        find=queries.record,
        made="/assignments/{assignment_id}",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Answer:
        """Press the office for an answer by a day; it lies on its desk until it explains.

        Who pressed, when and for which day stays with the assignment. An explanation of the
        office answers it: `answered_in` says which.
        """
        given = services.PressInput(
            text=values["text"], answer_by=values["answer_by"], on=values.get("on", call.today())
        )
        services.press(call.actor, record, given, work_of(call))
        return assignment_answer(call, record)
