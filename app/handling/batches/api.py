"""Batches over HTTP: what one request does, in up to a hundred rows.

Each row does what the view of the single operation does; only its answer is shorter.
"""

from flask.views import MethodView

from app.core.types import Values
from app.handling.assignments.api.dispatch import dispatch_proposal, move_assignment
from app.handling.assignments.queries import assignments
from app.handling.assignments.schemas.steps import (
    AssignmentStepInputSchema,
    DispatchInputSchema,
)
from app.handling.proposals.api.proposals import enter_draft, move_proposal
from app.handling.proposals.schemas.drafts import DraftInputSchema
from app.handling.proposals.schemas.proposals import ProposalStepInputSchema
from app.http.batches.operations import carries_out
from app.http.batches.rows import Batch, RowTarget, named
from app.http.blueprints import Blueprint
from app.http.call import Asked, Call
from app.models import Assignment, Proposal, Recommendation
from app.register.proposals.queries import proposals
from app.register.recommendations.api.recommendation_changes import (
    add_report,
    move_recommendation,
    take_on,
)
from app.register.recommendations.queries import recommendations
from app.register.recommendations.schemas.recommendations import (
    RecommendationStepInputSchema,
    TakeOnInputSchema,
)
from app.register.recommendations.schemas.reports import ReportInputSchema
from app.register.recommendations.schemas.tagging import TagChangeInputSchema
from app.register.tags.api.tagging import tag_recommendation

blueprint = Blueprint("batches", __name__)

OF_PROPOSALS = RowTarget(named(proposals.record, proposals.by_reference), Proposal, "proposal")
OF_ASSIGNMENTS = RowTarget(
    named(assignments.record, assignments.by_reference), Assignment, "assignment"
)
OF_RECOMMENDATIONS = RowTarget(
    named(recommendations.record, recommendations.by_reference), Recommendation, "recommendation"
)
"""How the rows of a batch name their records."""


@blueprint.route("/proposals/batch")
class ProposalBatch(MethodView):
    """Many drafts."""

    @carries_out(
        blueprint,
        Batch(single="draftProposal", body=DraftInputSchema, status=201, parts="recommendations"),
    )
    def post(self, call: Call, values: Values) -> Proposal:
        """Enter up to 100 proposals as drafts: see `draftProposal`.

        Each row is answered with the number and the reference of its proposal. All rows have 1,000
        recommendations at most.
        """
        return enter_draft(call, values)


@blueprint.route("/proposals/transitions/batch")
class ProposalTransitionBatch(MethodView):
    """Steps of many proposals."""

    @carries_out(
        blueprint, Batch(single="moveProposal", body=ProposalStepInputSchema, of=OF_PROPOSALS)
    )
    def post(self, call: Call, record: Proposal, values: Values) -> Proposal:
        """Take up to 100 steps of proposals: see `moveProposal`.

        Several rows on one proposal are taken in order: submitted, under_review, filed.
        """
        return move_proposal(call, record, values)


@blueprint.route("/proposals/assignments/batch")
class DispatchBatch(MethodView):
    """Dispatch of many proposals."""

    @carries_out(
        blueprint,
        Batch(
            single="dispatchProposal",
            body=DispatchInputSchema,
            versioned=False,
            status=201,
            of=OF_PROPOSALS,
        ),
    )
    def post(self, call: Call, record: Proposal, values: Values) -> Assignment:
        """Give offices up to 100 proposals, or single recommendations: see `dispatchProposal`.

        Each row is answered with the number and the reference of its assignment.
        """
        return dispatch_proposal(call, record, values)


@blueprint.route("/assignments/transitions/batch")
class AssignmentTransitionBatch(MethodView):
    """Steps of many assignments."""

    @carries_out(
        blueprint, Batch(single="moveAssignment", body=AssignmentStepInputSchema, of=OF_ASSIGNMENTS)
    )
    def post(self, call: Call, record: Assignment, values: Values) -> Assignment:
        """Receive up to 100 assignments, or take other steps of them: see `moveAssignment`.

        An office receives in one request all that it was given.
        """
        return move_assignment(call, record, values)


@blueprint.route("/recommendations/reports/batch")
class ReportBatch(MethodView):
    """Reports on many recommendations."""

    @carries_out(
        blueprint,
        Batch(
            single="addReport",
            body=ReportInputSchema,
            versioned=False,
            status=201,
            of=OF_RECOMMENDATIONS,
        ),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Recommendation:
        """Report on the progress of up to 100 recommendations: see `addReport`.

        Each row is answered with the number and the version of its recommendation.
        """
        add_report(call, record, values)
        return record


@blueprint.route("/recommendations/transitions/batch")
class RecommendationTransitionBatch(MethodView):
    """Steps of many recommendations."""

    @carries_out(
        blueprint,
        Batch(
            single="moveRecommendation", body=RecommendationStepInputSchema, of=OF_RECOMMENDATIONS
        ),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Recommendation | Asked:
        """Take up to 100 steps of recommendations: see `moveRecommendation`.

        A row that another must approve is answered with 202 and the number of the request.
        """
        return move_recommendation(call, record, values)


@blueprint.route("/recommendations/offices/batch")
class TakeOnBatch(MethodView):
    """Offices of many recommendations."""

    @carries_out(
        blueprint,
        Batch(single="takeOnRecommendation", body=TakeOnInputSchema, of=OF_RECOMMENDATIONS),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Recommendation:
        """Take up to 100 recommendations on: see `takeOnRecommendation`.

        Each row names its office and its part.
        """
        return take_on(call, record, values)


@blueprint.route("/recommendations/tags/batch")
class TagBatch(MethodView):
    """Tags of many recommendations."""

    @carries_out(
        blueprint,
        Batch(single="tagRecommendation", body=TagChangeInputSchema, of=OF_RECOMMENDATIONS),
    )
    def post(self, call: Call, record: Recommendation, values: Values) -> Recommendation:
        """Tag up to 100 recommendations, each with tags of its own: see `tagRecommendation`.

        For the same tags on all of them there is `tagRecommendations`.
        """
        return tag_recommendation(call, record, values)
