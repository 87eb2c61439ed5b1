"""Assignments over all proposals, over HTTP."""

from collections.abc import Sequence

from flask.views import MethodView

from app.core.queries.rows import View
from app.core.types import Row, Values
from app.handling.assignments.queries import assignment_list as queries
from app.handling.assignments.schemas import assignment_list as schemas
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.paging import listing
from app.register.counting.api import as_counted
from app.register.counting.rules.figure import CountedUnit
from app.register.periods.api import past_values
from app.register.recommendations.api.resolving import resolved
from app.register.recommendations.queries.lateness import lateness_values

blueprint = Blueprint("assignments", __name__)


@blueprint.route("/assignments")
class Assignments(MethodView):
    """All assignments."""

    @blueprint.reads(
        "findAssignments", schemas.AssignmentPageSchema, schemas.AssignmentFilterSchema
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """List what offices were given, open and ended, by office, state, due day or case number.

        The staff see those of every office, an office its own.
        """
        then = past_values(call, filters, queries.UNTOLD)
        values = lateness_values(resolved(call, filters | then), call.today())
        values |= as_counted(call, CountedUnit.ASSIGNMENTS, filters)
        values["viewer_office"] = call.actor.office_id
        statement, orders = queries.listed(call.actor, values), queries.orders(call.actor)
        return listing(call, statement, filters, orders, values, shown=with_abouts)


def with_abouts(rows: Sequence[Row]) -> list[View]:
    """Return assignments with what they are about: a recommendation, or None for all of them."""
    return [View.of(row, recommendation=about(row)) for row in rows]


def about(row: Row) -> View | None:
    """Return the recommendation that the assignment *row* is about in short, or None."""
    if row.recommendation_id is None:
        return None
    names = ("id", "reference", "summary_zh", "progress")
    return View(**{name: getattr(row, f"recommendation_{name}") for name in names})
