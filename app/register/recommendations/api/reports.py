"""Progress reports and looks back over HTTP."""

from typing import Any

from flask.views import MethodView

from app.core.queries.filters import among
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.models import Recommendation
from app.register.recommendations.api.recommendation_changes import add_report
from app.register.recommendations.api.recommendation_details import recommendation_answer
from app.register.recommendations.api.resolving import cited, resolved
from app.register.recommendations.queries import recommendation_details
from app.register.recommendations.queries import recommendations as queries
from app.register.recommendations.schemas import recommendations as schemas
from app.register.recommendations.schemas import reports as written
from app.register.recommendations.services import follow_up_reviews

blueprint = Blueprint("reports", __name__)


@blueprint.route("/recommendations/<id:recommendation_id>/reports")
class RecommendationReports(MethodView):
    """Progress reports of one recommendation."""

    @blueprint.reads(
        "listReports",
        written.ReportPageSchema,
        written.ReportFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: Values, recommendation_id: int) -> Answer:
        """List the progress reports of a recommendation, oldest first.

        Each report stands with its evidence and the office it came from; none is ever changed. What
        mends one is a further report; one that is withheld is absent to everyone but the office
        that wrote it, and the staff. A page holds 200 reports at most.
        """
        found_or_404(queries.visible_id(call.session, call.actor, recommendation_id))
        values = resolved(call, filters)
        statement = recommendation_details.reports(call.actor, recommendation_id)
        if "office_id" in values:
            by_office = among(recommendation_details.M.office_id)
            statement = statement.where(by_office(values["office_id"]))
        return listing(
            call,
            statement,
            filters,
            recommendation_details.REPORT_ORDERS,
            shown=lambda rows: recommendation_details.shown_reports(call.session, call.actor, rows),
        )

    @blueprint.writes(
        "addReport",
        written.ReportSchema,
        written.ReportInputSchema,
        find=queries.record,
        made="/recommendations/{recommendation_id}/reports",
        versioned=False,
        errors=(409,),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Any:
        """Report on the progress of a recommendation, with a percentage and evidence.

        A report changes no state: that is a step. One that `corrects` another of the same office
        is its further version, at any time; the other stays, and its percentage counts no more.
        """
        added = add_report(call, record, values)
        return recommendation_details.report(call.session, call.actor, record.id, added.id)


@blueprint.route("/recommendations/<id:recommendation_id>/look-backs")
class RecommendationLookBacks(MethodView):
    """Looks back at one recommendation."""

    @blueprint.writes(
        "lookBackAtRecommendation",
        schemas.RecommendationDetailSchema,
        written.LookBackInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Answer:
        """Note that what was verified was looked back at and still stands.

        It is among the recommendation's reports. What does not stand any more is reopened by a
        step instead.
        """
        follow_up_reviews.look_back(
            call.session,
            call.actor,
            record,
            text=values["text"],
            evidence=cited(call, values["evidence"], "evidence", record.proposal_id),
        )
        return recommendation_answer(call, record.id)
