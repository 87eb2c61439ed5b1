"""Recommendations over HTTP."""

from datetime import date
from functools import partial
from typing import Any

from flask.views import MethodView

from app.accounts.api.approvals import asked
from app.accounts.queries.visibility import view_of
from app.core.codes import Axis
from app.core.rules.permissions import Permission
from app.core.schemas.messages import say
from app.core.schemas.paging import MomentFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.paging import Page, listed_page, read_cursor
from app.http.problems import Invalid
from app.models import Recommendation
from app.register.people.queries import organizations
from app.register.recommendations.api.recommendation_details import (
    recommendation_answer,
    recommendation_as_of,
)
from app.register.recommendations.api.resolving import cited, named_record, resolved
from app.register.recommendations.queries import recommendations as queries
from app.register.recommendations.queries.expanding import expanded_rows
from app.register.recommendations.rules import AXES
from app.register.recommendations.schemas import recommendations as schemas
from app.register.recommendations.schemas.recommendation_filters import RecommendationFilterSchema
from app.register.recommendations.services import (
    recommendation_offices,
    reopening,
)
from app.register.recommendations.services import recommendations as services
from app.register.recommendations.services.due_dates import check_due_on

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
        values = queries.filter_values(resolved(call, filters), call.today())
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
        axis = Axis(values["axis"])
        target = known_state(axis, values["to"])
        grounds = services.RecommendationTransition(
            note=values.get("note"),
            reason=values.get("reason"),
            evidence=cited(call, values["evidence"], "evidence", record.proposal_id),
            on=call.today(),
            review_on=future(values.get("review_on"), call.today()),
            superseded_by=named_record(
                values,
                "superseded_by",
                lambda name: queries.by_reference(call.session, call.actor, name),
            ),
        )
        if services.is_reopening(call.session, call.actor, record, axis, target, grounds):
            return asked(
                call, reopening.ask_reopening(call.session, call.actor, record, target, grounds)
            )
        services.move(call.session, call.actor, record, axis, target, grounds=grounds)
        return recommendation_answer(call, record.id)


def check_own_day(call: Call, permission: Permission, values: Values) -> None:
    """Raise InvalidChange when a body names a past due date that its caller may not enter."""
    due_on, note = values.get("due_on"), values.get("note")
    check_due_on(call.actor, permission, due_on, call.today(), note)


def future(day: date | None, today: date) -> date | None:
    """Return *day*; raise Invalid when it is not after *today*."""
    if day is not None and day <= today:
        raise Invalid({"review_on": [say("必须晚于今天", "must be later than today")]})
    return day


def known_state(axis: Axis, code: str) -> str:
    """Return *code*; raise Invalid when it is no state of *axis*."""
    states = AXES[axis].states
    if code not in set(states):
        choices = ", ".join(states)
        raise Invalid({"to": [say(f"只能是：{choices}", f"must be one of: {choices}")]})
    return code


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
        check_own_day(call, Permission.ASSIGN, values)
        office = named_record(
            values, "office", partial(organizations.organization, call.session), call
        )
        recommendation_offices.assign(
            call.session,
            call.actor,
            record,
            office,
            values["role"],
            due_on=values.get("due_on"),
            note=values.get("note"),
        )
        return recommendation_answer(call, record.id)
