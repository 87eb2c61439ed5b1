"""Recommendations over HTTP."""

from functools import partial
from typing import Any

from flask.views import MethodView

from app.accounts.queries.visibility import view_of
from app.core.rules.permissions import Permission
from app.core.schemas.paging import MomentFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Asked, Call
from app.http.paging import Page, listed_page, read_cursor
from app.models import Recommendation
from app.register.counting.api import as_counted
from app.register.counting.rules.figure import CountedUnit
from app.register.recommendations.api.asking import list_values
from app.register.recommendations.api.recommendation_changes import (
    check_own_day,
    move_recommendation,
    take_on,
)
from app.register.recommendations.api.recommendation_details import (
    recommendation_answer,
    recommendation_as_of,
)
from app.register.recommendations.queries import recommendations as queries
from app.register.recommendations.queries.expanding import expanded_rows
from app.register.recommendations.schemas import recommendations as schemas
from app.register.recommendations.schemas.recommendation_filters import RecommendationFilterSchema
from app.register.recommendations.services import recommendations as services

blueprint = Blueprint("recommendations", __name__)


@blueprint.route("/recommendations")
class Recommendations(MethodView):
    """All recommendations."""

    @blueprint.reads(
        "listRecommendations",
        schemas.RecommendationPageSchema,
        RecommendationFilterSchema,
    )
    def get(self, call: Call, filters: Values) -> Answer:
        """List recommendations by tag, progress, office, source, due date or words.

        Filters add up; one that stands several times takes any of its values. Pages go on with
        `cursor`. A tag brings its narrower tags with it. As of a past day, `office` is who led it
        then, and needs `part=lead`.
        """
        values = list_values(call, filters)
        names, view = queries.shape_of(values), view_of(call.actor)
        order = queries.orders(view, "tag_id" in names)[filters["sort"]]
        after = read_cursor(filters, order.read)
        among = as_counted(call, CountedUnit.RECOMMENDATIONS, filters).get("counted", [])
        if among:
            statement = queries.page_of(view, names, order, after is not None, among)
            counting = queries.counted_among(view, names, among)
        else:
            statement = queries.listed(view, names, filters["sort"], after is not None)
            counting = queries.counted(view, names)
        number = call.session.scalar(counting, values) if filters["with_total"] else None
        expand = tuple(filters.get("expand", ()))
        return listed_page(
            call,
            Page(statement, order, after, values, number),
            filters,
            partial(expanded_rows, call.session, expand) if expand else None,
        )


@blueprint.route("/recommendations/<id:recommendation_id>")
class RecommendationById(MethodView):
    """One recommendation."""

    @blueprint.reads(
        "getRecommendation",
        schemas.RecommendationDetailSchema,
        MomentFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: Values, recommendation_id: int) -> Answer:
        """Show a recommendation with its passages, reports, relations and allowed steps.

        With `as_of` its state at that past moment is shown, worked out from the history.
        """
        if "as_of" in filters:
            return recommendation_as_of(call, recommendation_id, filters["as_of"])
        return recommendation_answer(call, recommendation_id)

    @blueprint.writes(
        "editRecommendation",
        schemas.RecommendationDetailSchema,
        schemas.RecommendationEditInputSchema,
        find=queries.record,
        errors=(409,),
        method="PATCH",
    )
    def patch(self, call: Call, record: Recommendation, values: Values) -> Answer:
        """Correct a recommendation's summaries, targets or due date.

        A due date in the past needs a note that says from which older paper it is.
        """
        if values.get("due_on") != record.due_on:
            check_own_day(call, Permission.EDIT, values)
        services.edit(call.session, call.actor, record, values)
        return recommendation_answer(call, record.id)


@blueprint.route("/recommendations/<id:recommendation_id>/transitions")
class RecommendationTransitions(MethodView):
    """Steps of one recommendation."""

    @blueprint.writes(
        "moveRecommendation",
        schemas.RecommendationDetailSchema,
        schemas.RecommendationStepInputSchema,
        find=queries.record,
        asks=True,
        errors=(409,),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Any:
        """Move a recommendation one step on the axis of progress or of acceptance.

        The steps, who may take them and what each needs stand in /workflows; those that the
        caller may take now stand in the recommendation's `allowed_steps`. A step that leads
        back from an ended state is only asked for: another must approve it.
        """
        moved = move_recommendation(call, record, values)
        return moved if isinstance(moved, Asked) else recommendation_answer(call, moved.id)


@blueprint.route("/recommendations/<id:recommendation_id>/offices")
class RecommendationOffices(MethodView):
    """Offices of one recommendation."""

    @blueprint.writes(
        "takeOnRecommendation",
        schemas.RecommendationDetailSchema,
        schemas.TakeOnInputSchema,
        find=queries.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Answer:
        """Take a recommendation on, as its lead office or as a joint one.

        An office does so for itself, and its lead names joint ones; registrars and dispatchers
        name any office. A due date in the past is for whoever assigns offices and enters an older
        paper, with a note.
        """
        return recommendation_answer(call, take_on(call, record, values).id)
