"""Histories over HTTP: everything that happened to a recommendation or a proposal, as one story."""

from flask.views import MethodView

from app.audit.schemas import events as schemas
from app.core.queries.register_state import state_and_vocabulary
from app.core.schemas.paging import EventFilterSchema
from app.core.types import Values
from app.history.queries.histories import subject
from app.history.queries.told_events import HistoryReading
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import page_answer, sliced
from app.models import Recommendation
from app.register.people.queries.former_names import names
from app.register.proposals.queries import proposals
from app.register.recommendations.queries import recommendations

blueprint = Blueprint("histories", __name__)


def history_answer(
    call: Call, filters: Values, proposal_id: int, one: Recommendation | None = None
) -> Answer:
    """Return a page of the history of a proposal, or of *one* recommendation, as the caller may
    know it.
    """
    state, version = state_and_vocabulary(call.session)
    vocabulary = call.vocabulary(version)
    about = subject(call.session, call.actor, proposal_id, one)
    known = names(call.session, vocabulary)
    reading = HistoryReading(call.session, call.actor, about, known)
    page = sliced(filters, reading.entries, lambda entry: entry.sequence)
    page.items = reading.shown(page.items)
    return page_answer(page, state, vocabulary)


@blueprint.route("/recommendations/<id:recommendation_id>/history")
class RecommendationHistory(MethodView):
    """History of one recommendation."""

    @blueprint.reads(
        "getRecommendationHistory", schemas.HistoryPageSchema, EventFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: Values, recommendation_id: int) -> Answer:
        """Tell what happened to a recommendation, oldest first: who, what, when and why.

        Its own events stand in one story with those of its proposal, of the assignments that
        cover it and of what was promised about it. Drafts, checks, countersignatures and ratings
        are told to those who take part, reasons to the office, the one above it and the staff.
        """
        record = found_or_404(recommendations.record(call.session, call.actor, recommendation_id))
        return history_answer(call, filters, record.proposal_id, record)


@blueprint.route("/proposals/<id:proposal_id>/history")
class ProposalHistory(MethodView):
    """History of one proposal."""

    @blueprint.reads(
        "getProposalHistory", schemas.HistoryPageSchema, EventFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: Values, proposal_id: int) -> Answer:
        """Tell what happened to a proposal, oldest first: who, what, when and why.

        Its own events, its assignments, what was promised, and the steps of its recommendations;
        who is told what is as in the history of a recommendation.
        """
        found_or_404(proposals.record(call.session, call.actor, proposal_id))
        return history_answer(call, filters, proposal_id)
