"""Recommendations over HTTP."""

from functools import partial
from typing import Any

from flask.views import MethodView

from app.accounts.queries.visibility import view_of
from app.core.rules.permissions import Permission
from app.core.schemas.messages import say
from app.core.schemas.paging import MomentFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Asked, Call
from app.http.paging import Page, listed_page, read_cursor
from app.http.problems import Invalid
from app.models import Recommendation
from app.register.recommendations.api.recommendation_changes import (
    check_own_day,
    move_recommendation,
    take_on,
)
from app.register.recommendations.api.recommendation_details import (
    recommendation_answer,
    recommendation_as_of,
)
from app.register.recommendations.api.resolving import resolved
from app.register.recommendations.queries import recommendations as queries
from app.register.recommendations.queries.expanding import expanded_rows
from app.register.recommendations.schemas import recommendations as schemas
from app.register.recommendations.schemas.recommendation_filters import RecommendationFilterSchema
from app.register.recommendations.services import recommendations as services
from app.register.searching.rules.search_words import Searched, read_words

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
        `cursor`. A tag brings its narrower tags with it.
        """
        asked = {name: value for name, value in filters.items() if name != "q"}
        values = queries.filter_values(resolved(call, asked), call.today())
        if "q" in filters:
            words = read_words(filters["q"], call.cache.fresh(call.session).same_words)
            values |= queries.search_values(call.session, words)
        if "caught_by" in filters:
            values |= caught_by(call, values["caught_by_id"])
        names, view = queries.shape_of(values), view_of(call.actor)
        values["viewer_office"] = call.actor.office_id
        order = queries.orders(view, "tag_id" in names)[filters["sort"]]
        after = read_cursor(filters, order.read)
        statement = queries.listed(view, names, filters["sort"], after is not None)
        number = None
        if filters["with_total"]:
            number = call.session.scalar(queries.counted(view, names), values)
        expand = tuple(filters.get("expand", ()))
        return listed_page(
            call,
            Page(statement, order, after, values, number),
            filters,
            partial(expanded_rows, call.session, expand) if expand else None,
        )


def caught_by(call: Call, tags: list[int]) -> Values:
    """Return the parameters of a list of what the words of a tag catch: the only one of *tags*.

    Raises Invalid for a tag without words that catch anything: one that ended.
    """
    [tag_id] = tags
    words = call.cache.fresh(call.session).words_of(tag_id)
    if not words:
        message = say("该标签已停用，没有可查找的词", "the tag ended: it has no words to find by")
        raise Invalid({"caught_by": [message]})
    asked = Searched((tuple(words),))
    return queries.search_values(call.session, asked, "caught") | {"caught_by_id": tag_id}


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
