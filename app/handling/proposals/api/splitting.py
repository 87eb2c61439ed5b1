"""What a case asks, mended over HTTP: added, split, joined, taken back, related to others."""

from functools import partial

from flask.views import MethodView

from app.core.types import Values
from app.handling.assignments.api.assignment_details import work_of
from app.handling.proposals.api.draft_bodies import recommendations_of
from app.handling.proposals.api.proposals import proposal_answer
from app.handling.proposals.schemas import splitting as schemas
from app.handling.proposals.schemas.proposals import ProposalDetailSchema
from app.handling.proposals.services import relations, splitting
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.problems import Invalid, unknown
from app.models import Proposal, Recommendation
from app.register.proposals.queries import proposals
from app.register.recommendations.api.recommendation_details import recommendation_answer
from app.register.recommendations.api.resolving import named_record
from app.register.recommendations.queries import recommendations
from app.register.recommendations.schemas.recommendations import RecommendationDetailSchema

blueprint = Blueprint("splitting", __name__)


@blueprint.route("/proposals/<id:proposal_id>/recommendations")
class AddedRecommendations(MethodView):
    """Further recommendations of one proposal."""

    @blueprint.writes(
        "addRecommendations",
        ProposalDetailSchema,
        schemas.AddedRecommendationsInputSchema,
        find=proposals.record,
        made="/proposals/{proposal_id}",
        errors=(409,),
    )
    def post(self, call: Call, record: Proposal, values: Values) -> Answer:
        """Add recommendations to a case, or put them in the place of others: split or joined.

        Each names its words within the proposal. They are handled as the case is; those whose
        place they take are taken back and stay where they were, with their history.
        """
        wrong: dict[str, list[str]] = {}
        asked = recommendations_of(call, values["recommendations"], wrong)
        replaces = replaced(call, values["replaces"], wrong)
        if wrong:
            raise Invalid(wrong)
        split = splitting.Split(asked, replaces, values["reason"])
        splitting.add_to(call.actor, record, split, work_of(call))
        return proposal_answer(call, record.id)


def replaced(
    call: Call, references: list[str], wrong: dict[str, list[str]]
) -> list[Recommendation]:
    """Return the recommendations of *references*, each once; unknown ones are noted in *wrong*."""
    found = {}
    for number, reference in enumerate(references):
        known = recommendations.by_reference(call.session, call.actor, reference)
        if known is None:
            wrong[f"replaces.{number}"] = [unknown(reference)]
        else:
            found[known.id] = known
    return list(found.values())


@blueprint.route("/recommendations/<id:recommendation_id>/withdrawal")
class RecommendationWithdrawal(MethodView):
    """Taking one recommendation back."""

    @blueprint.writes(
        "withdrawRecommendation",
        RecommendationDetailSchema,
        schemas.WithdrawalInputSchema,
        find=recommendations.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Answer:
        """Take a recommendation back that was no request, or join it to another that stands.

        It keeps its number, its words and its history; nobody answers it any more. What an
        office was given or promised about it alone is ended first.
        """
        find = partial(recommendations.by_reference, call.session, call.actor)
        into = named_record(values, "into", find)
        splitting.withdraw(call.actor, record, values["reason"], work_of(call), into)
        return recommendation_answer(call, record.id)


@blueprint.route("/recommendations/<id:recommendation_id>/restoration")
class RecommendationRestoration(MethodView):
    """Letting one recommendation stand again."""

    @blueprint.writes(
        "restoreRecommendation",
        RecommendationDetailSchema,
        schemas.RestorationInputSchema,
        find=recommendations.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Answer:
        """Let a recommendation stand again that was taken back by itself.

        What it was joined to, or what took its place, carries it on no more; whoever handles
        the case has it again.
        """
        splitting.restore(call.actor, record, values["reason"], work_of(call))
        return recommendation_answer(call, record.id)


@blueprint.route("/recommendations/<id:recommendation_id>/relations")
class RecommendationRelations(MethodView):
    """How one recommendation relates to others."""

    @blueprint.writes(
        "relateRecommendation",
        RecommendationDetailSchema,
        schemas.RelationInputSchema,
        find=recommendations.record,
        errors=(409,),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Answer:
        """Say that a recommendation repeats, continues, joins or supersedes another, or not.

        Both may be of any document. A relation is told on the pages of both and in the history
        of the one that is named first.
        """
        find = partial(recommendations.by_reference, call.session, call.actor)
        relation = relations.Relation(
            kind=values["kind"],
            other=named_record(values, "other", find),
            stands=values["stands"],
            reason=values["reason"],
        )
        relations.relate(call.actor, record, relation, call.session)
        return recommendation_answer(call, record.id)
