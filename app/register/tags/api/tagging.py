"""Tagging recommendations over HTTP: one, or many at once."""

from typing import Any

from flask.views import MethodView

from app.core.errors import ChangedMeanwhile, NotFound
from app.core.schemas.messages import say
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.problems import Invalid
from app.models import Recommendation
from app.register.recommendations.api.recommendation_details import recommendation_answer
from app.register.recommendations.queries import recommendations as queries
from app.register.recommendations.schemas import tagging as schemas
from app.register.recommendations.schemas.recommendations import RecommendationDetailSchema
from app.register.tags.services import tags

blueprint = Blueprint("tagging", __name__)


@blueprint.route("/recommendations/<id:recommendation_id>/tags")
class RecommendationTags(MethodView):
    """Tags of one recommendation."""

    @blueprint.writes(
        "tagRecommendation",
        RecommendationDetailSchema,
        schemas.TagChangeInputSchema,
        find=queries.record,
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Answer:
        """Add tags to a recommendation and take tags away.

        Tags that were there already, or were not, change nothing. One can be taken off by the
        office that added it, by an office that has the recommendation, or by a registrar.
        The history tells which were added and taken away, and why.
        """
        return recommendation_answer(call, tag_recommendation(call, record, values).id)


def tag_recommendation(call: Call, record: Recommendation, values: Values) -> Recommendation:
    """Tag a recommendation as a body says, and return it."""
    tags.tag(
        call.session,
        call.actor,
        [record],
        add=values["add"],
        remove=values["remove"],
        note=values.get("note"),
    )
    return record


@blueprint.route("/recommendations/tags")
class RecommendationsTags(MethodView):
    """Tags of many recommendations."""

    @blueprint.writes(
        "tagRecommendations",
        schemas.BulkTagResultSchema,
        schemas.BulkTagInputSchema,
        versioned=False,
        errors=(404, 409),
    )
    def post(self, call: Call, values: Values) -> Any:
        """Tag many recommendations at once: all of them, or none.

        Each is named with the version that was seen; one that has changed since refuses all.
        """
        seen = {target["id"]: target["version"] for target in values["recommendations"]}
        found = queries.records(call.session, call.actor, list(seen))
        check_targets(values["recommendations"], {record.id: record.version for record in found})
        changed = tags.tag(
            call.session,
            call.actor,
            found,
            add=values["add"],
            remove=values["remove"],
            note=values.get("note"),
        )
        return BulkTagged(
            queries.several(call.session, call.actor, list(seen)), [r.reference for r in changed]
        )


def check_targets(targets: list[dict[str, int]], versions: dict[int, int]) -> None:
    """Raise when a recommendation is named twice, absent or hidden, or has changed since.

    Each error names the places of those it is about.
    """
    ids = [target["id"] for target in targets]
    double = [n for n, number in enumerate(ids) if ids.index(number) != n]
    if double:
        message = say("同一条建议写了两次", "stands twice")
        raise Invalid({"recommendations": {n: {"id": [message]} for n in double}})
    absent = [n for n, number in enumerate(ids) if number not in versions]
    if absent:
        answer = ("没有找到", "not found")
        raise NotFound(fields={f"recommendations.{n}.id": answer for n in absent})
    stale = [n for n, target in enumerate(targets) if versions[target["id"]] != target["version"]]
    if stale:
        fields = {}
        for n in stale:
            current = versions[ids[n]]
            answer = (f"现在是第 {current} 版", f"is now version {current}")
            fields[f"recommendations.{n}.version"] = answer
        raise ChangedMeanwhile(fields=fields)


class BulkTagged:
    """What bulk tagging answers."""

    def __init__(self, items: list[Any], changed: list[str]) -> None:
        self.items = items
        self.changed = changed
