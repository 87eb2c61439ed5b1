"""The forms on which proposers rated replies, over HTTP."""

from collections.abc import Sequence

from flask.views import MethodView

from app.core.codes import WithheldKind
from app.core.queries.rows import View
from app.core.rules.state_groups import reply_reference
from app.core.types import Row, Values
from app.handling.evaluations import queries, schemas
from app.handling.replies.queries import mended, with_proposers
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.paging import listing
from app.models import Evaluation
from app.register.counting.api import as_counted
from app.register.counting.rules.figure import CountedUnit
from app.register.recommendations.api.resolving import resolved

blueprint = Blueprint("evaluations", __name__)


@blueprint.route("/evaluations")
class Evaluations(MethodView):
    """All forms."""

    @blueprint.reads(
        "findEvaluations", schemas.EvaluationPageSchema, schemas.EvaluationFilterSchema
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """List the forms on which proposers rated replies, by office, session or figure.

        The staff see all, an office those of its own replies.
        """
        values = resolved(call, filters) | as_counted(call, CountedUnit.EVALUATIONS, filters)

        def shown(rows: Sequence[Row]) -> list[View]:
            named = [
                one.having(reply=reply_reference(row.assignment_reference, row.reply_number))
                for one, row in zip(with_proposers(call.session, rows), rows, strict=True)
            ]
            return mended(call.session, call.actor, WithheldKind.EVALUATION, Evaluation, named)

        statement = queries.listed(call.actor, values)
        return listing(call, statement, filters, queries.ORDERS, shown=shown)
